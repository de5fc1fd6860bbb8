"""Names of conditions and measures in other words: abbreviations spelled out, counts that fell, words in any order.

Reports of adverse events say *QT prolongation*, *ALT increased* and *Neutrophil count decreased* of what hierarchies
call *Prolonged QT interval*, *Elevated circulating alanine aminotransferase concentration* and *neutropenia*.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from immunograph.names import name_key

KINDS = ("Condition", "Measure")
"""The kinds of node that are looked for in this way; names of substances and genes are not to be taken apart."""

_SPELLED_OUT: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(rf"\b{short}\b"), long)
    for short, long in (
        ("ALT", "alanine aminotransferase"),
        ("AST", "aspartate aminotransferase"),
        ("CRP", "C-reactive protein"),
        ("DVT", "deep vein thrombosis"),
        ("WBC", "white blood cell"),
    )
)
_LOW_COUNTS = {
    "neutrophil": "neutropenia",
    "lymphocyte": "lymphopenia",
    "white blood cell": "leukopenia",
    "leukocyte": "leukopenia",
    "platelet": "thrombocytopenia",
    "eosinophil": "eosinopenia",
}
_CELLS, _LOW = f"({'|'.join(_LOW_COUNTS)}) counts?", "(?:decreased|reduced|low)"
_LOW_COUNT = re.compile(rf"^(?:{_LOW} {_CELLS}|{_CELLS} {_LOW})$", re.IGNORECASE)
_SAME = {"anaphylactic reaction": "anaphylaxis"}
_EMPTY = frozenset("circulating concentration electrocardiogram interval level levels of serum the".split())
_MORE, _LESS = "more", "less"
_STEMS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?:increas|elevat)(?:e|es|ed|ing|ion)?|raised|gain"), _MORE),
    (re.compile(r"(?:decreas|reduc)(?:e|es|ed|ing|tion)?|lowered"), _LESS),
    (re.compile(r"(\w{4,}?)(?:ations?|ed|ing|s)"), r"\1"),
)
_SLIP = 0.8
"""How like two names are, at least, where one is the other with a slip of the pen."""
_LIKE_A_CONDITION = re.compile(
    r"(?:itis|emia|aemia|penia|osis|oma|algia|pathy|uria)s?\b|\b(?:ache|abnormal\w*|decreased|disease|disorder|"
    r"elevated|failure|haemorrhage|hemorrhage|increased|infections?|injury|pain|prolong\w*|reactions?|syndrome|toxicity)\b",
    re.IGNORECASE,
)


def word_bag(name: str) -> frozenset[str]:
    """The words of a name without their order and endings, and without those that say nothing of their own.

    >>> word_bag("QT prolongation") == word_bag("Prolonged QT interval")
    True
    >>> word_bag("Weight gain") == word_bag("Increased body weight")
    True
    """
    words = name_key(name).replace("body weight", "weight").split()
    return frozenset(_stem(word) for word in words if word not in _EMPTY)


def worded(name: str) -> Iterator[tuple[str, str]]:
    """Other ways to say a name of a condition or measure, each with a note; none where there is no other."""
    plain = long = " ".join(name.split())
    for pattern, words in _SPELLED_OUT:
        long = pattern.sub(words, long)
    if long != plain:
        yield long, "abbreviation spelled out"
    if low := _LOW_COUNT.match(long):
        yield _LOW_COUNTS[(low[1] or low[2]).casefold()], "a low count taken as its name"
    if same := _SAME.get(long.casefold()):
        yield same, f"taken as {same}"


def likely_kinds(text: str) -> tuple[str, ...]:
    """The kinds of node that a name speaks of by its words; empty where it says nothing of it."""
    return KINDS if _LIKE_A_CONDITION.search(text) else ()


def is_alike(text: str, name: str, likeness: float) -> bool:
    """Whether a near name is more than a match of letters: it shares a word, or differs by a slip of the pen."""
    shared = word_bag(text) & word_bag(name) - {_MORE, _LESS}
    return likeness >= _SLIP or any(len(word) > 2 for word in shared)


def _stem(word: str) -> str:
    for pattern, stem in _STEMS:
        if match := pattern.fullmatch(word):
            return match.expand(stem)
    return word
