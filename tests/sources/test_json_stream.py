"""A streamed file gives what the whole file gives."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from immunograph.errors import LoadError
from immunograph.sources import json_stream
from immunograph.sources.json_stream import json_items

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


@given(value=st.dictionaries(st.text(max_size=4), VALUES, max_size=6), chunk=st.integers(1, 7))
def test_members_are_those_of_the_whole(
    value: dict[str, object], chunk: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("json") / "a.json"
    path.write_text(json.dumps(value, indent=1), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_stream, "_CHUNK", chunk)
        assert dict(json_items(path)) == value


def test_arrays_are_numbered(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("[10, 20]")
    assert list(json_items(tmp_path / "a.json")) == [("0", 10), ("1", 20)]


@pytest.mark.parametrize("content", ["", "3", "{", '{"a" 1}', '{"a": 1', "[1 2]", "[1,"])
def test_a_cut_off_file_is_refused(content: str, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(content)
    with pytest.raises(LoadError, match="cannot be read as JSON"):
        list(json_items(tmp_path / "a.json"))
