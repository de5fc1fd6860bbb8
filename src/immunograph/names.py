"""How names are compared: case, Greek letters, punctuation and spacing do not count."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable

_GREEK = {
    "α": "alpha",
    "β": "beta",
    "γ": "gamma",
    "δ": "delta",
    "ε": "epsilon",
    "ζ": "zeta",
    "η": "eta",
    "θ": "theta",
    "ι": "iota",
    "κ": "kappa",
    "λ": "lambda",
    "μ": "mu",
    "ν": "nu",
    "ξ": "xi",
    "π": "pi",
    "ρ": "rho",
    "σ": "sigma",
    "ς": "sigma",
    "τ": "tau",
    "υ": "upsilon",
    "φ": "phi",
    "χ": "chi",
    "ψ": "psi",
    "ω": "omega",
}
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_MARKS = str.maketrans({"™": " ", "℠": " ", "®": " ", "©": " "})
_POSSESSIVE = re.compile(r"(?<=\w)['\u2019\u02bc`]s\b", re.IGNORECASE)
_BRITISH = re.compile(
    "haem|aemi|paeni|oedem|oesoph|oestr|rrhoe|coeli|foet|paed|faec|gynaec|anaest|aetio|caec|orthopaed|tumour|"
    "signalling|sulph|leuco(?=[cp])|isation|fibre"
)
_AMERICAN = {
    "tumour": "tumor",
    "signalling": "signaling",
    "sulph": "sulf",
    "leuco": "leuko",
    "isation": "ization",
    "fibre": "fiber",
}
_SHORT_GREEK = {"alpha": "a", "beta": "b", "gamma": "g", "delta": "d", "epsilon": "e", "kappa": "k"}
_GREEK_NAME = re.compile("|".join(_SHORT_GREEK))


def name_key(name: str) -> str:
    """Give the form under which a name is looked up.

    >>> name_key("TNF-α") == name_key("tnf alpha")
    True
    """
    folded = unicodedata.normalize("NFKC", name.translate(_MARKS)).casefold()
    spelled = "".join(f" {_GREEK[letter]} " if letter in _GREEK else letter for letter in folded)
    plain = "".join(c for c in unicodedata.normalize("NFKD", spelled) if not unicodedata.combining(c))
    return _NOT_WORD.sub(" ", plain).strip()


def loose_key(name: str) -> str:
    """Give a looser form: no spaces, no possessive, one spelling, Greek letters by their first letter.

    >>> loose_key("IFN-γ") == loose_key("IFNG")
    True
    >>> loose_key("NF-κB") == loose_key("NFkappaB")
    True
    >>> loose_key("Crohn's disease") == loose_key("Crohn disease")
    True
    >>> loose_key("leukaemia") == loose_key("leukemia")
    True
    """
    words = name_key(_POSSESSIVE.sub("", name)).replace(" ", "")
    return _BRITISH.sub(_american, _GREEK_NAME.sub(lambda match: _SHORT_GREEK[match[0]], words))


def _american(match: re.Match[str]) -> str:
    return _AMERICAN.get(match[0]) or match[0].replace("ae", "e").replace("oe", "e")


def nearest(name: str, known: Iterable[str], limit: int = 5) -> list[str]:
    """The known names most like a given one, best first; empty where none is near."""
    by_key: dict[str, str] = {}
    for candidate in known:
        by_key.setdefault(name_key(candidate), candidate)
    return [by_key[key] for key in difflib.get_close_matches(name_key(name), by_key, n=limit, cutoff=0.6)]
