"""The errors of the project.

ImmunographError
  + LoadError            a file that cannot be read or parsed; carries the place
  + UnknownTermError     a name, CURIE or IRI that the graph does not know; carries suggestions
    + NotStatedError     a statement to be retracted that nothing states
    + WrongKindError     a name that is known, but for another kind of thing
  + AmbiguousTermError   a name that means several nodes; carries the candidates
  + QueryNotFoundError   no saved query of that name; carries suggestions
  + QueryParameterError  a parameter that is missing, unknown or malformed
  + QueryError           a SPARQL text that does not parse or cannot be run
  + QueryTimeoutError    a question that took longer than it was given; carries the seconds
  + AnswerTooLargeError  an answer of more rows or bytes than a server gives; carries the most
  + NotOfferedError      a media type that the form of a query has not; carries those that it has
  + ServerBusyError      too many questions at once
  + RuleError            an axiom or rule outside what the reasoner supports; carries the place
  + InconsistencyError   the graph contradicts itself; carries the clashes
  + StoreError           a built graph that is missing, unreadable or half-written
  + EndpointError        a remote endpoint that failed or answered nonsense
  + ExportError          a target that cannot be written
  + MissingExtraError    an optional package that is not installed; carries the extra's name
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a file something stands; ``line`` counts from 1, None where it is not known."""

    path: Path
    line: int | None = None

    def __str__(self) -> str:
        return f"{self.path}:{self.line}" if self.line else str(self.path)


class ImmunographError(Exception):
    """Anything that the project refuses, with a text that says what, where and what to do."""

    exit_code = 3


class LoadError(ImmunographError):
    """A file that cannot be read or parsed; ``reason`` is its text without the place."""

    def __init__(self, message: str, at: Place) -> None:
        self.at = at
        self.reason = " ".join(message.split())
        super().__init__(f"{at}: {self.reason}")


class UnknownTermError(ImmunographError):
    """A name, CURIE or IRI that the graph does not know."""

    def __init__(self, text: str, suggestions: Sequence[str] = (), why: str = "") -> None:
        hint = f"; did you mean {', '.join(suggestions)}?" if suggestions else f"; {why or 'try `immunograph find`'}"
        super().__init__(f"nothing is called {text!r}{hint}")
        self.text = text
        self.suggestions = tuple(suggestions)


class WrongKindError(UnknownTermError):
    """A name that the graph knows, but for another kind of thing than is asked for."""

    def __init__(self, text: str, found: Sequence[str], wanted: Sequence[str]) -> None:
        ImmunographError.__init__(
            self, f"{text!r} is {'; '.join(found)}, and a {' or '.join(wanted)} is wanted; try `immunograph find`"
        )
        self.text = text
        self.suggestions = tuple(found)
        self.wanted = tuple(wanted)


class NotStatedError(UnknownTermError):
    """A statement that would be retracted is not one that the graph states."""

    def __init__(self, statement: str, is_inferred: bool) -> None:
        what = "is inferred: retract what `immunograph explain` shows as stated" if is_inferred else "does not hold"
        ImmunographError.__init__(self, f"{statement} is not stated, so it cannot be retracted; it {what}")
        self.text = statement
        self.suggestions = ()


class AmbiguousTermError(ImmunographError):
    """A name that means several nodes."""

    def __init__(self, text: str, candidates: Sequence[str]) -> None:
        super().__init__(f"{text!r} means several things: {'; '.join(candidates)}; give the CURIE of one")
        self.text = text
        self.candidates = tuple(candidates)


class QueryNotFoundError(ImmunographError):
    """No saved query has that name."""

    def __init__(self, name: str, suggestions: Sequence[str] = ()) -> None:
        hint = f"did you mean {', '.join(suggestions)}?" if suggestions else "list them with `immunograph queries`"
        super().__init__(f"no saved query is called {name!r}; {hint}")
        self.name = name
        self.suggestions = tuple(suggestions)


class QueryParameterError(ImmunographError):
    """A parameter that is missing, unknown or malformed."""


class QueryError(ImmunographError):
    """A SPARQL text that does not parse or cannot be run."""


class QueryTimeoutError(ImmunographError):
    """A question that took longer than it was given."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"no answer in {seconds:g} s; raise --timeout, or ask for less")
        self.seconds = seconds


class AnswerTooLargeError(ImmunographError):
    """An answer of more rows or bytes than a server gives."""

    def __init__(self, most: str) -> None:
        super().__init__(f"the answer has more than {most}, and none is cut off; ask for less, or by parts with LIMIT")
        self.most = most


class NotOfferedError(ImmunographError):
    """A media type that the form of a query has not."""

    def __init__(self, offered: Sequence[str], why: str = "") -> None:
        reason = f"cannot be written so ({why})" if why else "is in none of the wanted media types"
        super().__init__(f"the answer {reason}; ask for {', '.join(offered)}")
        self.offered = tuple(offered)
        self.why = why


class ServerBusyError(ImmunographError):
    """Too many questions at once."""


class RuleError(ImmunographError):
    """An axiom or a rule outside what the reasoner supports."""


class InconsistencyError(ImmunographError):
    """The graph contradicts itself."""

    def __init__(self, clashes: Sequence[str]) -> None:
        shown = "\n".join(clashes[:5])
        more = f"\n... and {len(clashes) - 5} more" if len(clashes) > 5 else ""
        super().__init__(f"the graph contradicts itself in {len(clashes)} place(s):\n{shown}{more}")
        self.clashes = tuple(clashes)


class StoreError(ImmunographError):
    """A built graph that is missing, unreadable or half-written."""

    def __init__(self, message: str) -> None:
        super().__init__(" ".join(message.split()))


class EndpointError(ImmunographError):
    """A remote endpoint that failed, or whose answer cannot be read."""


class ExportError(ImmunographError):
    """A target that cannot be written, or a value that the format cannot hold."""


class MissingExtraError(ImmunographError):
    """An optional package that is not installed."""

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(f"{package} is not installed; install it with `pip install 'immunograph[{extra}]'`")
        self.package = package
        self.extra = extra
