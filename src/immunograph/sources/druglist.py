"""The Every Cure drug list → modulators in scope, with checked cross-references, and their approvals."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from immunograph.errors import Place
from immunograph.identifiers import expand, prefix_map
from immunograph.model import Association, Evidence, Iri, Node, Pair, Record, Source, plain
from immunograph.names import name_key
from immunograph.registry import Registry
from immunograph.sources.crosscheck import (
    NameTables,
    Verdict,
    is_systematic,
    read_chebi_links,
    read_chebi_names,
    read_mesh_names,
    read_vocabulary,
)
from immunograph.sources.importer import Importer, ImportReport, table_rows
from immunograph.sources.matches import exact_and_close, is_formed
from immunograph.sources.scope import Scope, read_scope, slug
from immunograph.sources.slices import expect_files
from immunograph.vocabulary import IG, IGD

SLUG = "everycure"
VERSION = "2025-08"
COLUMNS = (
    "curie",
    "curie_label",
    "source_ingredients",
    "approved_usa",
    "marketing_status_usa",
    "approved_europe",
    "approved_japan",
    "is_combination_therapy",
    "alternate_ids",
    "atc_codes",
    "smiles",
)
FILES = MappingProxyType(
    {
        "drug_list": "the drug list, CSV",
        "drugbank_vocabulary": "names, CAS, UNII and InChIKey of DrugBank identifiers, CSV with semicolons",
        "chebi": "the ChEBI ontology as JSON, for its labels",
        "chebi_to_chembl": "ChEBI and ChEMBL identifiers of one substance, TSV",
        "chebi_to_pubchem": "ChEBI and PubChem identifiers of one substance, TSV",
        "mesh_labels": "MeSH descriptors with labels and synonyms, TSV without header",
        "mesh_mappings": "MeSH supplementary records with names, TSV without header",
    }
)
"""The list, then the tables that its cross-references are checked against."""

PREFIXES = (
    "CHEBI",
    "CHEMBL.COMPOUND",
    "DRUGBANK",
    "UNII",
    "CAS",
    "MESH",
    "DrugCentral",
    "GTOPDB",
    "RXCUI",
    "INCHIKEY",
    "PUBCHEM.COMPOUND",
    "KEGG.COMPOUND",
    "HMDB",
)
"""Databases whose identifiers are kept; UMLS, SNOMED CT and MedDRA never are."""

STRUCTURAL = frozenset({"INCHIKEY", "PUBCHEM.COMPOUND", "KEGG.COMPOUND", "HMDB"})
"""Databases of small molecules: on the row of a protein or a cell product, theirs belong to something else."""

UNCHECKED_IF_CLEAN = STRUCTURAL | {"RXCUI"}
"""Databases no table can check: believed only on rows where no other identifier was found wrong."""

SMALL = frozenset({"SmallMolecule", "TherapeuticPeptide", "Oligonucleotide"})

REGULATORS: Mapping[str, tuple[str, str, tuple[str, ...]]] = MappingProxyType(
    {
        "approved_usa": ("fda", "United States Food and Drug Administration", ("FDA",)),
        "approved_europe": ("ema", "European Medicines Agency", ("EMA",)),
        "approved_japan": ("pmda", "Pharmaceuticals and Medical Devices Agency", ("PMDA",)),
    }
)
"""Column of the list → slug, label and synonyms of the regulator."""

_IDENTIFIER = re.compile(r"'([A-Za-z.]+:[^']+)'")
_ATC = re.compile(r"\b[A-Z]\d\d[A-Z]{2}\d\d\b")
_SUFFIXED = re.compile(r"-[a-z]{4}$")


@dataclass(frozen=True, slots=True)
class Drug:
    """A row of the list that is in scope."""

    at: Place
    row: Mapping[str, str]
    label: str
    modality: str
    atc_codes: tuple[str, ...]
    identifiers: tuple[str, ...]

    @property
    def iri(self) -> str:
        """Its frozen IRI."""
        return IGD + slug(self.label)

    @property
    def curie(self) -> str:
        """Its identifier in the list."""
        return self.row["curie"]


def read(files: Sequence[Path], registry: Registry, report: ImportReport) -> Iterator[Record]:
    """Read the drugs in scope as modulators and approvals.

    Args:
        files: as ``FILES`` lists them.
        registry: not asked: this source describes modulators first.
        report: counts rows, and cross-references left out by reason.

    Yields:
        Regulators, then each modulator with its approvals and their evidence, in list order.

    Raises:
        LoadError: a file is missing or broken.
    """
    del registry
    paths = expect_files(files, FILES)
    tables = _read_tables(paths, report)
    yield from (_regulator(column) for column in REGULATORS)
    taken: dict[str, str] = {}
    for drug in _drugs(paths[0], read_scope(), report):
        if taken.setdefault(drug.iri, drug.curie) != drug.curie:
            report.skip(drug.at, "name taken by another row", f"{drug.curie} {drug.label}, first {taken[drug.iri]}")
            continue
        yield _modulator(drug, tables, report)
        yield from _approvals(drug)


def _read_tables(paths: Sequence[Path], report: ImportReport) -> NameTables:
    tables = NameTables()
    read_vocabulary(paths[1], tables, report)
    read_chebi_names(paths[2], tables)
    read_chebi_links(paths[3], "CHEMBL", "CHEMBL.COMPOUND", tables, report)
    read_chebi_links(paths[4], "PUBCHEM", "PUBCHEM.COMPOUND", tables, report)
    read_mesh_names(paths[5], (0, 1, 2), tables, report)
    read_mesh_names(paths[6], (1, 2, None), tables, report)
    return tables


def _drugs(path: Path, scope: Scope, report: ImportReport) -> Iterator[Drug]:
    for at, row in table_rows(path, COLUMNS, report):
        codes = tuple(sorted(set(_ATC.findall(row["atc_codes"]))))
        if not scope.holds(row["curie"], codes):
            report.skip(at, "left out by the scope tables" if row["curie"] in scope.rows else "not in scope")
            continue
        if row["is_combination_therapy"] == "TRUE" and row["curie"] not in scope.rows:
            report.skip(at, "combination product", row["curie_label"])
            continue
        label = scope.label_of(row["curie"], row["curie_label"])
        if not label or not row["curie"].partition(":")[2]:
            report.skip(at, "lacks an identifier or a name", row["curie"], is_malformed=True)
            continue
        modality = scope.modality_of(row["curie"], label, bool(row["smiles"]))
        if modality is None:
            report.skip(at, "modality not known", label)
            continue
        identifiers = dict.fromkeys((row["curie"], *_IDENTIFIER.findall(row["alternate_ids"])))
        yield Drug(at, row, label, modality, codes, tuple(identifiers))


def _modulator(drug: Drug, tables: NameTables, report: ImportReport) -> Node:
    names = [drug.label, drug.row["curie_label"]]
    others = [name for known in names for name in tables.synonyms.get(name_key(known), ())]
    accepted = frozenset(name_key(name) for name in (*names, *others))
    believed, forms = _checked(drug, accepted, tables, report)
    exact, close = exact_and_close(map(expand, believed))
    extra: list[Pair] = [(IG + "atcCode", plain(code)) for code in drug.atc_codes]
    return Node(
        iri=drug.iri,
        types=("Modulator", drug.modality, "TherapeuticModulator"),
        label=drug.label,
        sources=(_source_iri(),),
        synonyms=_synonyms(drug, others),
        exact=exact,
        close=(*close, *filter(is_formed, map(expand, forms))),
        extra=tuple(extra),
    )


def _checked(
    drug: Drug, accepted: frozenset[str], tables: NameTables, report: ImportReport
) -> tuple[list[str], list[str]]:
    """Sort the cross-references of a row into those of the drug and those of its salts, esters and earlier records.

    What a table gives another name is left out. What no table knows counts as the drug's where nothing else of its
    prefix does, and, for databases that are never checked, only on a row without a wrong identifier.
    """
    by_verdict: dict[Verdict, dict[str, list[str]]] = {verdict: defaultdict(list) for verdict in Verdict}
    for curie in drug.identifiers:
        prefix = curie.partition(":")[0]
        if prefix in PREFIXES:
            by_verdict[tables.verdict(curie, accepted, is_small=drug.modality in SMALL)][prefix].append(curie)
    wrong = by_verdict[Verdict.OTHER]
    for curie in (curie for found in wrong.values() for curie in found):
        report.skip(drug.at, "cross-reference of another substance", f"{drug.label}: {curie}")
    exact = {prefix: list(found) for prefix, found in by_verdict[Verdict.SAME].items()}
    close = [curie for found in by_verdict[Verdict.FORM].values() for curie in found]
    for prefix, found in by_verdict[Verdict.UNKNOWN].items():
        if prefix not in exact and _is_believed(drug, prefix, found, is_clean=not wrong):
            exact[prefix] = found[:1]
            found = found[1:]
        if prefix == "CHEMBL.COMPOUND" and not wrong:
            close += found  # ChEMBL keeps salts and superseded records as molecules of their own
            continue
        for curie in found:
            report.skip(drug.at, "cross-reference that cannot be checked", f"{drug.label}: {curie}")
    return [curie for found in exact.values() for curie in found], close


def _is_believed(drug: Drug, prefix: str, found: Sequence[str], *, is_clean: bool) -> bool:
    """Whether the first identifier of a kind that no table knows is the drug's own."""
    if prefix in STRUCTURAL and drug.modality not in SMALL:
        return False
    if prefix in UNCHECKED_IF_CLEAN:
        return is_clean
    return found[0] == drug.curie or len(found) == 1


