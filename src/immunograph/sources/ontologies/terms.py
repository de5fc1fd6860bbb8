"""One class of an ontology, and what an ontology says of itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

from immunograph.identifiers import as_iri, compress

OBO = "http://purl.obolibrary.org/obo/"

_PREFIX_ALIASES = {
    "MSH": "MESH",
    "NCI": "NCIT",
    "ORPHA": "orphanet",
    "ORDO": "orphanet",
    "ORPHANET": "orphanet",
    "UNIPROT": "UniProtKB",
}
"""How sources spell a prefix, in capitals → how the project spells it."""

_DATED = re.compile(r"\d{4}-\d{2}(?:-\d{2})?|v?\d+(?:\.\d+)+")


@dataclass(frozen=True, slots=True)
class OntologyTerm:
    """One class of an ontology.

    Attributes:
        iri: its IRI.
        label: its label, in English where there is one; empty where the file gives none.
        synonyms: other names; where the file tells scopes apart, the exact ones only.
        parents: IRIs of the direct superclasses.
        xrefs: cross-references as CURIEs, prefixes in the project's spelling where it has one.
        is_deprecated: whether the term is obsolete.
        replaced_by: IRI of the one term that takes its place; empty where none is stated.
        merged: IRIs of former terms that this one absorbed.
        namespace: the branch it belongs to, such as ``biological_process``; empty where there is one branch.
        subsets: names of the subsets that hold it.
        others: names that are not exact: broad, narrow and related synonyms.
        equal: IRIs of terms that it is stated to be the same as (``skos:exactMatch``, ``owl:equivalentClass``).
        consider: IRIs of terms to think of where it is obsolete.
        foreign: labels and exact names in other languages than English, each with its language.
    """

    iri: str
    label: str
    synonyms: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    xrefs: tuple[str, ...] = ()
    is_deprecated: bool = False
    replaced_by: str = ""
    merged: tuple[str, ...] = ()
    namespace: str = ""
    subsets: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    equal: tuple[str, ...] = ()
    consider: tuple[str, ...] = ()
    foreign: tuple[tuple[str, str], ...] = ()

    @property
    def name(self) -> str:
        """Its label; where it has none, the words that its IRI ends in, else its CURIE.

        >>> OntologyTerm("https://example.org/clinic#JointTrouble", "").name
        'Joint Trouble'
        >>> OntologyTerm(OBO + "MONDO_0005578", "").name
        'MONDO:0005578'
        """
        return self.label or _spoken(self.iri)


@dataclass(slots=True)
class OntologyHeader:
    """What an ontology says of itself; empty where it says nothing.

    Attributes:
        iri: its IRI.
        version_iri: IRI of this release.
        version: as its publisher names it.
        licence: IRI or name of the licence.
        title: its title.
    """

    iri: str = ""
    version_iri: str = ""
    version: str = ""
    licence: str = ""
    title: str = ""

    @property
    def release(self) -> str:
        """The version in a word: as named, else the date or number in the version IRI."""
        dated = _DATED.search(self.version) or _DATED.search(self.version_iri)
        return dated[0] if dated else self.version or self.version_iri


def _spoken(iri: str) -> str:
    local = unquote(re.split("[#/:]", iri.rstrip("#/:"))[-1])
    if re.search(r"\d{4}", local) or not re.search("[A-Za-z]{2}", local):
        return compress(iri)
    return " ".join(re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|_", " ", local).split())


def term_iri(identifier: str) -> str:
    """Give the IRI of an ontology term from its CURIE or IRI.

    Prefixes outside the project's map are taken as OBO prefixes; an IRI stays as it is.

    >>> term_iri("NCBITaxon:9606")
    'http://purl.obolibrary.org/obo/NCBITaxon_9606'
    """
    known = as_iri(xref(identifier))
    return known or OBO + identifier.replace(":", "_", 1)


def xref(identifier: str) -> str:
    """Spell a cross-reference's prefix as the project does.

    >>> xref("MSH:D001172")
    'MESH:D001172'
    """
    prefix, colon, local = identifier.partition(":")
    return f"{_PREFIX_ALIASES.get(prefix.upper(), prefix)}{colon}{local}"
