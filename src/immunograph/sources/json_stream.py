"""One large JSON array or object → its members, one at a time, so that memory stays small."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from immunograph.errors import LoadError, Place
from immunograph.sources.importer import open_text

_CHUNK = 1 << 20
_SPACE = re.compile(r"[ \t\r\n]*")


def json_items(path: Path) -> Iterator[tuple[str, object]]:
    """Read the members of the array or object that a JSON file holds, in file order.

    Yields:
        The key (the position, from 0, in an array) and the parsed value.

    Raises:
        LoadError: the file is missing, cut off, or is not one JSON array or object.
    """
    with open_text(path) as text:
        try:
            yield from json_members(text)
        except (ValueError, EOFError, OSError) as error:
            raise LoadError(f"cannot be read as JSON ({error}); fetch the file again", Place(path)) from error


def json_members(text: IO[str]) -> Iterator[tuple[str, object]]:
    """The same from an open text.

    Raises:
        ValueError: it is cut off, or is not one JSON array or object.
    """
    yield from _members(_Buffer(text))


class _Buffer:
    """A window on a stream that grows until the value at its start is whole."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self._decoder = json.JSONDecoder()
        self._text = ""
        self._at = 0

    def next_character(self) -> str:
        """Take the next character that is not space; empty at the end."""
        found = self.peek()
        self._at += 1
        return found

    def peek(self) -> str:
        """The next character that is not space, left in place; empty at the end."""
        while True:
            match = _SPACE.match(self._text, self._at)
            self._at = match.end() if match else self._at
            if self._at < len(self._text) or not self._grow():
                return self._text[self._at : self._at + 1]

    def value(self) -> object:
        """Take the next value; what follows it must be there too, or a number could be cut in two."""
        self.peek()
        while True:
            try:
                found, end = self._decoder.raw_decode(self._text, self._at)
            except json.JSONDecodeError:
                if not self._grow():
                    raise
                continue
            if end < len(self._text) or not self._grow():
                self._at = end
                return found

    def _grow(self) -> bool:
        more = self._stream.read(max(_CHUNK, len(self._text) - self._at))
        self._text = self._text[self._at :] + more
        self._at = 0
        return bool(more)


def _members(buffer: _Buffer) -> Iterator[tuple[str, object]]:
    opening = buffer.next_character()
    if opening not in ("{", "["):
        raise ValueError("neither an array nor an object")
    closing = "}" if opening == "{" else "]"
    if buffer.peek() == closing:
        return
    position = 0
    while True:
        key = str(position)
        if opening == "{":
            key = str(buffer.value())
            if buffer.next_character() != ":":
                raise ValueError(f"no colon after {key!r}")
        yield key, buffer.value()
        position += 1
        after = buffer.next_character()
        if after == closing:
            return
        if after != ",":
            raise ValueError(f"member {position} is followed by {after!r}, not by a comma")
