"""Several Turtle files that are one ontology → one file, as Turtle and as RDF/XML."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyoxigraph as ox

from immunograph.errors import LoadError, Place
from immunograph.store.triples import Triple

_PREFIX = re.compile(r"@prefix\s+([^\s:]*):\s+<([^>]*)>\s*\.\s*\Z")


def merged_turtle(files: Sequence[Path]) -> str:
    """The text of Turtle files with their prefixes gathered on top; comments and order stay.

    Raises:
        LoadError: a file cannot be read, or uses a prefix for another namespace than an earlier one.
    """
    prefixes: dict[str, str] = {}
    bodies: list[str] = []
    for path in files:
        body: list[str] = []
        for number, line in enumerate(_text(path).splitlines(), 1):
            found = _PREFIX.match(line)
            if found is None:
                body.append(line)
            elif prefixes.setdefault(found[1], found[2]) != found[2]:
                raise LoadError(f"{found[1]}: is <{prefixes[found[1]]}> in an earlier file", Place(path, number))
        bodies.append("\n".join(body).strip() + "\n")
    header = [f"@prefix {name}: <{prefixes[name]}> .\n" for name in sorted(prefixes, key=str.casefold)]
    return "".join(header) + "\n" + "\n".join(bodies)


def triples_of_turtle(text: str) -> list[Triple]:
    """The triples of a Turtle text as N-Triples terms, sorted; blank nodes have canonical names (RDFC-1.0)."""
    return [(str(one.subject), str(one.predicate), str(one.object)) for one in _canonical(text)]


def rdf_xml(text: str, prefixes: Mapping[str, str]) -> bytes:
    """The triples of a Turtle text as RDF/XML; the same triples give the same bytes."""
    used = {name: namespace for name, namespace in prefixes.items() if namespace in text}
    return ox.serialize(_canonical(text), format=ox.RdfFormat.RDF_XML, prefixes=used) or b""


def _canonical(text: str) -> list[ox.Triple]:
    dataset = ox.Dataset(ox.parse(text.encode(), ox.RdfFormat.TURTLE))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return sorted((ox.Triple(quad.subject, quad.predicate, quad.object) for quad in dataset), key=str)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise LoadError(f"cannot be read ({error}); check the file", Place(path)) from error
