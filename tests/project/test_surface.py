"""The public names, and what importing the package costs."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from pathlib import Path

import immunograph
from immunograph import errors

ROOT = Path(__file__).resolve().parents[2]
HEAVY = set("rdflib duckdb pyoxigraph pyshacl pandas polars pyarrow networkx owlrl rich yaml".split())


def test_every_public_name_is_there_and_sorted() -> None:
    assert immunograph.__all__ == sorted(immunograph.__all__)
    for name in immunograph.__all__:
        assert getattr(immunograph, name) is not None


def test_every_error_is_public_and_in_the_tree() -> None:
    tree = {name for name, cls in inspect.getmembers(errors, inspect.isclass) if issubclass(cls, Exception)}
    assert tree <= set(immunograph.__all__)
    assert tree == set(re.findall(r"\b([A-Z]\w+Error)\b", errors.__doc__ or ""))


def test_importing_the_package_is_light() -> None:
    code = f"import sys, immunograph; print(sorted({HEAVY!r} & set(sys.modules)))"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert shown.strip() == "[]"


def test_the_version_is_in_the_change_log() -> None:
    assert f"## [{immunograph.__version__}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
