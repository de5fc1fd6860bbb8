"""GEXF, read by the real Gephi and by graphology: all but what these programs drop is there, and drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from immunograph.exporters import layout
from immunograph.exporters.selection import Selection
from immunograph.exporters.stream import GraphStream

from ..integration.programs import Missing, gephi_folder, graphology_folder, in_gephi, in_graphology
from .conftest import Write
from .hostile import BIG, CONTROL, hostile_graph
from .records import Records, edges_of, nodes_of, replaced, without

GEXF = "{http://gexf.net/1.3}"
VIZ = "{http://gexf.net/1.3/viz}"
SAID_ELSEWHERE = {"iri", "label"}


def needs(fetch: Callable[[], Path]) -> None:
    try:
        fetch()
    except Missing as reason:
        pytest.skip(str(reason))


def as_gexf_nodes(stream: GraphStream) -> Records:
    """Nodes with the titles that GEXF gives; an IRI is the identifier's CURIE written out."""
    return {
        name: {"kind": node["kinds"][0], **{key: value for key, value in node.items() if key not in SAID_ELSEWHERE}}
        for name, node in nodes_of(stream).items()
    }


def as_gexf_edges(stream: GraphStream) -> Records:
    """Edges with the titles that GEXF gives; an empty list is not written."""
    found: Records = {}
    for name, edge in edges_of(stream).items():
        own = {key: value for key, value in edge.items() if value != [] and key not in {"source", "target"}}
        own["association kind"] = own.pop("kind")
        own["negated"], own["inferred"] = own.pop("is_negated"), own.pop("is_inferred")
        own["associations"] = [name]
        sign = {"inhibits": "-", "activatesTarget": "+"}.get(own["predicate"])
        found[name] = {"ends": (edge["source"], edge["target"]), **own, **({"sign": sign} if sign else {})}
    return found


def as_gephi_holds(value: Any) -> Any:
    """Gephi takes an empty text and the word ``null``, in any case, for nothing, in lists too."""
    if isinstance(value, list):
        return [as_gephi_holds(one) for one in value]
    return None if value in ("", "null", "NULL") else value


def held(records: Records) -> Records:
    return {
        name: without(None, {key: as_gephi_holds(value) for key, value in found.items()})
        for name, found in records.items()
    }


@pytest.mark.integration
def test_gephi_holds_every_association(write: Write, hostile: GraphStream) -> None:
    needs(gephi_folder)
    read = in_gephi(write("gexf", edges="all"))
    assert read["issues"] == []
    assert {node["id"]: node["attributes"] for node in read["nodes"]} == held(as_gexf_nodes(hostile))
    assert {node["id"]: node["label"] for node in read["nodes"]} == {
        name: node["label"] for name, node in nodes_of(hostile).items()
    }
    assert {edge["id"]: _gephi_edge(edge) for edge in read["edges"]} == held(as_gexf_edges(hostile))
    assert all(edge["directed"] for edge in read["edges"])


@pytest.mark.integration
def test_gephi_as_it_proposes_to_merge_loses_no_gathered_edge(write: Write, hostile: GraphStream) -> None:
    needs(gephi_folder)
    read = {(edge["source"], edge["kind"], edge["target"]): edge for edge in in_gephi(write("gexf"), "merge")["edges"]}
    together = read["igd:drug", "inhibits", "UniProtKB:P0TEST"]
    assert together["weight"] == 2
    assert together["attributes"]["associations"] == ["iga:parallel-1", "iga:parallel-2"]
    assert together["attributes"]["evidence"] == ["ige:first", "ige:second"]
    assert read["igd:drug", "not inhibits", "UniProtKB:P0TEST"]["attributes"]["associations"] == ["iga:denied"]
    gathered = [name for edge in read.values() for name in edge["attributes"]["associations"]]
    assert sorted(gathered) == sorted(edges_of(hostile))


@pytest.mark.integration
def test_gephi_keeps_sizes_and_places(write: Write, fixture_stream: GraphStream) -> None:
    needs(gephi_folder)
    path = write("gexf", fixture_stream)
    drawn = _drawn(path)
    read = in_gephi(path, "merge")["nodes"]
    middle = [sum(drawn[node["id"]][axis] for node in read) / len(read) for axis in ("x", "y")]
    for node in read:
        wanted = drawn[node["id"]]
        assert node["size"] == pytest.approx(wanted.get("size", 10.0))
        assert node["x"] == pytest.approx(wanted["x"] - middle[0], abs=0.05)
        assert node["y"] == pytest.approx(wanted["y"] - middle[1], abs=0.05)


