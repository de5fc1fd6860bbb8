"""The real Neo4j 5.26, server, import tool and shell, on the loopback interface, stopped by its process.

    python tests/integration/neo4j/server.py [FOLDER OF AN EXPORT]

fetches them once by Maven (about 170 MB, kept in the user's cache), imports an export where one is given, and serves it
until Ctrl-C or a signal to end.
"""

from __future__ import annotations

import argparse
import fcntl
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import platformdirs

HERE = Path(__file__).resolve().parent
SPEC = importlib.util.spec_from_file_location("integration_programs", HERE.parent / "programs.py")
assert SPEC and SPEC.loader
programs = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(programs)
Missing = programs.Missing
VERSION = "5.26.30"
PASSWORD = "only-for-tests"


@dataclass
class Neo4j:
    """One server with its own folder.

    Attributes:
        home: its folder; the folder ``import`` in it is what LOAD CSV may read.
        jars: of the server.
        shell_jars: of ``cypher-shell``.
        port: of the Bolt protocol.
    """

    home: Path
    jars: Path
    shell_jars: Path
    port: int = 0
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        return f"neo4j://127.0.0.1:{self.port}"

    def prepare(self) -> None:
        """Write the configuration, a password, and the programs that an installed server has."""
        self.port = self.port or programs.free_port()
        for name in ("conf", "import", "bin", "logs"):
            (self.home / name).mkdir(parents=True, exist_ok=True)
        (self.home / "conf" / "neo4j.conf").write_text(
            f"server.bolt.listen_address=127.0.0.1:{self.port}\n"
            f"server.bolt.advertised_address=127.0.0.1:{self.port}\n"
            "server.directories.import=import\n"
            "server.http.enabled=false\n"
            "server.memory.heap.max_size=1g\n"
            "server.memory.pagecache.size=256m\n"
            "dbms.usage_report.enabled=false\n"
            "db.tx_log.preallocate=false\n"
        )
        self._program("neo4j-admin", self.jars, "org.neo4j.cli.AdminTool")
        self._program("cypher-shell", self.shell_jars, "org.neo4j.shell.Main")
        self.run(["neo4j-admin", "dbms", "set-initial-password", PASSWORD], self.home)

    def _program(self, name: str, jars: Path, main: str) -> None:
        path = self.home / "bin" / name
        path.write_text(
            f'#!/bin/sh\nexport NEO4J_HOME="{self.home}" NEO4J_CONF="{self.home}/conf"\n'
            f'exec "{programs.program("java")}" -Xmx1g -cp "{jars}/*" {main} "$@"\n'
        )
        path.chmod(0o755)

    def run(self, command: list[str], folder: Path) -> str:
        """Run a program that finds those of the server and this server; what it prints, or an error with that."""
        environment = {
            **os.environ,
            "PATH": f"{self.home / 'bin'}:{os.environ['PATH']}",
            **{"NEO4J_URI": self.url, "NEO4J_USERNAME": "neo4j", "NEO4J_PASSWORD": PASSWORD},
        }
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=1200)
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)} failed: {(done.stdout + done.stderr)[-3000:]}")
        return done.stdout + done.stderr

    def start(self) -> None:
        """Start the server, and wait until it answers."""
        main = ["org.neo4j.server.CommunityEntryPoint", f"--home-dir={self.home}", f"--config-dir={self.home}/conf"]
        log = (self.home / "logs" / "out").open("ab")
        self.process = subprocess.Popen(
            [programs.program("java"), "-Xmx1g", "-cp", f"{self.jars}/*", *main], stdout=log, stderr=log, cwd=self.home
        )
        log.close()
        end = time.monotonic() + 120
        while time.monotonic() < end and self.process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.2)
        raise RuntimeError(f"Neo4j did not start: {(self.home / 'logs' / 'out').read_text()[-2000:]}")

    def stop(self, *, at_once: bool = False) -> None:
        """Stop the server, by its process; at once as by a power cut."""
        if self.process is None:
            return
        if at_once:
            self.process.kill()
        else:
            self.process.terminate()
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None


@contextmanager
def neo4j(folder: Path | None = None) -> Iterator[Neo4j]:
    """A server that is prepared but not started; stopped in the end.

    Raises:
        Missing: Java, Maven or the jars are not to be had.
    """
    jars = fetched_jars("neo4j", HERE / "pom.xml"), fetched_jars("neo4j-shell", HERE / "shell" / "pom.xml")
    with tempfile.TemporaryDirectory(prefix="immunograph-neo4j-", dir=folder) as home:
        server = Neo4j(Path(home), *jars)
        server.prepare()
        try:
            yield server
        finally:
            server.stop()


def fetched_jars(name: str, pom: Path) -> Path:
    """A folder of jars, fetched by Maven where they are not in the user's cache yet.

    Raises:
        Missing: Java or Maven is not installed, or Maven could not fetch them.
    """
    programs.program("java")
    folder = Path(platformdirs.user_cache_dir("immunograph")) / "tools" / f"{name}-{VERSION}"
    folder.parent.mkdir(parents=True, exist_ok=True)
    with (folder.parent / "neo4j.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if folder.is_dir():
            return folder
        half = folder.with_name(folder.name + ".half")
        fetch = [programs.program("mvn"), "-q", "-B", "-f", str(pom), "dependency:copy-dependencies"]
        fetch += [f"-DoutputDirectory={half}", "-DincludeScope=runtime", f"-Dneo4j.version={VERSION}"]
        done = subprocess.run(fetch, capture_output=True, text=True, timeout=900)
        if done.returncode:
            shutil.rmtree(half, ignore_errors=True)
            raise Missing(f"Maven could not fetch Neo4j {VERSION}: {done.stdout.strip()[-300:]}")
        half.rename(folder)
    return folder


def main() -> None:
    """Serve an export until interrupted."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("export", type=Path, nargs="?")
    export = parser.parse_args().export
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with neo4j() as server:
        if export:
            sys.stdout.write(server.run(["sh", "import.sh"], export))
        server.start()
        sys.stdout.write(f"{server.url}  user neo4j  password {PASSWORD}\n")
        sys.stdout.flush()
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
