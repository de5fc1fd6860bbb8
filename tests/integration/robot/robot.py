"""ROBOT, the OBO Foundry's tool, fetched once from Maven Central into the user's cache.

    python tests/integration/robot/robot.py report --input immunograph.owl

runs one of its commands by hand. It needs Java 11 or newer, and Maven the first time.
"""

from __future__ import annotations

import functools
import importlib.util
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
SPEC = importlib.util.spec_from_file_location("integration_programs", HERE.parent / "programs.py")
assert SPEC and SPEC.loader
programs = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(programs)
Missing = programs.Missing


@functools.cache
def robot_folder() -> Path:
    """The folder of the jars.

    Raises:
        Missing: Java or Maven is not installed, or the jars cannot be fetched.
    """
    pom = HERE / "pom.xml"
    if shutil.which("java") is None:
        raise Missing("java is not installed, and ROBOT needs it")

    def make(folder: Path) -> None:
        copy = ["mvn", "-q", "-B", "-f", pom, "dependency:copy-dependencies", "-DincludeScope=runtime"]
        programs.run([*copy, f"-DoutputDirectory={folder / 'jars'}"], folder, "ROBOT")

    folder: Path = programs.fetched("robot", make, pom.read_text(encoding="utf-8"))
    return folder


def robot(arguments: Sequence[str | Path], seconds: int = 300) -> subprocess.CompletedProcess[str]:
    """Run one command of ROBOT, or a chain of them; what it says stands in ``stdout``.

    Raises:
        Missing: as ``robot_folder``.
    """
    jars = robot_folder() / "jars"
    command = ["java", "-Xmx2g", "-cp", f"{jars}/*", "org.obolibrary.robot.CommandLineInterface"]
    return subprocess.run(
        [*command, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=seconds,
        check=False,
        stdin=subprocess.DEVNULL,
    )


if __name__ == "__main__":
    ended = robot(sys.argv[1:])
    sys.stdout.write(ended.stdout)
    sys.exit(ended.returncode)
