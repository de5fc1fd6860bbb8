"""``kgx-jsonl``: one JSON object a line, as ``kgx`` says."""

from __future__ import annotations

import json

from immunograph.exporters.kgx import edge_records, node_records
from immunograph.exporters.stream import GraphStream
from immunograph.exporters.writing import Target


def write(stream: GraphStream, target: Target) -> None:
    """Write ``nodes.jsonl`` and ``edges.jsonl``."""
    for name, records in (("nodes.jsonl", node_records(stream)), ("edges.jsonl", edge_records(stream))):
        with target.text(name) as file:
            for record in records:
                file.write(json.dumps(record, ensure_ascii=False) + "\n")
