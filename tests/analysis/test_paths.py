import networkx
import pytest

from immunograph.analysis.paths import CARRIES, SIGNS, mechanism_network, mechanism_paths
from immunograph.identifiers import expand
from immunograph.knowledge import KnowledgeGraph, open_graph
from immunograph.vocabulary import KIND_OF_PREDICATE


@pytest.fixture(scope="module")
def network(fixture_kg: KnowledgeGraph) -> networkx.DiGraph:
    return mechanism_network(fixture_kg.graph)


def test_signs_are_of_known_predicates() -> None:
    assert set(SIGNS) <= set(KIND_OF_PREDICATE)


def test_a_chain_has_the_product_of_its_signs(fixture_kg: KnowledgeGraph) -> None:
    (path, *_) = fixture_kg.path("nivolumab", "T cell proliferation")
    assert [(link.predicate, link.sign) for link in path.links] == [("inhibits", -1), ("suppresses", -1)]
    assert path.sign == 1
    assert all(link.associations and link.sources for link in path.links)


def test_a_chain_with_a_link_without_sign_has_none(fixture_kg: KnowledgeGraph) -> None:
    paths = fixture_kg.path("tocilizumab", "rheumatoid arthritis", most=20)
    unsigned = [path for path in paths if any(link.sign == 0 for link in path.links)]
    assert unsigned
    assert all(path.sign == 0 for path in unsigned)


def test_a_receptor_carries_the_signal_of_its_ligand(network: networkx.DiGraph) -> None:
    receptor, ligand = expand("UniProtKB:P08887"), expand("UniProtKB:P05231")
    link = network.edges[receptor, ligand]["links"][CARRIES]
    assert link.associations == network.edges[ligand, receptor]["links"]["signalsThrough"].associations


def test_negated_statements_are_no_links(fixture_kg: KnowledgeGraph, network: networkx.DiGraph) -> None:
    negated = fixture_kg.graph.select("SELECT ?a WHERE { ?a ig:negated true }").rows
    stated = {
        a for _, _, data in network.edges(data=True) for link in data["links"].values() for a in link.associations
    }
    assert negated
    assert not {str(row[0].value).rpartition("/")[2] for row in negated if row[0]} & {a[4:] for a in stated}


def test_paths_are_no_longer_than_asked_and_no_more(fixture_kg: KnowledgeGraph) -> None:
    assert all(len(path.links) <= 2 for path in fixture_kg.path("tocilizumab", "rheumatoid arthritis", hops=2))
    assert len(fixture_kg.path("tocilizumab", "rheumatoid arthritis", most=1)) == 1


def test_no_path_is_an_empty_answer(network: networkx.DiGraph) -> None:
    assert mechanism_paths(network, "urn:x:none", "urn:x:other", hops=3, most=3) == []


def test_a_node_has_no_path_to_itself(network: networkx.DiGraph) -> None:
    il6 = expand("UniProtKB:P05231")
    assert il6 in network
    assert mechanism_paths(network, il6, il6, hops=4, most=5) == []


@pytest.mark.parametrize("bounds", [{"hops": 0, "most": 5}, {"hops": 4, "most": 0}, {"hops": 4, "most": -3}])
def test_no_fewer_than_one_path_of_one_link(network: networkx.DiGraph, bounds: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="one is the fewest"):
        mechanism_paths(network, expand("UniProtKB:P05231"), expand("MONDO:0008383"), **bounds)


def test_paths_follow_a_change_of_the_graph(fixture_kg: KnowledgeGraph) -> None:
    with open_graph(fixture_kg.folder) as graph:
        before = graph.path("tocilizumab", "rheumatoid arthritis", most=20)
        (association, *_) = before[0].links[0].associations
        link = before[0].links[0]
        graph.retract([(association, "ig:predicate", f"ig:{link.predicate}")])
        after = graph.path("tocilizumab", "rheumatoid arthritis", most=20)
        assert association in {name for path in before for one in path.links for name in one.associations}
        assert association not in {name for path in after for one in path.links for name in one.associations}
