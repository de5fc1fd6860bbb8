"""A name as people write it → the plainer names that it may stand for, from sure to loose.

Tables carry names with brand marks, salts, doses and species. Each form says what was left out, so that a reader of
the answer can judge it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_SALTS = (
    "acetate acetonide adipate anhydrous arginine aspartate benzoate besilate besylate bromide butyrate calcium "
    "carbonate chloride choline citrate dihydrate dihydrochloride dimaleate dipropionate disodium embonate "
    "erbumine esylate ester etabonate fumarate furoate gluconate glucuronate hcl hemifumarate hemihydrate "
    "hemisuccinate hydrate hydrobromide hydrochloride hydrogen hydroxide iodide isethionate lactate lysine "
    "magnesium malate maleate meglumine mesilate mesylate methanesulfonate methylsulfate mofetil monohydrate "
    "monosodium napsylate nitrate olamine oxalate pamoate phosphate pivalate potassium propionate sodium stearate "
    "succinate sulfate sulphate tartrate teoclate tosilate tosylate trihydrate trometamol tromethamine valerate "
    "xinafoate zinc"
).split()
"""Counter-ions, esters and solvates that follow the name of a substance."""

_FORMS = (
    "capsule capsules cream creme drops extended-release film-coated foam gel implant infusion inhalation injectable "
    "injection intravenous lotion modified-release nasal ointment ophthalmic oral pen powder prefilled release sc iv "
    "im po s.c. i.v. i.m. p.o. subcut subq subcutaneous solution spray suspension syringe tablet tablets topical "
    "vial for biosimilar generic"
).split()
"""Words of a pharmaceutical form or make."""

_DOSE = re.compile(r"\s+\d[\d.,]*\s*(?:mg|mcg|µg|ug|g|ml|iu|units?|%)(?!\w).*$", re.IGNORECASE)
_SUFFIX = re.compile(r"^(.*[a-z]{3})-[a-z]{4}$", re.IGNORECASE)
_BRACKETED = re.compile(r"\s*[(\[]([^()\[\]]+)[)\]]\s*")
_SPECIES = re.compile(
    r"^(?:recombinant\s+)?(?:human\s+|homo sapiens\s+|recombinant\s+|h(?=IL-?\d))|[\s_](?:human|homo sapiens)$", re.I
)
_KIND = re.compile(r"\s+(?:protein|gene|cells?|pathway)$", re.IGNORECASE)
_BLOCKER = re.compile(
    r"^(?:anti[-\s]+(.+?)(?:\s+(?:antibod(?:y|ies)|mabs?|therapy))?|(.+?)\s+(?:blockers?|antagonists?|inhibitors?|"
    r"antibod(?:y|ies)|mabs?))$",
    re.IGNORECASE,
)
_SHORT_BLOCKER = re.compile(r"^([A-Z][A-Za-z0-9-]*[A-Z0-9])i$")
_LAST_GREEK = re.compile(r"[\s-]*(?:[αβγδ]|alpha|alfa|beta|gamma|delta)$", re.IGNORECASE)
_FIRST_GREEK = re.compile(r"^([αβγδ]|alpha|alfa|beta|gamma|delta)[\s-]+([A-Za-z]{4,})$", re.IGNORECASE)
_INTERFERON = re.compile(r"^(?:IFN|interferon)[\s-]*(α|alpha|alfa|a|β|beta|b|γ|gamma|g)[\s-]*(\d[ab])$", re.IGNORECASE)
_TYPE_LAST = re.compile(r"^(.*\w),?\s+type\s+(\w{1,4})$", re.IGNORECASE)
_WITHOUT_E = re.compile(r"[a-z]{4}(?:ol|on|in|at|id)$")
_LONG: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), short)
    for pattern, short in (
        (r"\btumou?r necrosis factor\b", "TNF"),
        (r"\btransforming growth factor\b", "TGF"),
        (r"\bvascular endothelial growth factor\b", "VEGF"),
        (r"\bcolony[\s-]stimulating factor\b", "CSF"),
        (r"\binterleukin\b", "IL"),
        (r"\binterferon\b", "IFN"),
        (r"\btoll[\s-]like receptor\b", "TLR"),
        (r"\bjanus kinase\b", "JAK"),
        (r"[\s-]+receptor\b", "R"),
    )
)
"""Words of the names of cytokines and receptors that are as often abbreviated."""
_ALPHA_BETA = re.compile(r"-positive T[ -]cell")
_ALFA = re.compile(r"\balfa\b", re.IGNORECASE)
_ALPHA = re.compile(r"\balpha\b|α", re.IGNORECASE)
_NOS = re.compile(r"[\s,(]+(?:NOS|not otherwise specified)\)?\s*$", re.IGNORECASE)
SPELLING_NOTES = frozenset(
    {
        "plus and minus read as positive and negative",
        "words after the comma put first",
        "Roman numeral read as a number",
        "singular and plural taken as one",
        "species left out",
        "alfa read as alpha",
        "alpha read as alfa",
        "long name abbreviated",
        "type put first",
        "Greek letter put last",
    }
)
"""Notes of changes that leave the meaning as it was; all others make a match a close one."""

_ROMAN = {
    "i": "1",
    "ii": "2",
    "iii": "3",
    "iv": "4",
    "v": "5",
    "vi": "6",
    "vii": "7",
    "viii": "8",
    "ix": "9",
    "x": "10",
}


def name_forms(name: str) -> Iterator[tuple[str, str]]:
    """Give the forms to look a name up under, in order, each with what was changed.

    Yields:
        The name itself with an empty note, then plainer forms; no form twice.

    >>> list(name_forms("tofacitinib citrate"))[1]
    ('tofacitinib', 'salt or form left out')
    """
    seen: set[str] = set()
    for form, note in _forms(" ".join(name.split())):
        if form and form.casefold() not in seen:
            seen.add(form.casefold())
            yield form, note


def medicine_of(name: str) -> str:
    """The medicine that the short name of a subtype of interferon means as well; empty for other names.

    >>> medicine_of("IFNα2b")
    'interferon alfa-2b'
    """
    match = _INTERFERON.match(" ".join(name.split()))
    greek = {"a": "alfa", "α": "alfa", "b": "beta", "β": "beta", "g": "gamma", "γ": "gamma"}
    return f"interferon {greek[match[1][0].casefold()]}-{match[2].casefold()}" if match else ""


def _forms(name: str) -> Iterator[tuple[str, str]]:
    yield name, ""
    if inverted := _inverted(name):
        yield inverted, "words after the comma put first"
    yield _in_arabic(name), "Roman numeral read as a number"
    if typed := _TYPE_LAST.match(_in_arabic(name)):
        yield f"type {typed[2]} {typed[1]}", "type put first"
    yield _abbreviated(name), "long name abbreviated"
    yield _SPECIES.sub("", name), "species left out"
    if match := _SUFFIX.match(name):
        yield match[1], "suffix of a biosimilar left out"
    for short in _without_form(_DOSE.sub("", name)):
        yield short, "salt or form left out"
    for number in _numbers(name):
        yield number, "singular and plural taken as one"
    for number in (name, *_numbers(name)):
        yield _signed(number), "plus and minus read as positive and negative"
        yield _ALPHA_BETA.sub("-positive, alpha-beta T cell", _signed(number)), "alpha-beta T cells taken"
    yield _ALFA.sub("alpha", name), "alfa read as alpha"
    last = _FIRST_GREEK.sub(r"\2 \1", name)
    yield last, "Greek letter put last"
    yield _abbreviated(last), "long name abbreviated"
    yield _ALPHA.sub("alfa", last), "alpha read as alfa"
    yield _NOS.sub("", name), "NOS left out"
    yield from _looser(name)


def _looser(name: str) -> Iterator[tuple[str, str]]:
    """Forms in which a part is left out or added, so that the match is a close one."""
    if blocked := _blocked(name):
        for target in (blocked, _LAST_GREEK.sub("", blocked)):
            yield f"{target} inhibitor", "taken as a class of inhibitors"
            yield f"{target}-directed therapy", "taken as a class of therapies"
    if _BRACKETED.search(name):
        yield _BRACKETED.sub(" ", name).strip(), "brackets left out"
        for inside in _BRACKETED.findall(name):
            yield inside, "taken from the brackets"
    yield _KIND.sub("", name), "last word left out"
    if len(name) > 1 and not name.casefold().endswith(("cell", "cells")):
        yield f"{name} cell", "the word cell added"
        yield f"{name} cell therapy", "the words cell therapy added"
    if _WITHOUT_E.search(name):
        yield f"{name}e", "final e added"


def _inverted(name: str) -> str:
    """``Arthritis, Rheumatoid`` → ``Rheumatoid Arthritis``."""
    parts = [part.strip() for part in name.split(",")]
    return " ".join([*reversed(parts[1:]), parts[0]]) if len(parts) > 1 and all(parts) else ""


def _in_arabic(name: str) -> str:
    words = re.split(r"([\s-]+)", name)
    return "".join(_ROMAN.get(word.casefold(), word) if at else word for at, word in enumerate(words))


def _numbers(name: str) -> Iterator[str]:
    if len(name) > 4 and name[-1].isalpha():
        if name.endswith("ies"):
            yield name[:-3] + "y"
        if name.endswith("s") and not name.endswith(("ss", "is", "us")):
            yield name[:-1]
        else:
            yield name + "s"
    words = [
        word[:-1] if len(word) > 4 and word[-1] == "s" and word[-2] not in "sui" else word for word in name.split()
    ]
    yield " ".join(words)


def _abbreviated(name: str) -> str:
    """``tumor necrosis factor alpha`` → ``TNF alpha``; ``interleukin 6 receptor`` → ``IL 6R``."""
    for pattern, short in _LONG:
        name = pattern.sub(short, name)
    return name


def _blocked(name: str) -> str:
    """What a blocker, ``anti-...`` or ``...i`` is said to act on; empty where the name speaks of none."""
    match = _BLOCKER.match(name) or _SHORT_BLOCKER.match(name)
    return next(filter(None, match.groups()), "") if match else ""


def _signed(name: str) -> str:
    """``CD8+ T cell`` and ``CD8 T cell`` → ``CD8-positive T cell``."""
    name = re.sub(r"^(CD\d+)[\s-]+(?=(?:T|B|NK)[\s-](?:cell|lymphocyte))", r"\1-positive ", name, flags=re.IGNORECASE)
    return re.sub(r"(?<=\w)-(?=\s)", "-negative", re.sub(r"(?<=\w)\+(?=\s|$)", "-positive", name))


def _without_form(name: str) -> Iterator[str]:
    """The name without the words of salts and forms at its end, one after another, the longest first."""
    yield name
    words = name.split()
    while len(words) > 1 and words[-1].casefold().strip(",.;") in {*_SALTS, *_FORMS}:
        words.pop()
        yield " ".join(words).rstrip(",;")
    while len(words) > 1 and words[0].casefold() in _SALTS:
        words.pop(0)
        yield " ".join(words)
