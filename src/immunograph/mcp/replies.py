"""Answers for assistants: the same content as data and as short text, cut to a budget, with numbered citations."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from immunograph.queries.citations import Citation

Data = dict[str, Any]

DEFAULT_BUDGET = 20_000
"""Bytes of one answer, data and text together."""


class Numbers:
    """The citations of one answer, numbered in the order in which they are first named."""

    def __init__(self) -> None:
        self._known: dict[Citation, int] = {}

    def of(self, citations: Iterable[Citation]) -> list[int]:
        """The numbers of some citations, without repetition."""
        return list(dict.fromkeys(self._known.setdefault(one, len(self._known) + 1) for one in citations))

    def as_data(self) -> list[Data]:
        """Number, source, title, section and address of each; what is not stated is left out."""
        return [
            filled({"n": n, "source": c.source, "title": c.record, "section": c.section, "address": c.address})
            for c, n in self._known.items()
        ]

    def as_lines(self) -> list[str]:
        """The citations, one a line."""
        return [f"[{n}] {plain(str(citation))}" for citation, n in self._known.items()]


Shown = tuple[Data, str]
"""One item of an answer as data and as a line of text."""

Show = Callable[[Numbers], Shown]
"""Gives an item, its citations numbered."""


@dataclass(frozen=True, slots=True)
class Item:
    """One row, statement, step or path.

    Attributes:
        show: gives it as data and text, its citations numbered.
        order: where it stands among those shown; items are taken in their own order, so that the first are not
            all of one kind.
    """

    show: Show
    order: int = 0


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer before it is cut.

    Attributes:
        title: the first line of the text.
        head: data that always stand.
        name: key of the items in the data.
        items: what may be cut off at the end.
        rest: how to ask for what follows the first so many items.
        notes: sentences that always stand, in data and text.
        total: how many items there are in all; None where it is not known.
        start: how many items were passed over before the first.
        more: how to ask for what was never read; empty where all was.
    """

    title: str
    head: Mapping[str, Any] = field(default_factory=dict)
    name: str = "rows"
    items: Sequence[Item] = ()
    rest: Callable[[int], str] = lambda shown: f"ask again with offset={shown}"
    notes: Sequence[str] = ()
    total: int | None = None
    start: int = 0
    more: str = ""


def fitted(draft: Draft, budget: int) -> Data:
    """The data and the text of an answer, with as many items as the budget holds.

    Args:
        draft: the answer.
        budget: bytes of both together, as UTF-8 JSON.

    Returns:
        ``data`` and ``text``; where items are left out both say so, and how to get them.
    """
    whole = _rendered(draft, len(draft.items))
    if _size(whole) <= budget:
        return whole
    shown = bisect_right(range(len(draft.items)), budget, key=lambda count: _size(_rendered(draft, count))) - 1
    if shown >= 0:
        return _rendered(draft, shown)
    return _forced(draft, budget)


def filled(data: Mapping[str, Any]) -> Data:
    """Data without the keys that hold nothing."""
    return {key: value for key, value in data.items() if value not in (None, "", [])}


def plain(text: object) -> str:
    """A text on one line, without control characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in str(text)).split())


def plain_lines(text: str) -> str:
    """A text of several lines without control characters; what is indented stays so."""
    return "\n".join(" " * (len(line) - len(line.lstrip(" "))) + plain(line) for line in text.splitlines())


def marks(numbers: Sequence[int]) -> str:
    """Numbers of citations as they stand behind a line."""
    return f" {''.join(f'[{n}]' for n in numbers)}" if numbers else ""


def jsonable(value: object) -> object:
    """What JSON takes for values that it does not know."""
    return float(value) if isinstance(value, Decimal) else str(value)


def _forced(draft: Draft, budget: int) -> Data:
    """An answer whose frame alone is over the budget: without its largest parts, which are named."""
    head, title, left = dict(draft.head), draft.title, ["items"] if draft.items else []
    while True:
        more = f"left out for want of budget: {', '.join(left)}; give a larger budget"
        reply = _rendered(replace(draft, title=title, head=head, items=(), more=more), 0)
        sizes = {key: _size({key: value}) for key, value in head.items()}
        if "\n" in title:
            sizes["text"] = _size({"text": title})
        if _size(reply) <= budget or not sizes:
            return reply
        largest = max(sizes, key=lambda key: sizes[key])
        left.append(largest)
        if largest == "text":
            title = title.partition("\n")[0]
        else:
            del head[largest]


def _rendered(draft: Draft, count: int) -> Data:
    numbers = Numbers()
    items = [item.show(numbers) for item in sorted(draft.items[:count], key=lambda item: item.order)]
    is_cut = count < len(draft.items)
    more = _more(draft, count) if is_cut else draft.more
    shown = {"shown": count, "total": draft.total} if draft.name else {}
    data: Data = {
        **draft.head,
        **({draft.name: [item for item, _ in items]} if draft.name else {}),
        "citations": numbers.as_data(),
        **filled(shown),
        "truncated": bool(more),
        **filled({"more": more, "notes": list(draft.notes)}),
    }
    lines = [draft.title, *(line for _, line in items)]
    lines += ["", "Citations:", *numbers.as_lines()] if numbers.as_data() else []
    lines += [f"Note: {note}" for note in draft.notes]
    lines += [f"TRUNCATED: {more}"] if more else []
    return {"data": data, "text": "\n".join(lines)}


def _more(draft: Draft, count: int) -> str:
    known = f" of {draft.total}" if draft.total is not None else ""
    if count == 0:
        return f"the budget holds none of the items{known}; give a larger budget, or a narrower question"
    passed = f" from number {draft.start + 1} on" if draft.start else ""
    return f"{count}{known} shown{passed}, the budget was full; {draft.rest(draft.start + count)}"


def _size(reply: Data) -> int:
    return len(
        json.dumps(reply, ensure_ascii=False, separators=(",", ":"), default=jsonable).encode("utf-8", "replace")
    )
