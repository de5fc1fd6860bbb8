"""How long one name takes to become a node, offline, in every form that a person may type.

    python benchmarks/queries/names.py [--data DIR] [--repeat N] [--slips N]

The first look-up, which opens the index, is left out; each figure is the best of the repeats in milliseconds of
processor time. Then one slip (a letter dropped, put in, replaced, or swapped with the next) is made in each of so many
labels, drawn at random but the same every time, and each is looked up once.
"""

from __future__ import annotations

import argparse
import random
import statistics
import string
import time
from pathlib import Path

from immunograph.errors import ImmunographError, UnknownTermError
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
        started = time.process_time()
        try:
            names.resolve(text)
        except ImmunographError:
            pass
        taken.append(time.process_time() - started)
    return min(taken) * 1000


def slipped(label: str, chance: random.Random) -> str:
    """A label with one slip behind its first letter."""
    at = chance.randrange(1, len(label) - 1)
    letter = chance.choice(string.ascii_lowercase)
    return chance.choice(
        [
            label[:at] + label[at + 1 :],
            label[:at] + letter + label[at:],
            label[:at] + letter + label[at + 1 :],
            label[:at] + label[at + 1] + label[at] + label[at + 2 :],
        ]
    )


def of_slips(names: NameIndex, labels: list[str]) -> str:
    """What looking up labels with one slip takes, and how many are suggested."""
    chance = random.Random(7)
    taken: list[float] = []
    suggested = 0
    for label in labels:
        text = slipped(label, chance)
        started = time.process_time()
        try:
            names.resolve(text)
        except UnknownTermError as error:
            taken.append((time.process_time() - started) * 1000)
            suggested += any(one.startswith(label) for one in error.suggestions)
        except ImmunographError:
            pass
    late = statistics.quantiles(taken, n=20)[-1]
    return (
        f"{len(taken)} labels with a slip: median {statistics.median(taken):.1f} ms, 95 in 100 under {late:.1f} ms, "
        f"longest {max(taken):.1f} ms; {suggested / len(taken):.1%} suggested"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="a folder of Turtle (default: the shipped data)")
    parser.add_argument("--repeat", type=int, default=7)
    parser.add_argument("--slips", type=int, default=2000)
    options = parser.parse_args()
    with open_graph(data=options.data, tell=print) as kg:
        kg.names.resolve("tocilizumab")
        rows = kg.graph.select(
            "SELECT DISTINCT ?label WHERE { ?node dcterms:source ?s ; rdfs:label ?label } ORDER BY ?label"
        )
        labels = [label.value for (label,) in rows.rows if label and len(label.value) > 5]
        slips = of_slips(kg.names, random.Random(4).sample(labels, min(options.slips, len(labels))))
        found = {form: milliseconds(kg.names, text, options.repeat) for form, text in FORMS.items()}
    for form, taken in found.items():
        print(f"| {form} | `{FORMS[form]}` | {taken:.2f} |")
    print(f"median {statistics.median(found.values()):.2f} ms, longest {max(found.values()):.2f} ms")
    print(slips)


if __name__ == "__main__":
    main()
