"""KGX, the exchange form of the Biolink Model: nodes and edges as JSON Lines or as tables.

Format: https://github.com/biolink/kgx/blob/master/specification/kgx-format.md. A record has the slots that its
Biolink class knows and no others, so that strict readers take it. What Biolink has no slot for stands in
``has_attribute`` of a node and ``qualifiers`` of an edge, a statement each, in Turtle (``ig:population "adults"``).
Evidence, affinities and sources are nodes too, so that what an edge names by ``has_evidence`` can be looked up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from immunograph.exporters.biolink import MECHANISMS, biolinked, category_of
from immunograph.exporters.properties import PropertyType
from immunograph.exporters.stream import Edge, GraphStream, Node
from immunograph.identifiers import as_iri, turtle_name

Record = dict[str, Any]
_SYNONYMS, _MATCHES = "altLabel", "exactMatch"
_RECORD_CATEGORIES = {
    "evidence": "InformationContentEntity",
    "affinities": "InformationContentEntity",
    "sources": "Dataset",
}
NODE_SLOTS = ("id", "category", "name", "iri", "synonym", "xref", "provided_by", "type", "has_attribute")
EDGE_SLOTS = (
    "id subject predicate object category knowledge_level agent_type primary_knowledge_source "
    "aggregator_knowledge_source original_predicate negated qualified_predicate object_direction_qualifier "
    "object_aspect_qualifier causal_mechanism_qualifier anatomical_context_qualifier publications has_evidence type "
    "qualifiers"
).split()
LIST_SLOTS = frozenset(
    "category synonym xref provided_by type has_attribute aggregator_knowledge_source anatomical_context_qualifier "
    "publications has_evidence qualifiers".split()
)


def node_records(stream: GraphStream) -> Iterator[Record]:
    """The nodes, then evidence, affinities and sources, each by identifier."""
    for table in ("nodes", *_RECORD_CATEGORIES):
        types = {item.name: item for item in stream.property_types(table)}
        for node in getattr(stream, table)():
            yield _node_record(node, types, _RECORD_CATEGORIES.get(table) or category_of(node.id, node.kinds))


def edge_records(stream: GraphStream) -> Iterator[Record]:
    """The edges, by identifier."""
    types = {item.name: item for item in stream.property_types("edges")}
    for edge, subject, object_ in stream.edges_with_ends(_categories_sql(stream)):
        yield _edge_record(edge, types, subject, object_)


def turtle_pair(known: PropertyType, value: object) -> str:
    """One property with one value, in Turtle: the predicate, a blank, the term; names have our prefixes."""
    predicate = _name(known.predicate)
    if known.form == "@id":
        return f"{predicate} {_name(str(value))}"
    escaped = (str(value).lower() if isinstance(value, bool) else str(value)).translate(_ESCAPES)
    if known.form == "xsd:string":
        return f'{predicate} "{escaped}"'
    return f'{predicate} "{escaped}"{known.form if known.form.startswith("@") else "^^" + _name(known.form)}'


def _name(curie: str) -> str:
    return turtle_name(as_iri(curie) or curie)


_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def _categories_sql(stream: GraphStream) -> str:
    """A SELECT of the category of each node; there are few different ones, of which the engine has a table."""
    by = "split_part(id, ':', 1) AS prefix, kinds"
    found = stream.connection.execute(f"SELECT DISTINCT {by} FROM nodes").fetchall()
    stream.connection.execute("CREATE OR REPLACE TABLE category (prefix VARCHAR, kinds VARCHAR[], value VARCHAR)")
    for prefix, kinds in found:
        row = [prefix, kinds, category_of(prefix, tuple(kinds))]
        stream.connection.execute("INSERT INTO category VALUES (?, ?, ?)", row)
    return f"SELECT id, value FROM (SELECT id, {by} FROM nodes) JOIN category USING (prefix, kinds)"


def _node_record(node: Node, types: Mapping[str, PropertyType], category: str) -> Record:
    left = dict(node.properties)
    record: Record = {"id": node.id, "category": [f"biolink:{category}"], "name": node.label, "iri": node.iri}
    for slot, name in (("synonym", _SYNONYMS), ("xref", _MATCHES), ("provided_by", "dcterms_source")):
        if name in left and types[name].form in {"@en", "@id"}:
            record[slot] = list(_values(left.pop(name)))
    record["type"] = [kind if ":" in kind else f"ig:{kind}" for kind in node.kinds]
    record["has_attribute"] = list(_pairs(left, types))
    return {slot: value for slot, value in record.items() if value not in (None, [])}


def _edge_record(edge: Edge, types: Mapping[str, PropertyType], subject: str, object_: str) -> Record:
    predicate, category, slots = biolinked(edge.predicate, subject, object_)
    sources = [f"igs:{source}" for source in edge.sources]
    record: Record = {
        "id": edge.id,
        "subject": edge.source,
        "predicate": f"biolink:{predicate}",
        "object": edge.target,
        "category": [f"biolink:{category}"],
        "knowledge_level": "logical_entailment" if edge.is_inferred else "knowledge_assertion",
        "agent_type": "automated_agent" if edge.is_inferred else "manual_agent" if _is_read(edge) else "not_provided",
        "primary_knowledge_source": sources[0] if sources else None,
        "aggregator_knowledge_source": sources[1:],
        "original_predicate": edge.predicate if ":" in edge.predicate else f"ig:{edge.predicate}",
        "negated": True if edge.is_negated else None,
        **slots,
        "publications": list(edge.publications),
        "has_evidence": list(edge.evidence),
        "type": [f"ig:{edge.kind}"],
        "qualifiers": list(_pairs(edge.properties, types)),
    }
    if category.startswith("ChemicalAffects"):
        record["causal_mechanism_qualifier"] = MECHANISMS.get(str(edge.properties.get("actionType", "")))
        context = edge.properties.get("cellContext")
        record["anatomical_context_qualifier"] = list(_values(context)) if context else None
    return {slot: value for slot, value in record.items() if value not in (None, [])}


def _is_read(edge: Edge) -> bool:
    """Whether people of this project read the document themselves."""
    return "curated" in edge.sources


def _pairs(properties: Mapping[str, Any], types: Mapping[str, PropertyType]) -> Iterator[str]:
    for name, value in properties.items():
        for one in _values(value):
            yield turtle_pair(types[name], one)


def _values(value: Any) -> Sequence[Any]:
    return value if isinstance(value, tuple) else (value,)
