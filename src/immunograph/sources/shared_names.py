"""Names of declared modulators that another modulator has already."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field

from immunograph.identifiers import compress
from immunograph.model import Node
from immunograph.names import name_key
from immunograph.registry import Registry
from immunograph.sources.importer import ImportReport
from immunograph.sources.medicines import is_only_endogenous
from immunograph.sources.sheets import Entry, listed

_LONGEST_ABBREVIATION = 5


@dataclass(slots=True)
class SharedNames:
    """Tells of an entry whose name means another modulator too.

    A medicine may have the name of the mediator that it is a copy of, and of the adjuvant that it is used as. Two
    substances may share an abbreviation, which is only noted. Any other shared name is told as an error, unless an
    alias says which of the two it means.

    Attributes:
        known: every node, those of the sheets among them.
        iri_of: entry → IRI of its node.
        told_apart: name keys of which an alias says what they mean.
        report: what is told.
    """

    known: Registry
    iri_of: Callable[[Entry], str]
    told_apart: Collection[str]
    report: ImportReport
    _declared: dict[str, Entry] = field(default_factory=dict)
    _told: set[frozenset[str]] = field(default_factory=set)
    _seen: set[str] = field(default_factory=set)

    def tell(self, entries: Sequence[Entry]) -> None:
        """Look at every modulator that an entry labels; each pair of modulators is told once."""
        labelled = [entry for entry in entries if entry.section == "modulators" and "label" in entry.row]
        for entry in labelled:
            self._tell_twice_declared(entry)
        for entry in labelled:
            self._tell_names(entry, (str(entry.row["label"]), entry.slug.replace("-", " ")))
        for entry in labelled:
            self._seen.add(self.iri_of(entry))
            self._tell_names(entry, listed(entry.row, "synonyms"), waits=True)

    def _tell_twice_declared(self, entry: Entry) -> None:
        iri = self.iri_of(entry)
        first = self._declared.setdefault(iri, entry)
        is_mediator = "endogenous" in listed(entry.row, "roles")
        is_same = first.slug == entry.slug or is_mediator != ("endogenous" in listed(first.row, "roles"))
        if not is_same and name_key(entry.slug) not in self.told_apart:
            self._refuse(entry, str(entry.row["label"]), self.known.nodes[iri])

    def _tell_names(self, entry: Entry, names: Sequence[str], *, waits: bool = False) -> None:
        own = self.known.nodes[self.iri_of(entry)]
        for name in names:
            for other in self._others(name, own):
                if waits and self._comes_later(other, name):
                    continue
                self._told.add(frozenset((own.iri, other.iri)))
                if name.isupper() and len(name) <= _LONGEST_ABBREVIATION:
                    self.report.note(entry.at, "an abbreviation of two modulators", f"{name}, {self._shown(other)}")
                else:
                    self._refuse(entry, name, other)

    def _comes_later(self, other: Node, name: str) -> bool:
        """Whether an entry that is yet to be looked at gives the other modulator this name; it is told there."""
        declared = self._declared.get(other.iri)
        given = listed(declared.row, "synonyms") if declared else ()
        return other.iri not in self._seen and name_key(name) in map(name_key, given)

    def _others(self, name: str, own: Node) -> Iterator[Node]:
        if name_key(name) in self.told_apart:
            return
        for other in self.known.by_name(name, ("Modulator",)):
            is_new = other.iri != own.iri and frozenset((own.iri, other.iri)) not in self._told
            if is_new and not _may_share(own, other):
                yield other

    def _refuse(self, entry: Entry, name: str, other: Node) -> None:
        detail = (
            f"{name} is already a name of {self._shown(other)}; write its rows there, "
            f"or say what the name means under `aliases`: {{{name}: igd:{entry.slug}}}"
        )
        self.report.skip(entry.at, "a name of another modulator", detail, is_malformed=True)

    def _shown(self, node: Node) -> str:
        declared = self._declared.get(node.iri)
        where = str(declared.at) if declared else ", ".join(compress(source) for source in node.sources[:1])
        return f"{node.label} ({compress(node.iri)}, {where})"


def _may_share(one: Node, other: Node) -> bool:
    adjuvants = ["VaccineAdjuvant" in node.types for node in (one, other)]
    return is_only_endogenous(one) or is_only_endogenous(other) or adjuvants[0] != adjuvants[1]
