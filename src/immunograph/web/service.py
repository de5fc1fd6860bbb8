"""What the endpoint says of itself, in Turtle (https://www.w3.org/TR/sparql11-service-description/)."""

from __future__ import annotations

import json

from immunograph.identifiers import is_iri, prefix_map
from immunograph.store.media import FORMAT_IRIS

SD = "http://www.w3.org/ns/sparql-service-description#"
"""The namespace of service descriptions."""


def service_turtle(address: str, graphs: bytes, about: str = "") -> str:
    """The description of the service.

    Args:
        address: of the endpoint.
        graphs: SPARQL results as JSON with the columns ``graph`` and ``triples``; the default graph has no name.
        about: more Turtle, about the data set; its prefixes are its own or the project's.
    """
    sizes = {
        row.get("graph", {}).get("value", ""): row["triples"]["value"]
        for row in json.loads(graphs)["results"]["bindings"]
    }
    endpoint = f"<{address}>" if is_iri(address) else "</sparql>"
    prefixes = {**prefix_map(), "sd": SD}
    formats = " , ".join(f"<{iri}>" for iri in FORMAT_IRIS)
    named = [
        f"    sd:namedGraph [ a sd:NamedGraph ; sd:name <{name}> ; {_graph(size)} ] ;\n"
        for name, size in sorted(sizes.items())
        if name
    ]
    lines = [
        *(f"@prefix {name}: <{iri}> .\n" for name, iri in prefixes.items() if name in _USED or f"{name}:" in about),
        f"\n{endpoint} a sd:Service ;\n",
        f"  sd:endpoint {endpoint} ;\n",
        "  sd:supportedLanguage sd:SPARQL11Query ;\n",
        f"  sd:resultFormat {formats} ;\n",
        "  sd:defaultDataset [\n    a sd:Dataset ;\n",
        f"    sd:defaultGraph [ a sd:Graph ; void:triples {int(sizes.get('', 0))} ] ;\n",
        *named,
        "  ] .\n",
    ]
    return "".join(lines) + (f"\n{about}" if about else "")


_USED = {"sd", "void"}


def _graph(size: str) -> str:
    """A named graph of a size."""
    return f"sd:graph [ a sd:Graph ; void:triples {int(size)} ]"
