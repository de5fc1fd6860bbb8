"""Turtle in house form: one subject a block, one triple a line, blocks sorted, no blank nodes."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from immunograph.errors import ExportError
from immunograph.identifiers import prefix_map, turtle_name
from immunograph.model import Block, Iri, Literal, Pair, Term
from immunograph.vocabulary import (
    DCTERMS_IDENTIFIER,
    DCTERMS_SOURCE,
    DCTERMS_TITLE,
    IG,
    NODE_KINDS,
    RDF_TYPE,
    RDFS_LABEL,
    SKOS_ALT_LABEL,
    SKOS_CLOSE_MATCH,
    SKOS_EXACT_MATCH,
    XSD,
)

_PREFIX = re.compile(r"(?:^|\s|\^\^)([A-Za-z][A-Za-z0-9.]*):")
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"})
_BARE = {XSD + "boolean", XSD + "integer", XSD + "decimal"}


def write_turtle(blocks: Iterable[Block], path: Path) -> int:
    """Write blocks to a file, sorted by subject, and replace the file in one step.

    Returns:
        The number of blocks written.

    Raises:
        ExportError: the file cannot be written; what was there before is untouched.
    """
    gathered = list(blocks)
    write_atomically(path, turtle_text(gathered))
    return len(gathered)


def turtle_text(blocks: Iterable[Block]) -> str:
    """A whole file in house form: the prefixes that are used, then the blocks sorted by subject."""
    ordered = sorted(blocks, key=lambda block: turtle_name(block.subject))
    body = [block_text(ordered_block(block)) for block in ordered]
    header = [f"@prefix {name}: <{prefix_map()[name]}> ." for name in _used_prefixes(body)]
    return "\n".join(header) + "\n\n" + "\n".join(body)


def ordered_block(block: Block) -> Block:
    """The same block with its predicates in the order of the project, and equal predicates by object."""
    pairs = set(block.pairs)
    return Block(block.subject, tuple(sorted(pairs, key=lambda pair: (_rank(pair), pair[0], str(pair[1])))))


def write_atomically(path: Path, content: str) -> None:
    """Write a text under a temporary name beside the target, then rename it into place.

    Raises:
        ExportError: the folder or the file cannot be written.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(content, encoding="utf-8", newline="\n")
        temporary.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise ExportError(f"{path}: cannot be written ({error.strerror}); choose another place") from error


def block_text(block: Block) -> str:
    """One block, ending in a newline: the subject, then a predicate and an object a line."""
    lines = [f"  {_predicate(predicate)} {term_text(term)}" for predicate, term in block.pairs]
    return f"{turtle_name(block.subject)}\n" + " ;\n".join(lines) + " .\n"


def term_text(term: Term) -> str:
    """A term as Turtle, with short forms for booleans, integers and decimals."""
    if isinstance(term, Iri):
        return turtle_name(term.value)
    if term.datatype in _BARE:
        return term.value
    quoted = f'"{term.value.translate(_ESCAPES)}"'
    if term.language:
        return f"{quoted}@{term.language}"
    return f"{quoted}^^{turtle_name(term.datatype)}" if term.datatype and term.datatype != XSD + "string" else quoted


def subject_lines(content: str) -> Iterator[tuple[int, str]]:
    """Find where each top-level statement of a Turtle text begins.

    Yields:
        The line (from 1) and the subject as written, in file order; prefix and base lines are left out.
    """
    line, at_start, left_of_prefix = 1, True, 0
    for match in _TOKEN.finditer(content):
        token = match.group()
        if not token.isspace() and not token.startswith("#"):
            if left_of_prefix:
                left_of_prefix -= 1
            elif at_start and token.casefold() in _SPARQL_HEADS:
                left_of_prefix = _SPARQL_HEADS[token.casefold()]
            else:
                if at_start and not token.startswith("@"):
                    yield line, token
                at_start = token == "."
        line += token.count("\n")


_SPARQL_HEADS = {"prefix": 2, "base": 1}
"""SPARQL-style directives, which end without a full stop → how many tokens follow."""

_TOKEN = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""|\'\'\'(?:[^\'\\]|\\.|\'(?!\'\'))*\'\'\''
    r'|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|<[^<>\s]*>|#[^\n]*|\s+'
    r"|[^\s\"'<>#;,\[\]()]+?(?=\.?(?:[\s;,\[\]()]|$))|.",
    re.DOTALL,
)


_FIRST = [
    RDF_TYPE,
    IG + "broader",
    RDFS_LABEL,
    SKOS_ALT_LABEL,
    IG + "subject",
    IG + "predicate",
    IG + "object",
    IG + "source",
    IG + "evidenceType",
    IG + "documentType",
    DCTERMS_IDENTIFIER,
    DCTERMS_TITLE,
    IG + "address",
    IG + "reference",
    IG + "section",
    IG + "consulted",
    IG + "rechecked",
]
_LAST = [SKOS_EXACT_MATCH, SKOS_CLOSE_MATCH, DCTERMS_SOURCE, IG + "hasEvidence"]


def _rank(pair: Pair) -> tuple[int, int]:
    """Where a predicate stands in a block; of the types, the kind (Association, Modulator ...) comes first."""
    predicate, term = pair
    if predicate == RDF_TYPE:
        return 0, _KINDS.index(term.value) if term.value in _KINDS else len(_KINDS)
    if predicate in _FIRST:
        return _FIRST.index(predicate), 0
    if predicate in _LAST:
        return len(_FIRST) + 1 + _LAST.index(predicate), 0
    return len(_FIRST), 0


_KINDS = [IG + name for name in ("Association", "Evidence", "Affinity", *NODE_KINDS)]


def _predicate(iri: str) -> str:
    return "a" if iri == RDF_TYPE else turtle_name(iri)


def _used_prefixes(body: Iterable[str]) -> list[str]:
    used: set[str] = set()
    for text in body:
        used.update(_PREFIX.findall(text))
    return sorted((used & prefix_map().keys()), key=str.casefold)


def literal_of(value: str, datatype: str = "", language: str = "") -> Literal:
    """A literal from its parts, with ``xsd:string`` left implicit."""
    return Literal(value, "" if datatype == XSD + "string" or language else datatype, language)
