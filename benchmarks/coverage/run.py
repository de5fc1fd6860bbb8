"""How much of public tables that the graph was not built from does the graph hold, and does it agree with them?

    python benchmarks/coverage/run.py REFERENCE [--graph DIR] [--output FILE]

REFERENCE is a folder with the public files. Held out (no importer reads them): the 2017 edition of DrugCentral and
PharmacotherapyDB (``drugcentral_2017/``: targets with actions, drugs with pharmacologic classes, indications graded by
physicians) and the tables of approved CAR-T cells and bispecific antibodies (``oncology/``). Later editions of
DrugCentral are a source of the graph, so its target table tests the importers more than the choice of facts; the
other three were never seen.

Compared are the drugs that both know, by DrugBank identifier (by name for the antibodies and cells). A target counts
as held if the graph states an action on the protein or on a complex or family that it belongs to. An indication counts
as *exact* if the graph treats or prevents the same MONDO condition, *near* if it treats one directly broader or
narrower, *otherwise stated* if it says something else of the pair (studied, ineffective, contraindicated). The last
table counts the approved modulators of which each source alone says anything, beside all sources together.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from immunograph.identifiers import compress, expand
from immunograph.knowledge import KnowledgeGraph, open_graph

SIGNS = {"inhibits": -1, "degrades": -1, "depletes": -1, "activates": 1, "replaces": 1}
CLASSES = {
    "Corticosteroid Hormone Receptor Agonists": "corticosteroid",
    "Calcineurin Inhibitor Immunosuppressant": "calcineurin inhibitor",
    "Proteasome Inhibitors": "proteasome inhibitor",
    "Leukotriene Receptor Antagonists": "leukotriene inhibitor",
    "Thalidomide Analog": "immunomodulatory imide drug",
    "Tumor Necrosis Factor Receptor Blocking Activity": "TNF inhibitor",
    "Phosphodiesterase 4 Inhibitors": "PDE4 inhibitor",
    "Sphingosine 1-Phosphate Receptor Modulators": "S1P receptor modulator",
    "Dihydroorotate Dehydrogenase Inhibitors": "DHODH inhibitor",
    "mTOR Inhibitor Immunosuppressant": "mTOR inhibitor",
    "Janus Kinase Inhibitors": "JAK inhibitor",
    "Integrin Receptor Antagonists": "integrin inhibitor",
    "Interferon alpha": "type I interferon therapy",
    "Interferon-gamma": "type II interferon therapy",
}
"""Held-out class name → label of the class of the ontology that means the same."""

KINDS = ("TargetAction", "Indication", "AdverseReaction", "ImmuneEffect", "Monitoring")


def rows(path: Path, delimiter: str = "\t") -> Iterator[dict[str, str]]:
    """The rows of a table, packed or not."""
    opened = gzip.open if path.read_bytes()[:2] == b"\x1f\x8b" else open
    with opened(path, "rt", encoding="utf-8-sig", newline="") as lines:
        yield from csv.DictReader(lines, delimiter=delimiter)


def pairs(kg: KnowledgeGraph, pattern: str) -> list[tuple[str, ...]]:
    """The rows of a SELECT over everything that the pattern binds, as CURIEs and text."""
    return [tuple(str(value) for value in row.values()) for row in kg.sparql(pattern)]


def grouped(found: list[tuple[str, ...]]) -> defaultdict[str, set[str]]:
    """First column → the values of the second."""
    result: defaultdict[str, set[str]] = defaultdict(set)
    for first, second, *_ in found:
        result[first].add(second)
    return result


def drugs(kg: KnowledgeGraph) -> dict[str, str]:
    """DrugBank identifier → modulator."""
    found = pairs(kg, "SELECT ?m ?x { ?m a ig:Modulator ; skos:exactMatch ?x }")
    return {x.split(":")[-1].split("/")[-1]: m for m, x in found if "drugbank" in x.lower()}


def targets(kg: KnowledgeGraph, reference: Path, known: Mapping[str, str]) -> list[str]:
    """Recall of drug-target pairs and agreement of sign."""
    accession = "UniProt ID(supplied by UniProt)"
    proteins = {
        row["NCBI Gene ID(supplied by NCBI)"]: f"UniProtKB:{row[accession].split(',')[0].strip()}"
        for row in rows(reference / "ontologies/hgnc_entries.tsv.gz")
        if row[accession]
    }
    actions: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for m, p, t in pairs(
        kg,
        "SELECT ?m ?p ?t { ?a a ig:TargetAction ; ig:subject ?m ; ig:predicate ?p ; ig:object ?t "
        "FILTER NOT EXISTS { ?a ig:negated true } }",
    ):
        actions[m, curie(t)].add(p.removeprefix("ig:"))
    wholes = grouped([(curie(a), curie(b)) for a, b in pairs(kg, "SELECT ?p ?w { ?p ig:subunitOf|ig:memberOf ?w }")])
    count: Counter[str] = Counter()
    for row in rows(reference / "drugcentral_2017/targets.tsv.gz"):
        if row["drugbank_id"] not in known or row["GeneID"] not in proteins:
            continue
        protein = proteins[row["GeneID"]]
        stated = set().union(*(actions[known[row["drugbank_id"]], t] for t in {protein} | wholes[protein]))
        count["pairs"] += 1
        count["held"] += bool(stated)
        theirs, ours = sign_of(row["actions"]), {SIGNS[p] for p in stated if p in SIGNS}
        if theirs and ours:
            count["both signed"] += 1
            count["same sign"] += theirs in ours
    return [
        f"| drug and target pairs | {count['pairs']} | {count['held']} held ({share(count['held'], count['pairs'])}) |",
        f"| of these, signed in both | {count['both signed']} | {count['same sign']} with the same sign "
        f"({share(count['same sign'], count['both signed'])}) |",
    ]


def sign_of(action: str) -> int:
    """-1, 1, or 0 where the table gives no sign."""
    text = action.lower()
    if any(word in text for word in ("inhibit", "antagon", "block")):
        return -1
    return int("agonist" in text or "activat" in text)


def curie(value: str) -> str:
    """A CURIE whichever way the value is written."""
    return compress(expand(value) or value) if "://" not in value else compress(value)


def classes(kg: KnowledgeGraph, reference: Path, known: Mapping[str, str]) -> list[str]:
    """Recall of drug-class pairs, for the classes that both have."""
    ours = grouped(pairs(kg, "SELECT ?m ?l { ?c a ig:ModulatorClass ; rdfs:label ?l . ?m a ?c }"))
    count: Counter[str] = Counter()
    lost = []
    for row in rows(reference / "drugcentral_2017/drug-to-class.tsv.gz"):
        label = CLASSES.get(row["class_name"])
        if label and row["drugbank_id"] in known:
            count["pairs"] += 1
            count["held"] += label in ours[known[row["drugbank_id"]]]
            if label not in ours[known[row["drugbank_id"]]]:
                lost.append(f"{row['drugbank_name']} as {label}")
    missing = f"; not: {', '.join(sorted(lost))}" if lost else ""
    return [
        f"| drug and class pairs | {count['pairs']} | {count['held']} inferred "
        f"({share(count['held'], count['pairs'])}){missing} |"
    ]


def indications(kg: KnowledgeGraph, reference: Path, known: Mapping[str, str]) -> list[str]:
    """Recall of indications by grade."""
    mondo = {
        f"DOID:{xref['id']}": f"MONDO:{term['id']}"
        for term in json.loads(gzip.decompress((reference / "ontologies/mondo.json.gz").read_bytes()))
        for xref in term.get("xrefs") or ()
        if xref["namespace"] == "DOID"
    }
    stated: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    by_drug: defaultdict[str, set[str]] = defaultdict(set)
    for m, p, c in pairs(kg, "SELECT ?m ?p ?c { ?a a ig:Indication ; ig:subject ?m ; ig:predicate ?p ; ig:object ?c }"):
        stated[m, curie(c)].add(p.removeprefix("ig:"))
        if p in {"ig:treats", "ig:prevents"}:
            by_drug[m].add(curie(c))
    near = grouped([(curie(a), curie(b)) for a, b in pairs(kg, "SELECT ?a ?b { ?a a ig:Condition ; ig:broader ?b }")])
    grades = {"DM": "modifies the disease", "SYM": "symptomatic", "": "not graded", "NOT": "not an indication"}
    count: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in rows(reference / "drugcentral_2017/indications.tsv"):
        drug, condition = known.get(row["drugbank_id"]), mondo.get(row["doid_id"])
        if not drug or not condition:
            continue
        said = stated[drug, condition]
        if said & {"treats", "prevents"}:
            kind = "exact"
        elif any(other in near[condition] or condition in near[other] for other in by_drug[drug]):
            kind = "near"
        else:
            kind = "otherwise stated" if said else "not held"
        count[grades.get(row["category"], row["category"])][kind] += 1
    return [
        f"| indications, {grade} | {sum(found.values())} | "
        + ", ".join(f"{found[k]} {k}" for k in ("exact", "near", "otherwise stated", "not held") if found[k])
        + " |"
        for grade, found in sorted(count.items())
    ]


def antibodies(kg: KnowledgeGraph, reference: Path) -> list[str]:
    """Approved CAR-T cells and T cell engagers: are they there, with the antigen of the table as a target?"""
    held = grouped(
        pairs(
            kg,
            "SELECT ?l ?s { ?a a ig:TargetAction ; ig:subject/rdfs:label ?l ; ig:object ?t . "
            "{ ?t rdfs:label|skos:altLabel ?s } UNION "
            "{ ?p ig:subunitOf|ig:memberOf ?t . ?p rdfs:label|skos:altLabel ?s } }",
        )
    )
    by_name = {label.lower(): {symbol.lower() for symbol in symbols} for label, symbols in held.items()}
    result = []
    for name, table, column in (
        ("CAR-T cells", "CAR-T-approved.csv", "Tumor_Target_Symbol"),
        ("bispecific T cell engagers", "bispecific-antibodies-approved.csv", "Tumor_Target_Symbols"),
    ):
        symbols_of = (column, "Tumor_Target_Alias")
        listed = [
            (row["Drug_Name"].strip().lower(), {row[name].lower() for name in symbols_of if row.get(name)})
            for row in rows(reference / "oncology" / table, ",")
            if "Tcell_Target_Symols" not in row or row["Tcell_Target_Symols"].startswith("CD3")
        ]
        there = [drug for drug, _ in listed if drug in by_name]
        same = [drug for drug, symbols in listed if symbols & by_name.get(drug, set())]
        result.append(f"| approved {name} | {len(listed)} | {len(there)} held, {len(same)} with the same antigen |")
    return result


def alone(kg: KnowledgeGraph) -> list[str]:
    """Approved modulators of which each source alone says anything, by kind of statement."""
    approved = {m for (m,) in pairs(kg, "SELECT DISTINCT ?m { ?a a ig:Approval ; ig:subject ?m }")}
    said: defaultdict[str, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for kind in KINDS:
        query = f"SELECT DISTINCT ?m ?s {{ ?a a ig:{kind} ; ig:subject ?m ; ig:hasEvidence/ig:source ?s }}"
        for m, source in pairs(kg, query):
            if m in approved:
                said[source.removeprefix("igs:")][kind].add(m)
                said["all together"][kind].add(m)
    lines = [f"| source | {' | '.join(KINDS)} |", f"|---|{'---:|' * len(KINDS)}"]
    for source in sorted(said, key=lambda name: (name == "all together", name)):
        lines.append(f"| {source} | {' | '.join(str(len(said[source][kind])) for kind in KINDS)} |")
    return [f"Approved modulators ({len(approved)}) with at least one statement of the kind:", "", *lines]


def share(part: int, whole: int) -> str:
    """A percentage without decimals."""
    return f"{100 * part / whole:.0f} %" if whole else "none"


def main() -> None:
    """Read the arguments, compare and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("reference", type=Path)
    parser.add_argument("--graph", type=Path)
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    with open_graph(options.graph) if options.graph else open_graph() as kg:
        known = drugs(kg)
        lines = ["| held out | rows of drugs known to both | in the graph |", "|---|---:|---|"]
        lines += targets(kg, options.reference, known)
        lines += classes(kg, options.reference, known)
        lines += indications(kg, options.reference, known)
        lines += antibodies(kg, options.reference)
        lines += ["", *alone(kg)]
    text = "\n".join(lines) + "\n"
    if options.output:
        options.output.write_text(text, encoding="utf-8")
    print(text, end="")


if __name__ == "__main__":
    main()
