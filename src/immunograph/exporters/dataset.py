"""What an RDF export holds, in VoID and DCAT: size, classes, predicates, files, sources and their licences.

Vocabularies: https://www.w3.org/TR/void/ and https://www.w3.org/TR/vocab-dcat-3/.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from immunograph.exporters.rdf import graph_slugs
from immunograph.exporters.stream import GraphStream
from immunograph.exporters.writing import Target, sha256_of
from immunograph.identifiers import expand, is_iri
from immunograph.licences import LICENCES
from immunograph.model import Block, Iri, Literal, Pair, integer, plain, text
from immunograph.turtle import turtle_text
from immunograph.vocabulary import DCAT_DATASET, DCTERMS, DCTERMS_TITLE, IG, IGG, IGS, PAV_VERSION, RDF_TYPE, XSD

DATASET = "https://w3id.org/immunograph/"
_DCAT = "http://www.w3.org/ns/dcat#"
_SPDX = "http://spdx.org/rdf/terms#"
_VOID = "http://rdfs.org/ns/void#"
_TITLE = "ImmunoGraph: a cited, reasoned knowledge graph of immune modulators"


def describe(stream: GraphStream, target: Target, files: Mapping[str, str]) -> None:
    """Write the description of what the table ``statement`` holds: ``dataset.ttl``, or beside the one file.

    Args:
        stream: what was exported.
        target: where to.
        files: name of each file that was written → its media type.
    """
    blocks = [
        Block(DATASET, tuple(_dataset(stream, files))),
        *_partitions(stream),
        *(Block(_file(name), tuple(_distribution(target, name, kind))) for name, kind in files.items()),
        *(Block(IGG + slug, tuple(_subset(stream, slug))) for slug in graph_slugs(stream)),
        *(Block(IGS + source["source"], tuple(_source(source))) for source in stream.metadata.sources),
    ]
    is_folder = target.name not in files
    with target.text("dataset.ttl" if is_folder else f"{target.name}.dataset.ttl") as file:
        file.write(turtle_text(blocks))


def _dataset(stream: GraphStream, files: Mapping[str, str]) -> Iterator[Pair]:
    yield RDF_TYPE, Iri(_VOID + "Dataset")
    yield RDF_TYPE, Iri(DCAT_DATASET)
    yield DCTERMS_TITLE, text(_TITLE)
    yield DCTERMS + "description", text("For research, not medical advice. Each named graph is one source.")
    if stream.metadata.version:
        yield PAV_VERSION, plain(stream.metadata.version)
    yield _VOID + "vocabulary", Iri(IG)
    for name, query in (
        ("triples", "SELECT count(DISTINCT l) FROM statement"),
        ("distinctSubjects", "SELECT count(DISTINCT s) FROM statement"),
        ("entities", "SELECT count(*) FROM nodes"),
    ):
        yield _VOID + name, integer(_count(stream, query))
    for licence in sorted({s["licence"] for s in stream.metadata.sources if s.get("licence") in LICENCES}):
        yield DCTERMS + "license", Iri(LICENCES[licence])
    for source in stream.metadata.sources:
        yield DCTERMS + "source", Iri(IGS + source["source"])
    for slug in graph_slugs(stream):
        yield _VOID + "subset", Iri(IGG + slug)
    for name in files:
        yield _DCAT + "distribution", Iri(_file(name))
    for kind, _ in _classes(stream):
        yield _VOID + "classPartition", Iri(_partition("class", kind))
    for predicate, _ in _predicates(stream):
        yield _VOID + "propertyPartition", Iri(_partition("property", predicate))


def _partitions(stream: GraphStream) -> Iterator[Block]:
    for kind, count in _classes(stream):
        pairs = ((_VOID + "class", Iri(kind)), (_VOID + "entities", integer(count)))
        yield Block(_partition("class", kind), pairs)
    for predicate, count in _predicates(stream):
        pairs = ((_VOID + "property", Iri(predicate)), (_VOID + "triples", integer(count)))
        yield Block(_partition("property", predicate), pairs)


def _classes(stream: GraphStream) -> list[tuple[str, int]]:
    """The classes of ours that have members, with how many."""
    return _counted(
        stream,
        f"SELECT split_part(l, ' ', 3) AS c, count(DISTINCT s) FROM statement WHERE split_part(l, ' ', 2) = "
        f"'<{RDF_TYPE}>' AND starts_with(split_part(l, ' ', 3), '<{IG}') GROUP BY c ORDER BY c",
    )


def _predicates(stream: GraphStream) -> list[tuple[str, int]]:
    return _counted(stream, "SELECT split_part(l, ' ', 2) AS c, count(DISTINCT l) FROM statement GROUP BY c ORDER BY c")


def _distribution(target: Target, name: str, media_type: str) -> Iterator[Pair]:
    path = target.path(name)
    yield RDF_TYPE, Iri(_DCAT + "Distribution")
    yield DCTERMS_TITLE, plain(name)
    yield _DCAT + "mediaType", plain(media_type)
    yield _DCAT + "byteSize", Literal(str(path.stat().st_size), XSD + "nonNegativeInteger")
    yield _SPDX + "checksumValue", plain(sha256_of(path))


def _subset(stream: GraphStream, slug: str) -> Iterator[Pair]:
    yield RDF_TYPE, Iri(_VOID + "Dataset")
    count = stream.connection.execute("SELECT count(*) FROM statement WHERE g = ?", [slug]).fetchall()[0][0]
    yield _VOID + "triples", integer(int(count))


def _source(source: Mapping[str, str]) -> Iterator[Pair]:
    yield RDF_TYPE, Iri(DCAT_DATASET)
    if "title" in source:
        yield DCTERMS_TITLE, text(source["title"])
    if "version" in source:
        yield PAV_VERSION, plain(source["version"])
    if "license" in source:
        licence = source["license"]
        yield DCTERMS + "license", Iri(licence if "//" in licence and is_iri(licence) else expand(licence))


def _counted(stream: GraphStream, query: str) -> list[tuple[str, int]]:
    return [(term[1:-1], int(count)) for term, count in stream.connection.execute(query).fetchall()]


def _count(stream: GraphStream, query: str) -> int:
    return int(stream.connection.execute(query).fetchall()[0][0])


def _file(name: str) -> str:
    return f"{DATASET}export/{name}"


def _partition(kind: str, iri: str) -> str:
    return f"{DATASET}partition/{kind}/{iri.rpartition('#')[2].rpartition('/')[2]}"
