"""A wheel built from the checkout carries ontology, data and queries, and works from any folder."""

from __future__ import annotations

import importlib.util
import os
import shutil
import site
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from immunograph import __version__

ROOT = Path(__file__).resolve().parents[2]
FIXTURE = ROOT / "tests" / "fixture"

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of what it is made of; without the build backend at hand, pip fetches it."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in ("src", "ontology", "data", "queries"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    has_backend = importlib.util.find_spec("hatchling") is not None
    options = ["--no-build-isolation"] if has_backend else []
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        *options,
        "--wheel-dir",
        str(out),
        str(source),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (made,) = out.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an empty environment with the wheel; its dependencies are those of this environment."""
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(packages)
    (packages / "dependencies.pth").write_text("\n".join(site.getsitepackages()) + "\n")
    return folder / "bin" / "python"


def run(python: Path, *args: str, folder: Path) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        [str(python), "-m", "immunograph", *args],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_holds_every_asset(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    for folder, pattern in (("ontology", "*.ttl"), ("ontology", "*.rq"), ("data", "*.ttl"), ("queries", "*.rq")):
        files = sorted((ROOT / folder).rglob(pattern))
        assert files
        missing = [path for path in files if f"immunograph/assets/{path.relative_to(ROOT)}" not in names]
        assert missing == []
    assert {"immunograph/prefixes.json", "immunograph/py.typed"} <= names
    assert not [name for name in names if "tests/" in name or "__pycache__" in name]


def test_the_installed_package_is_the_wheels(python: Path, tmp_path: Path) -> None:
    code = "import immunograph.assets as a; print(a.__file__, a.ontology_dir())"
    shown = subprocess.run([str(python), "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    module, ontology = shown.split()
    assert str(python.parents[1]) in module and ontology.endswith("immunograph/assets/ontology")


def test_the_command_works_from_any_folder(python: Path, tmp_path: Path) -> None:
    assert run(python, "--version", folder=tmp_path).strip().endswith(__version__)
    assert "modulators-of-genes" in run(python, "queries", folder=tmp_path)
    data = ("--data", str(FIXTURE), "--quiet")
    assert "UniProtKB:P05231" in run(python, "find", "IL6", *data, folder=tmp_path)
    assert "tocilizumab" in run(python, "query", "modulators-of-genes", "genes=IL6R", *data, folder=tmp_path)
    assert "by lift-primary-action" in run(
        python, "explain", "tocilizumab", "a", "ig:IL6Inhibitor", *data, folder=tmp_path
    )


def test_the_entry_point_is_there_and_leads_to_the_command(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith("entry_points.txt")]
        assert "immunograph = immunograph.cli:main" in archive.read(name).decode()
