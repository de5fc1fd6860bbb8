"""CURIE ↔ IRI, through the one prefix map of the project (``prefixes.json``)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib import resources
from types import MappingProxyType

from immunograph.errors import UnknownTermError

_IRI = re.compile(r'^[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>"{}|^`\\]*\Z')
_LOCAL = re.compile(r"^[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?\Z")


@cache
def prefix_map() -> Mapping[str, str]:
    """Prefix → namespace, as shipped."""
    text = resources.files("immunograph").joinpath("prefixes.json").read_text(encoding="utf-8")
    return MappingProxyType(json.loads(text))


@cache
def _prefixes_by_case() -> Mapping[str, str]:
    return {prefix.casefold(): prefix for prefix in prefix_map()}


@cache
def _namespaces() -> tuple[tuple[str, str], ...]:
    """(namespace, prefix), longest namespace first, so that the most specific prefix wins."""
    return tuple(sorted(((ns, p) for p, ns in prefix_map().items()), key=lambda pair: -len(pair[0])))


def is_iri(text: str) -> bool:
    """Whether a text is an absolute IRI that may be written between angle brackets."""
    return bool(_IRI.match(text))


def expand(curie: str) -> str:
    """Give the IRI of a CURIE.

    The prefix is matched in any case (``mondo:0005301``), the local part as it stands.

    Raises:
        UnknownTermError: the text has no prefix, or one that the map does not hold.

    >>> expand("MONDO:0005301")
    'http://purl.obolibrary.org/obo/MONDO_0005301'
    """
    prefix, colon, local = curie.partition(":")
    known = _prefixes_by_case().get(prefix.casefold())
    if not colon or known is None or not local or not is_iri(iri := prefix_map()[known] + local):
        raise UnknownTermError(curie)
    return iri


@lru_cache(maxsize=1 << 17)
def compress(iri: str) -> str:
    """Give the CURIE of an IRI, or the IRI itself where no prefix fits.

    >>> compress("http://purl.obolibrary.org/obo/MONDO_0005301")
    'MONDO:0005301'
    """
    for namespace, prefix in _namespaces():
        if iri.startswith(namespace) and len(iri) > len(namespace):
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri


@cache
def turtle_name(iri: str) -> str:
    """Write an IRI as Turtle: a prefixed name where its local part needs no escape, else in brackets.

    >>> turtle_name("http://purl.obolibrary.org/obo/GO_0042098")
    'GO:0042098'
    """
    for namespace, prefix in _namespaces():
        if iri.startswith(namespace) and _LOCAL.match(iri[len(namespace) :]):
            return f"{prefix}:{iri[len(namespace) :]}"
    return f"<{iri}>"


def as_iri(text: str) -> str | None:
    """Read a CURIE or an IRI (bare or in brackets) as an IRI; None where it is neither."""
    text = text.strip()
    if text.startswith("<") and text.endswith(">"):
        text = text[1:-1]
    prefix, colon, local = text.partition(":")
    if colon and local and prefix.casefold() in _prefixes_by_case() and not local.startswith("//"):
        try:
            return expand(text)
        except UnknownTermError:
            return None
    return text if "://" in text and is_iri(text) else None
