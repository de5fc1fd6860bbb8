"""Real SPARQL servers on the loopback interface, loaded with one N-Triples file, and stopped by their process.

Our own, ``immunograph``, is given the folder of a built graph instead.

    python tests/integration/endpoints/servers.py oxigraph graph.nt

starts one by hand; Ctrl-C stops it. ``oxigraph`` is the PyPI package of that name (the server as a program); Apache
Jena Fuseki is fetched once from Maven Central into Maven's own cache.
"""

from __future__ import annotations

import argparse
import importlib.util
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.error import URLError
from urllib.request import urlopen

HERE = Path(__file__).resolve().parent
SPEC = importlib.util.spec_from_file_location("integration_programs", HERE.parent / "programs.py")
assert SPEC and SPEC.loader
programs = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(programs)
Missing = programs.Missing
FUSEKI = "5.5.0"
"""The last line of Jena that runs on Java 17."""


@contextmanager
def running(name: str, triples: Path) -> Iterator[str]:
    """Start a server, give the address of its endpoint, and stop it.

    Raises:
        Missing: a program that it needs is not installed.
    """
    with TemporaryDirectory(prefix="immunograph-endpoint-") as folder:
        command, url = SERVERS[name](triples, Path(folder), programs.free_port())
        log = Path(folder) / "log"
        with log.open("wb") as output, subprocess.Popen(command, stdout=output, stderr=output, cwd=folder) as process:
            try:
                _wait_for(url, process, log)
                yield url
            finally:
                process.terminate()
                try:
                    process.wait(20)
                except subprocess.TimeoutExpired:
                    process.kill()


def oxigraph(triples: Path, folder: Path, port: int) -> tuple[list[str], str]:
    """The command and the address of an Oxigraph server."""
    program = shutil.which("oxigraph", path=str(Path(sys.executable).parent)) or programs.program("oxigraph")
    store = folder / "store"
    subprocess.run([program, "load", "--location", str(store), "--file", str(triples)], check=True, capture_output=True)
    command = [program, "serve-read-only", "--location", str(store), "--bind", f"127.0.0.1:{port}"]
    return command, f"http://127.0.0.1:{port}/query"


def fuseki(triples: Path, folder: Path, port: int) -> tuple[list[str], str]:
    """The command and the address of an Apache Jena Fuseki server."""
    java = programs.program("java")
    command = [java, "-jar", str(_fuseki_jar()), "--localhost", f"--port={port}", f"--file={triples}", "/immunograph"]
    return command, f"http://127.0.0.1:{port}/immunograph/query"


def immunograph(graph: Path, _: Path, port: int) -> tuple[list[str], str]:
    """The command and the address of ``immunograph serve``, on the folder of a built graph."""
    command = [sys.executable, "-m", "immunograph", "serve", "--quiet", "--graph", str(graph), "--port", str(port)]
    return command, f"http://127.0.0.1:{port}/sparql"


SERVERS: dict[str, Callable[[Path, Path, int], tuple[list[str], str]]] = {
    "oxigraph": oxigraph,
    "fuseki": fuseki,
    "immunograph": immunograph,
}
"""Name → what makes its command and address."""


def _fuseki_jar() -> Path:
    """The server as one file, fetched by Maven where it is not in Maven's cache yet."""
    name = "jena-fuseki-server"
    jar = Path.home() / f".m2/repository/org/apache/jena/{name}/{FUSEKI}/{name}-{FUSEKI}.jar"
    if jar.is_file():
        return jar
    artifact = f"org.apache.jena:{name}:{FUSEKI}:jar"
    fetch = [programs.program("mvn"), "-q", "-B", "dependency:get", f"-Dartifact={artifact}", "-Dtransitive=false"]
    fetched = subprocess.run(fetch, capture_output=True, text=True, timeout=300)
    if not jar.is_file():
        raise Missing(f"Maven could not fetch {artifact}: {fetched.stdout.strip()[-300:]}")
    return jar


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path, seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and process.poll() is None:
        try:
            with urlopen(f"{url}?query=ASK%20%7B%7D", timeout=10):
                return
        except (URLError, OSError):
            time.sleep(0.2)
    raise RuntimeError(f"the server at {url} did not start: {log.read_text(errors='replace')[-500:]}")


def main() -> None:
    """Run one server until it is interrupted."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("server", choices=SERVERS)
    parser.add_argument("triples", type=Path)
    options = parser.parse_args()
    with running(options.server, options.triples.resolve()) as url:
        sys.stdout.write(f"{url}\n")
        sys.stdout.flush()
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
