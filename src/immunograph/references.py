"""Identifiers as people write them → IRIs of the project.

Known forms: a CURIE in any case and with any known spelling of its prefix (``mondo:0005148``, ``UniProt:P12345``,
``HGNC:HGNC:6018``, ``CHEBI:CHEBI:15365``); OBO names (``MONDO_0005148``); web addresses of the databases, of
identifiers.org, Bioregistry, N2T, OLS and other browsers, plain or percent-encoded; and bare accessions that only one
or two databases have (``ENSG00000136244.12``, ``CHEMBL25``, ``DB01281``, ``P12345-2``).

Spellings, addresses and patterns come from the Bioregistry (``prefix_forms.json``; ``scripts/update-prefix-forms``).
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from urllib.parse import unquote

from immunograph.identifiers import is_iri, prefix_map


@dataclass(frozen=True, slots=True)
class Reference:
    """What an identifier may mean: an IRI, and what was changed to get it (empty where nothing but the spelling)."""

    iri: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Form:
    prefix: str
    pattern: re.Pattern[str] | None
    is_upper: bool
    digits: int


_WIDTH = re.compile(r"^\^\\d\{(\d+)\}\$$")
_LOWER = re.compile(r"\[[^\]]*a-z|\\S|\.\*")
_CURIE = re.compile(r"^([A-Za-z][\w.+ /-]*?)\s*:\s*(\S.*)$")
_JOINED = re.compile(r"^([A-Za-z][A-Za-z. _-]*?)[_\s#=|/-]+(\S+)$")
_CURIE_AND_NAME = re.compile(r"^([A-Za-z][\w.+-]*:[\w.:-]*\d[\w.:-]*)\s+\S")
_HUMAN_GENE = re.compile(r"^(?:(?:kegg(?:\.genes)?[:\s]\s*)?hsa:|LOC)(\d+)$", re.I)
_SPACED_CODE = re.compile(r"\b([A-Z]\d{2})\s?([A-Z])\s?([A-Z])\s?(\d{2})$", re.I)
_SAID_OF_PREFIX = re.compile(
    r"[\W_]*(?<![A-Za-z])(?:identifier|ids?|no|nr|number|code|accession|acc|ac|rn|cid|descriptor|ui|(?:19|20)\d\d)\W*$",
    re.I,
)
"""Words behind the name of a database that tell nothing more, and the year of its release."""
_RESOLVER = re.compile(
    r"^(?:[a-z0-9-]+\.)*(?:identifiers\.org|bioregistry\.io|n2t\.net)/(?:resolve/|reference/)?(.+)$", re.I
)
_NESTED = re.compile(r"https?:/{1,2}[^\s]+", re.I)
_TOKENS = re.compile(r"[/?&#=;]+")
_ENDING = re.compile(r"\.(?:json|xml|txt|fasta|rdf|ttl|html?|php|tsv|gff)$", re.I)
_ISOFORM = re.compile(r"^([A-Z0-9]{6,10})(?:-\d+|[-#:]PRO_\d+)$")
_VERSION = re.compile(r"^(.+?)\.\d+$")

_BARE: tuple[tuple[str, re.Pattern[str], tuple[str, ...]], ...] = tuple(
    (name, re.compile(pattern + r"\Z"), prefixes)
    for name, pattern, prefixes in (
        ("Ensembl gene", r"ENSG\d{11}(?:\.\d+)?", ("ENSEMBL",)),
        ("ChEMBL", r"CHEMBL\d+", ("CHEMBL.COMPOUND", "CHEMBL.TARGET")),
        ("DrugBank", r"DB\d{5}", ("DRUGBANK",)),
        ("Reactome", r"R-[A-Z]{3}-\d+(?:\.\d+)?", ("reactome",)),
        ("WikiPathways", r"WP\d{1,5}(?:_R\d+)?", ("wikipathways",)),
        ("MeSH", r"[CD]\d{6}(?:\d{3})?", ("MESH",)),
        ("NCI Thesaurus", r"C\d{2,6}", ("NCIT", "KEGG.COMPOUND")),
        ("InChIKey", r"[A-Z]{14}-[A-Z]{10}-[A-Z]", ("INCHIKEY",)),
        ("CAS", r"\d{2,7}-\d{2}-\d", ("CAS",)),
        ("HMDB", r"HMDB\d{5,7}", ("HMDB",)),
        ("PubChem", r"CID\d+", ("PUBCHEM.COMPOUND",)),
        ("Complex Portal", r"CPX-\d+", ("complexportal",)),
        ("Guide to Pharmacology", r"GTPL\d+", ("GTOPDB",)),
        ("ATC", r"[A-Z]\d{2}[A-Z]{2}\d{2}", ("ATC",)),
        ("PubMed Central", r"PMC\d+", ("PMC",)),
        ("ClinicalTrials.gov", r"NCT\d{8}", ("NCT",)),
        ("DOI", r"10\.\d{4,9}/\S+", ("DOI",)),
        (
            "UniProt",
            r"(?:[OPQ]\d[A-Z0-9]{3}\d|[A-NR-Z]\d(?:[A-Z][A-Z0-9]{2}\d){1,2})(?:\.\d+|-\d+|[-#:]PRO_\d+)?",
            ("UniProtKB",),
        ),
        ("UNII", r"(?=[A-Z0-9]*\d)[A-Z0-9]{10}", ("UNII",)),
    )
)
"""Accessions that are told by their look alone, the most telling first."""


_NOT_HELD: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (vocabulary, re.compile(pattern + r"\s*\Z", re.IGNORECASE))
    for vocabulary, pattern in (
        ("ICD-O", r"ICD-?O(?:-?3)?[\s:_-]+\S+|\d{4}/[0-9]"),
        (
            "ICD",
            r"ICD-?(?:9|10|11)?(?:-?(?:CM|WHO|GM|PCS|AM))?[\s:_-]+[A-Z0-9][A-Z0-9.]+|[A-TV-Z]\d[0-9A-Z]\.[0-9A-Z]{1,4}",
        ),
        ("OMIM", r"(?:OMIM|MIM|OMIMPS|MIM PHENOTYPE)[\s:_#*%+^-]+(?:PS)?\d+"),
        ("UMLS", r"(?:(?:UMLS|CUI|UMLS[_ ]CUI)[\s:_-]+)?C\d{7}"),
        ("SNOMED CT", r"(?:SNOMED[\s_-]?(?:CT)?(?:_\w+)?|SCTID|SCT)[\s:_-]+\d{6,18}"),
        ("MedDRA", r"(?:MEDDRA|MDR)[\s:_-]+\d{8}|10\d{6}"),
    )
)
"""Vocabularies that the graph does not hold, with the looks of their codes; see docs/linking.md."""


@lru_cache(maxsize=1 << 15)
def references(text: str) -> tuple[Reference, ...]:
    """Read an identifier in any known form.

    Args:
        text: what somebody wrote; also a name, which gives nothing.

    Returns:
        What it may mean, the likeliest first; empty where it looks like no identifier. A web address that no database
        of the project has is given as it stands.

    >>> references("mondo_0005148")[0].iri
    'http://purl.obolibrary.org/obo/MONDO_0005148'
    >>> references("https://identifiers.org/CHEBI:15365")[0].iri
    'http://purl.obolibrary.org/obo/CHEBI_15365'
    """
    plain = unicodedata.normalize("NFKC", text).strip().strip("<>\"'`[]").rstrip(".,;").strip()
    if not plain:
        return ()
    if plain.count("|") == 2:  # the head of a FASTA record: sp|P05231|IL6_HUMAN
        plain = plain.split("|")[1]
    if "://" not in plain:
        plain = _plainer(plain)
    found = _of_address(plain) if "://" in plain else (*_of_curie(plain), *_of_accession(plain))
    return tuple(dict.fromkeys(found))


def _plainer(text: str) -> str:
    """An identifier without what carries it: percent signs, ``urn:miriam:``, a name behind it, spaces within a code."""
    text = unquote(text) if "%3a" in text.casefold() else text
    text = re.sub(r"^urn:miriam:", "", text, flags=re.I)
    if gene := _HUMAN_GENE.match(text):
        return f"NCBIGene:{gene[1]}"
    text = re.sub(r"^neXtProt:(?=NX_)", "", text, flags=re.I)
    if named := _CURIE_AND_NAME.match(text):
        return named[1]
    return _SPACED_CODE.sub(lambda code: "".join(code.groups()), text)


def not_held(text: str) -> str:
    """What to say of a code of a vocabulary that the graph does not hold; empty where a text is no such code.

    >>> not_held("ICD10:M05.9")
    'ICD codes are not held; use the name, or an identifier of MONDO, DOID, MESH, EFO, NCIT or HP'
    >>> not_held("MONDO:0008383")
    ''
    """
    plain = unicodedata.normalize("NFKC", text).strip().strip("<>\"'`[]")
    tail = re.split(r"[/#]", plain)[-1] if "://" in plain else plain
    for vocabulary, pattern in _NOT_HELD:
        if pattern.match(tail) or pattern.match(plain):
            return (
                f"{vocabulary} codes are not held; use the name, or an identifier of MONDO, DOID, MESH, EFO, NCIT or HP"
            )
    return ""


def is_known_prefix(prefix: str) -> bool:
    """Whether a prefix, in any known spelling, is that of a database of the project."""
    return bool(_forms(prefix))


def _of_address(address: str) -> tuple[Reference, ...]:
    """An address of a database, of a resolver, or of a browser that carries one of those in a parameter or path."""
    decoded = address
    for _ in range(3):
        decoded = unquote(decoded)
    inner = _NESTED.findall(decoded.partition("://")[2])
    if inner:
        return _of_address(re.sub(r"^(https?):/+", r"\1://", inner[-1], flags=re.I).split("&")[0])
    bare = decoded.partition("://")[2].removeprefix("www.")
    known = tuple(_of_known_address(bare))
    if known:
        return known
    resolver = _RESOLVER.match(bare)
    if resolver:
        named = resolver[1].split("?")[0]
        found = (*_of_curie(named), *_of_curie(named.replace("/", ":", 1)), *_of_accession(named))
        if found:
            return found
    for token in reversed([_ENDING.sub("", token) for token in _TOKENS.split(bare)[1:] if token]):
        found = (*_of_curie(token, is_loose=True), *_of_accession(token))
        if found:
            return found
    return (Reference(address),) if is_iri(address) else ()


def _of_known_address(bare: str) -> Iterator[Reference]:
    folded = bare.lower()
    for start, form in _addresses():
        if folded.startswith(start) and (
            local := _ENDING.sub("", re.split(r"[?&#]", bare[len(start) :])[0].strip("/"))
        ):
            local = local.split("/")[0] if form.prefix != "DOI" else local
            reference = _reference(form, local)
            if reference is not None:
                yield reference


def _of_curie(text: str, is_loose: bool = False) -> tuple[Reference, ...]:
    """A CURIE, or a prefix and a number joined by another sign; the latter only where the number looks right."""
    match = None if is_loose else _CURIE.match(text)
    if match:
        if match[1].casefold() in {"obo", "http", "https", "iri", "uri", "curie", "id"}:
            return _of_curie(match[2])
        return tuple(r for form in _forms(match[1]) if (r := _reference(form, match[2], is_curie=True)))
    joined = _JOINED.match(text) or re.match(r"^([A-Za-z]+):?(\d{7})$", text) or (is_loose and _CURIE.match(text))
    if not joined:
        return ()
    return tuple(r for form in _forms(joined[1]) if (r := _reference(form, joined[2])))


def _of_accession(text: str) -> tuple[Reference, ...]:
    upper = text if text.startswith("10.") else text.upper().removeprefix("NX_")
    for _, pattern, prefixes in _BARE:
        if pattern.match(upper):
            return tuple(r for prefix in prefixes if (r := _reference(_form(prefix), upper)))
    return ()


def _reference(form: _Form, local: str, is_curie: bool = False) -> Reference | None:
    """The IRI of a local part in canonical spelling; None where it does not look like one of that database."""
    local = local.strip()
    if form.prefix == "PR" and not local.isdigit():  # the Protein Ontology names proteins of a species by UniProt
        form = _form("UniProtKB")
    local, note = _canonical(form, local)
    if not form.pattern or form.pattern.match(local) or (is_curie and form.prefix in {"HP", "FPLX", "igd"}):
        iri = prefix_map()[form.prefix] + local
        return Reference(iri, note) if is_iri(iri) else None
    return None


def _canonical(form: _Form, local: str) -> tuple[str, str]:
    prefix, _, rest = local.partition(":") if ":" in local else local.partition("_")
    if rest and form in _forms(prefix):
        local = rest
    if form.is_upper:
        local = local.upper()
    isoform = _ISOFORM.match(local) if form.prefix == "UniProtKB" else None
    if isoform:
        return isoform[1], "isoform or chain of it"
    version = _VERSION.match(local) if form.prefix in {"ENSEMBL", "UniProtKB", "reactome"} else None
    if version:
        return version[1], "version left out"
    if form.prefix == "wikipathways" and "_" in local:
        return local.partition("_")[0], "version left out"
    if form.digits and local.isdigit() and len(local) < form.digits:
        return local.zfill(form.digits), "leading zeros added"
    return _with_letters(form.prefix, local), ""


def _with_letters(prefix: str, local: str) -> str:
    """The accession with the letters that it begins with, where only its number was given."""
    letters = {"CHEMBL.COMPOUND": "CHEMBL", "CHEMBL.TARGET": "CHEMBL", "DRUGBANK": "DB", "wikipathways": "WP"}.get(
        prefix
    )
    if prefix == "GTOPDB":
        return re.sub(r"^GTPL(?=\d+$)", "", local, flags=re.I)
    if prefix == "PUBCHEM.COMPOUND":
        return re.sub(r"^CID(?=\d+$)", "", local, flags=re.I)
    if prefix == "HMDB":
        return re.sub(r"^HMDB(?=\d{5}$)", "HMDB00", local, flags=re.I)
    return f"{letters}{local}" if letters and local.isdigit() else local


@cache
def _table() -> Mapping[str, Mapping[str, object]]:
    text = resources.files("immunograph").joinpath("prefix_forms.json").read_text(encoding="utf-8")
    found: Mapping[str, Mapping[str, object]] = json.loads(text)["prefixes"]
    return found


@cache
def _form(prefix: str) -> _Form:
    pattern = str(_table().get(prefix, {}).get("pattern") or "")
    width = _WIDTH.match(pattern)
    if prefix == "ATC":
        pattern = r"^[A-Z]\d{2}[A-Z]{2}\d{2}$"
    if prefix == "ENSEMBL":
        pattern = r"^ENS[A-Z]*\d{11}$"
    return _Form(
        prefix,
        re.compile(pattern) if pattern else None,
        bool(pattern) and not _LOWER.search(pattern) and prefix != "wikipathways",
        int(width[1]) if width else 0,
    )


_MORE_SPELLINGS: Mapping[str, tuple[str, ...]] = {
    "ATC": ("WHO ATC",),
    "NCBIGene": ("gene", "entrez"),
    "UniProtKB": ("UniProtKB/TrEMBL", "TrEMBL"),
    "wikipathways": ("WP",),
}


@cache
def _spellings() -> Mapping[str, tuple[_Form, ...]]:
    found: dict[str, list[_Form]] = {}
    for prefix in prefix_map():
        named = _table().get(prefix, {}).get("spellings", ())
        for spelling in (prefix, *(named if isinstance(named, list) else ()), *_MORE_SPELLINGS.get(prefix, ())):
            forms = found.setdefault(_key(str(spelling)), [])
            if (form := _form(prefix)) not in forms:
                forms.append(form)
    return {key: tuple(forms) for key, forms in found.items()}


def _forms(prefix: str) -> tuple[_Form, ...]:
    known = _spellings().get(_key(prefix), ())
    if not known and (shorter := _SAID_OF_PREFIX.sub("", prefix)) != prefix:
        return _forms(shorter) if shorter else ()
    return known


def _key(prefix: str) -> str:
    return re.sub(r"[^a-z0-9]", "", prefix.casefold())


@cache
def _addresses() -> tuple[tuple[str, _Form], ...]:
    """(address in lower case without scheme and ``www.``, form), longest first."""
    found = {
        namespace.partition("://")[2].removeprefix("www.").lower(): _form(prefix)
        for prefix, namespace in prefix_map().items()
    }
    for prefix, entry in _table().items():
        addresses = entry.get("addresses", ())
        for address in addresses if isinstance(addresses, list) else ():
            found.setdefault(address, _form(prefix))
    return tuple(sorted(found.items(), key=lambda pair: -len(pair[0])))