def _synonyms(drug: Drug, others: Sequence[str]) -> tuple[str, ...]:
    """Other names: the list's own label, those of the vocabulary, and names with a biosimilar suffix.

    Systematic chemical names are left out.
    """
    ingredients = (name.strip() for name in drug.row["source_ingredients"].split("|"))
    suffixed = [
        name for name in ingredients if _SUFFIXED.search(name) and name[:-5].lower() == drug.label and name.islower()
    ]
    listed = [drug.row["curie_label"]] if name_key(drug.row["curie_label"]) != name_key(drug.label) else []
    found: dict[str, str] = {}
    for name in (*listed, *suffixed, *others):
        if not is_systematic(name) and name_key(name) != name_key(drug.label):
            found.setdefault(name_key(name), name)
    return tuple(found.values())


def _approvals(drug: Drug) -> Iterator[Record]:
    """One approval for each regulator whose column says 1; what left the market has no status.

    The list says whether a product is marketed, not whether a regulator withdrew it.
    """
    evidence = Evidence(SLUG, f"{VERSION}|{drug.curie}", "0000322", title=f"Drug list row {drug.curie}")
    found = [column for column in REGULATORS if drug.row[column] == "1"]
    if found:
        yield evidence
    for column in found:
        is_gone = column == "approved_usa" and drug.row["marketing_status_usa"] == "DISCONTINUED"
        yield Association(
            source=SLUG,
            subject=drug.iri,
            predicate="approvedBy",
            object=IGD + REGULATORS[column][0],
            evidence=(evidence.iri,),
            qualifiers=() if is_gone else (("status", Iri(IG + "Approved")),),
        )


def _regulator(column: str) -> Node:
    local, label, synonyms = REGULATORS[column]
    return Node(IGD + local, ("Regulator",), label, (_source_iri(),), synonyms)


def _source_iri() -> str:
    return prefix_map()["igs"] + SLUG


IMPORTER = Importer(
    source=Source(
        slug=SLUG,
        title="Every Cure drug list",
        licence="https://creativecommons.org/publicdomain/zero/1.0/",
        publisher="Every Cure",
        address="https://github.com/everycure-org/matrix-drug-list",
        version=VERSION,
        issued="2025-08",
        command="immunograph import everycure drug_list_stringent.csv.gz ... --out data/everycure",
        comment="Drugs in the scope of ontology/scope; cross-references checked by name against other public tables.",
    ),
    summary="approved drugs in scope, with cross-references and approvals",
    files=FILES,
    read=read,
)
