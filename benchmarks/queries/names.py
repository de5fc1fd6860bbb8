"""How long one name takes to become a node, offline, in every form that a person may type.

    python benchmarks/queries/names.py [--data DIR] [--repeat N]

The first look-up, which opens the index, is left out; each figure is the best of the repeats in milliseconds.
"""

from __future__ import annotations

import argparse
import statistics
import time
from pathlib import Path

from immunograph.errors import ImmunographError
from immunograph.knowledge import open_graph
from immunograph.queries import NameIndex

FORMS = {
    "label": "tocilizumab",
    "brand": "HUMIRA",
    "gene symbol": "il6r",
    "Greek letter": "TNF-α",
    "Greek spelled out": "tnf alpha",
    "CURIE, any case": "mondo:0008383",
    "CURIE of ours, any case": "IGD:Tocilizumab",
    "IRI": "http://purl.uniprot.org/uniprot/P08887",
    "bare accession": "CHEMBL1201580",
    "plural": "B cells",
    "ambiguous": "interferon gamma",
    "near miss": "rheumatoid artritis",
    "near miss of a drug": "prednisolon",
    "nonsense": "zzzzqqq",
}


def milliseconds(names: NameIndex, text: str, repeat: int) -> float:
    """The shortest time that one name took."""
    taken = []
    for _ in range(repeat):
        started = time.perf_counter()
        try:
            names.resolve(text)
        except ImmunographError:
            pass
        taken.append(time.perf_counter() - started)
    return min(taken) * 1000


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="a folder of Turtle (default: the shipped data)")
    parser.add_argument("--repeat", type=int, default=7)
    options = parser.parse_args()
    with open_graph(data=options.data, tell=print) as kg:
        kg.names.resolve("tocilizumab")
        found = {form: milliseconds(kg.names, text, options.repeat) for form, text in FORMS.items()}
    for form, taken in found.items():
        print(f"| {form} | `{FORMS[form]}` | {taken:.2f} |")
    print(f"median {statistics.median(found.values()):.2f} ms, longest {max(found.values()):.2f} ms")


if __name__ == "__main__":
    main()
