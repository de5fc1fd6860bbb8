"""How long the real Neo4j takes to import a built graph by its import tool, and whether it then holds all of it.

python benchmarks/exports/import_tool.py [--graph FOLDER]

The server comes from tests/integration/neo4j (Java and Maven are needed). Exit code 1 where the counts differ.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import neo4j

import immunograph

ROOT = Path(__file__).resolve().parents[2]
COUNTS = {
    "nodes": "MATCH (x:Entity) RETURN count(x)",
    "edges": "MATCH ()-[x]->() WHERE x.id IS NOT NULL RETURN count(DISTINCT x.id)",
    "evidence": "MATCH (x:Evidence) RETURN count(x)",
    "affinities": "MATCH (x:Affinity) RETURN count(x)",
    "sources": "MATCH (x:Source) RETURN count(x)",
}


def main() -> None:
    """Export, import, start, count."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--graph", help="a built graph; the shipped one where none is given")
    options = parser.parse_args()
    servers = server_module()
    clock = time.perf_counter
    with tempfile.TemporaryDirectory() as folder, immunograph.open(options.graph) as kg, servers.neo4j() as server:
        stated = kg.graph.select("SELECT (COUNT(?a) AS ?n) WHERE { ?a a ig:Association }").rows[0][0]
        started = clock()
        done = kg.export("neo4j-csv", f"{folder}/export")
        exported = clock()
        server.run(["sh", "import.sh"], Path(folder, "export"))
        imported = clock()
        server.start()
        with neo4j.GraphDatabase.driver(server.url, auth=("neo4j", servers.PASSWORD)) as driver:
            driver.verify_connectivity()
            found = {name: driver.execute_query(query).records[0][0] for name, query in COUNTS.items()}
    print(f"export {exported - started:.1f} s, import tool {imported - exported:.1f} s")
    print(f"associations in the graph: {stated.value if stated else 0}")
    for name, count in found.items():
        print(f"{name}: exported {done.counts[name]:,}, in Neo4j {count:,}")
    if found != dict(done.counts) or stated is None or int(stated.value) != found["edges"]:
        sys.exit(1)


def server_module() -> Any:
    """The project's own set-up of the server."""
    path = ROOT / "tests" / "integration" / "neo4j" / "server.py"
    spec = importlib.util.spec_from_file_location("neo4j_servers", path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"{path} is missing")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    main()
