"""Our own exports → the blocks of Turtle that they were made from, term by term.

What an export derives is left out: inferred edges, classes that the ontology describes, associations as nodes, names of
terms. ``docs/exports.md`` says what a form cannot hold.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb

from immunograph.errors import LoadError, Place
from immunograph.identifiers import as_iri, expand
from immunograph.model import Block, Iri, Literal, Pair, Term, decimal, true, year
from immunograph.vocabulary import IG, NODE_KINDS, RDF_TYPE, RDFS_LABEL, XSD

_ROWS = 10_000
_KINDS = frozenset(f"ig:{kind}" for kind in NODE_KINDS)
_RECORDS = frozenset({"ig:Evidence", "ig:Affinity", "dcat:Dataset"})
_EXACT: Mapping[str, Callable[[str], Literal]] = {
    XSD + "decimal": decimal,
    XSD + "gYear": lambda text: year(int(text)),
}
"""Datatypes whose values a number forgot how to write."""


def read_neo4j_csv(folder: Path) -> Iterator[Block]:
    """Read what ``export neo4j-csv`` wrote.

    Yields:
        Nodes, evidence, affinities, sources and associations, each whole.

    Raises:
        LoadError: the folder is no such export, or a file of it is missing or broken.
    """
    manifest = _manifest(folder, "neo4j-csv")
    between = chr(int(manifest["columns"]["array_delimiter"].removeprefix("U+"), 16))
    for name, marks in (("nodes", ()), ("evidence", ("ig:Evidence",)), ("affinities", ("ig:Affinity",))):
        schema = manifest["schema"][name]
        for row in _csv_rows(folder / f"{name}.csv"):
            labels = row[":LABEL"].split(between)[2:]
            types = marks or tuple(one if ":" in one else f"ig:{one}" for one in labels)
            if name != "nodes" or _KINDS & set(types):
                label = row.get("name") if name == "nodes" else None
                yield _record(row["id"], types, label, _typed(row, schema, between))
    for row in _csv_rows(folder / "sources.csv"):
        yield _record(row["id"], ("dcat:Dataset",), None, _typed(row, manifest["schema"]["sources"], between))
    for row in _csv_rows(folder / "statements.csv"):
        if row["inferred"] != "true":
            evidence = (row["evidence"] or "").split(between) if row["evidence"] else []
            parts = row["kind"], row[":START_ID"], f"ig:{row['predicate']}", row[":END_ID"]
            qualifiers = _typed(row, manifest["schema"]["edges"], between)
            yield _association(row["id"], parts, row["negated"] == "true", evidence, qualifiers)


def read_kgx(folder: Path) -> Iterator[Block]:
    """Read what ``export kgx`` or ``export kgx-jsonl`` wrote.

    Yields:
        As ``read_neo4j_csv``.

    Raises:
        LoadError: the folder is no such export, or a file of it is missing or broken.
    """
    read = _jsonl_rows if (folder / "nodes.jsonl").is_file() else _tsv_rows
    ending = "jsonl" if read is _jsonl_rows else "tsv"
    _manifest(folder, "kgx-jsonl" if ending == "jsonl" else "kgx")
    for row in read(folder / f"nodes.{ending}"):
        types = tuple(row.get("type", ()))
        if (_KINDS | _RECORDS) & set(types):
            label = None if _RECORDS & set(types) else row.get("name")
            yield _record(row["id"], types, label, _kgx_node_pairs(row))
    for row in read(folder / f"edges.{ending}"):
        if row["knowledge_level"] != "logical_entailment":
            parts = row["type"][0].removeprefix("ig:"), row["subject"], row["original_predicate"], row["object"]
            qualifiers = [_turtle_pair(text) for text in row.get("qualifiers", ())]
            is_negated = row.get("negated") in {True, "true"}
            yield _association(row["id"], parts, is_negated, row.get("has_evidence", ()), qualifiers)


READERS: Mapping[str, tuple[str, Callable[[Path], Iterator[Block]]]] = {
    "kgx": ("The folder of an export in KGX, TSV or JSONL.", read_kgx),
    "neo4j-csv": ("The folder of an export for neo4j-admin database import.", read_neo4j_csv),
}
"""Name on the command line → what it takes, and its reader."""


def _manifest(folder: Path, form: str) -> dict[str, Any]:
    path = folder / "manifest.json"
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise LoadError(f"cannot be read ({error}); give the folder of an export", Place(path)) from error
    if not isinstance(content, dict) or content.get("format") != form:
        raise LoadError(f"is no manifest of an export in {form}; name the right form", Place(path))
    return content


def _record(curie: str, types: tuple[str, ...], label: str | None, pairs: list[Pair]) -> Block:
    found: list[Pair] = [(RDF_TYPE, Iri(_iri(kind))) for kind in types]
    if label is not None and label != curie:
        found.append((RDFS_LABEL, Literal(label, language="en")))
    return Block(_iri(curie), (*found, *pairs))


def _association(
    curie: str, parts: tuple[str, str, str, str], is_negated: bool, evidence: Any, qualifiers: list[Pair]
) -> Block:
    kind, subject, predicate, object_ = parts
    pairs: list[Pair] = [(RDF_TYPE, Iri(IG + "Association")), (RDF_TYPE, Iri(IG + kind))]
    ends = (("subject", subject), ("predicate", predicate), ("object", object_))
    pairs += [(IG + name, Iri(_iri(value))) for name, value in ends]
    pairs += [(IG + "negated", true())] if is_negated else []
    pairs += [*qualifiers, *((IG + "hasEvidence", Iri(_iri(one))) for one in evidence)]
    return Block(_iri(curie), tuple(pairs))


def _typed(row: Mapping[str, Any], schema: list[dict[str, Any]], between: str) -> list[Pair]:
    """The properties of a row as the terms that the manifest says they were."""
    pairs: list[Pair] = []
    for known in schema:
        value = row.get(known["name"])
        if value is None or known["predicate"] == "rdf:type":
            continue
        for text in value.split(between) if known["is_list"] else [value]:
            pairs.append((_iri(known["predicate"]), _term(text, known["form"])))
    return pairs


def _kgx_node_pairs(row: Mapping[str, Any]) -> list[Pair]:
    pairs: list[Pair] = []
    slots = (("synonym", "skos:altLabel", "@en"), ("xref", "skos:exactMatch", "@id"))
    for slot, predicate, form in (*slots, ("provided_by", "dcterms:source", "@id")):
        pairs += [(_iri(predicate), _term(text, form)) for text in row.get(slot, ())]
    attributes = [_turtle_pair(text) for text in row.get("has_attribute", ())]
    return pairs + [(predicate, term) for predicate, term in attributes if predicate != RDF_TYPE]


def _turtle_pair(text: str) -> Pair:
    """A predicate and a term, as ``export kgx`` writes what Biolink has no slot for."""
    predicate, _, shown = text.partition(" ")
    if not shown.startswith('"'):
        return _iri(predicate), Iri(_iri(shown))
    end = shown.rindex('"')
    suffix = shown[end + 1 :]
    form = suffix if suffix.startswith("@") else suffix.removeprefix("^^") or "xsd:string"
    return _iri(predicate), _term(_unescaped(shown[1:end]), form)


def _term(text: str, form: str) -> Term:
    if form == "@id":
        return Iri(_iri(text))
    if form.startswith("@"):
        return Literal(text, language=form[1:])
    datatype = _iri(form)
    if datatype in _EXACT:
        return _EXACT[datatype](text)
    return Literal(text, "" if datatype == XSD + "string" else datatype)


def _iri(curie: str) -> str:
    return as_iri(curie) or expand(curie)


def _unescaped(text: str, marks: Mapping[str, str] = {"n": "\n", "r": "\r", "t": "\t", "p": "|"}) -> str:
    """Undo escapes by backslash; a backslash before any other sign stands for that sign."""
    if "\\" not in text:
        return text
    found, signs = [], iter(text)
    for sign in signs:
        if sign == "\\":
            follows = next(signs, "\\")
            found.append(marks.get(follows, follows))
        else:
            found.append(sign)
    return "".join(found)


def _csv_rows(path: Path) -> Iterator[dict[str, Any]]:
    """Rows by column without its type; an empty cell is None, a quoted empty one an empty text."""
    if not path.is_file():
        raise LoadError("is missing; give the whole folder of the export", Place(path))
    place = str(path).replace("'", "''")
    try:
        with duckdb.connect() as connection:
            rows = connection.execute(
                f"SELECT * FROM read_csv('{place}', all_varchar = true, header = true, delim = ',', quote = '\"', "
                "escape = '\"', allow_quoted_nulls = false, auto_detect = false, max_line_size = 16777216, "
                f"columns = {_columns(path)}, buffer_size = 33554432, parallel = false)"
            )
            names = [name.partition(":")[0] or name for name, *_ in rows.description]
            while found := rows.fetchmany(_ROWS):
                yield from (dict(zip(names, row, strict=True)) for row in found)
    except duckdb.Error as error:
        raise LoadError(f"cannot be read as a table ({' '.join(str(error).split())[:200]})", Place(path)) from error


def _columns(path: Path) -> str:
    with path.open(encoding="utf-8") as file:
        names = [name.strip('"') for name in file.readline().rstrip("\n").split(",")]
    return "{" + ", ".join(f"'{name}': 'VARCHAR'" for name in names) + "}"


def _tsv_rows(path: Path) -> Iterator[dict[str, Any]]:
    lists = frozenset("type synonym xref provided_by has_attribute has_evidence qualifiers".split())
    with _opened(path) as file:
        header = file.readline().rstrip("\n").split("\t")
        for line in file:
            cells = dict(zip(header, line.rstrip("\n").split("\t"), strict=True))
            yield {
                name: [_unescaped(item) for item in cell.split("|")] if name in lists else _unescaped(cell)
                for name, cell in cells.items()
                if cell
            }


def _jsonl_rows(path: Path) -> Iterator[dict[str, Any]]:
    with _opened(path) as file:
        for line in file:
            yield json.loads(line)


def _opened(path: Path) -> Any:
    try:
        return path.open(encoding="utf-8", newline="\n")
    except OSError as error:
        raise LoadError("is missing; give the whole folder of the export", Place(path)) from error