@pytest.mark.integration
def test_graphology_reads_everything(write: Write, hostile: GraphStream) -> None:
    needs(graphology_folder)
    path = write("gexf", edges="all")
    titles = _titles(path)
    read = in_graphology(path)
    nodes = {node["id"]: _titled(node["attributes"], titles["node"]) for node in read["nodes"]}
    assert nodes == as_gexf_nodes(hostile)
    edges = {
        edge["id"]: {"ends": (edge["source"], edge["target"]), **_titled(edge["attributes"], titles["edge"])}
        for edge in read["edges"]
    }
    wanted = as_gexf_edges(hostile)
    # a number of JavaScript is a double
    assert edges["iga:many-parts"].pop("denominator") == BIG - 1 and wanted["iga:many-parts"].pop("denominator") == BIG
    assert edges == wanted
    assert {edge["attributes"]["kind"] for edge in read["edges"]} >= {"inhibits", "not inhibits", "treats"}


def test_control_characters_become_the_replacement_character(write: Write, hostile_with_controls: GraphStream) -> None:
    nodes = {
        node.get("id"): node.get("label") for node in _parsed(write("gexf", hostile_with_controls)).iter(f"{GEXF}node")
    }
    assert nodes["igd:controls"] == replaced(CONTROL) != CONTROL


def test_the_same_graph_gives_the_same_bytes(write: Write, fixture_stream: GraphStream) -> None:
    first = write("gexf", fixture_stream).read_bytes()
    assert first == write("gexf", fixture_stream).read_bytes()


def test_some_node_is_left_to_gephi_to_size(write: Write, fixture_stream: GraphStream) -> None:
    sizes = [found.get("size") for found in _drawn(write("gexf", fixture_stream)).values()]
    assert None in sizes and max(size for size in sizes if size) > 12


def test_no_label_hides_another(fixture_stream: GraphStream, write: Write) -> None:
    drawn = _drawn(write("gexf", fixture_stream))
    rooms = {
        node.id: layout.room_of(drawn[node.id].get("size", 10.0), node.label, len(drawn))
        for node in fixture_stream.nodes()
    }
    names = sorted(drawn)
    for number, one in enumerate(names):
        for other in names[number + 1 :]:
            apart_x = abs(drawn[one]["x"] - drawn[other]["x"]) > rooms[one][0] + rooms[other][0] - 1
            apart_y = abs(drawn[one]["y"] - drawn[other]["y"]) > rooms[one][1] + rooms[other][1] - 1
            assert apart_x or apart_y, (one, other)


@pytest.mark.parametrize("selection", [Selection(focus="igd:drug", hops=0), Selection(edge_kinds=("Interaction",))])
@pytest.mark.parametrize("form", ["gexf", "cx2"])
def test_nodes_without_links_to_others_are_drawn_too(form: str, selection: Selection, write: Write) -> None:
    with GraphStream.of_graph(hostile_graph(), selection) as stream:
        assert stream.count("nodes") == 1
        assert write(form, stream).stat().st_size


def test_without_igraph_the_nodes_stand_in_a_spiral(
    write: Write, hostile: GraphStream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("immunograph.exporters.drawing.has_forces", lambda: False)
    places = {(found["x"], found["y"]) for found in _drawn(write("gexf")).values()}
    assert len(places) == hostile.count("nodes")


def _parsed(path: Path) -> ElementTree.Element:
    return ElementTree.parse(path).getroot()  # the file is our own


def _drawn(path: Path) -> Mapping[str, Mapping[str, float]]:
    found: dict[str, dict[str, float]] = {}
    for node in _parsed(path).iter(f"{GEXF}node"):
        place, size = node.find(f"{VIZ}position"), node.find(f"{VIZ}size")
        assert place is not None
        found[node.get("id", "")] = {
            "x": float(place.get("x", "")),
            "y": float(place.get("y", "")),
            **({"size": float(size.get("value", ""))} if size is not None else {}),
        }
    return found


def _titles(path: Path) -> dict[str, dict[str, str]]:
    """Class of attribute → its identifier → its title."""
    return {
        group.get("class", ""): {item.get("id", ""): item.get("title", "") for item in group}
        for group in _parsed(path).iter(f"{GEXF}attributes")
    }


def _titled(attributes: Mapping[str, Any], titles: Mapping[str, str]) -> dict[str, Any]:
    return {titles[key]: value for key, value in attributes.items() if key in titles}


def _gephi_edge(edge: Mapping[str, Any]) -> dict[str, Any]:
    return {"ends": (edge["source"], edge["target"]), **edge["attributes"]}
