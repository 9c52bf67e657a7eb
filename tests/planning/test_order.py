"""The graph by numbers and its order."""

import itertools
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psynapse.model.ids import NodeId
from psynapse.model.workflow import Edge, Node, Workflow
from psynapse.planning.order import Graph, ancestors, find_cycle, make_graph, topological_order

Pairs = list[tuple[int, int]]
BIG = 100_000


@st.composite
def graphs(draw: st.DrawFn) -> tuple[int, Pairs]:
    """Any graph: loops, circles and repeated edges included."""
    size = draw(st.integers(1, 9))
    ends = st.integers(0, size - 1)
    return size, draw(st.lists(st.tuples(ends, ends), max_size=20))


@st.composite
def acyclic(draw: st.DrawFn) -> tuple[int, Pairs]:
    """A graph without circles whose numbers say nothing about its order."""
    size, pairs = draw(graphs())
    rank = draw(st.permutations(range(size)))
    return size, [(one, other) if rank[one] < rank[other] else (other, one) for one, other in pairs if one != other]


def make(size: int, pairs: Sequence[tuple[int, int]], edge_id: str = "e") -> Graph:
    nodes = tuple(Node(NodeId(f"n{index}"), "viewNode") for index in range(size))
    edges = (
        Edge(NodeId(f"n{one}"), NodeId(f"n{other}"), id=f"{edge_id}{index}") for index, (one, other) in enumerate(pairs)
    )
    return make_graph(Workflow(nodes, tuple(edges)))


def naive_order(size: int, pairs: Sequence[tuple[int, int]]) -> list[int]:
    """Kahn's algorithm as the source document words it, step by step, without any cleverness."""
    in_degree = [sum(1 for _, target in pairs if target == node) for node in range(size)]
    queue = [node for node in range(size) if in_degree[node] == 0]
    result: list[int] = []
    while queue:
        node = queue.pop(0)
        result.append(node)
        for source, target in pairs:
            if source == node:
                in_degree[target] -= 1
                if in_degree[target] == 0:
                    queue.append(target)
    return result


def has_circle(size: int, pairs: Pairs) -> bool:
    """Whether some node can reach itself, by brute force."""
    reach = set(pairs)
    for _ in range(size):
        reach |= {(one, last) for one, middle in reach for first, last in pairs if first == middle}
    return any(one == other for one, other in reach)


@given(graphs())
def test_the_order_is_kahns_first_in_first_out(graph: tuple[int, Pairs]):
    assert topological_order(make(*graph).successors) == naive_order(*graph)


@given(acyclic())
def test_every_node_comes_once_and_after_all_it_depends_on(graph: tuple[int, Pairs]):
    size, pairs = graph
    order = topological_order(make(size, pairs).successors)
    assert sorted(order) == list(range(size))
    place = {node: index for index, node in enumerate(order)}
    assert all(place[source] < place[target] for source, target in pairs)


@given(graphs(), st.text(min_size=1))
def test_the_ids_of_edges_do_not_matter(graph: tuple[int, Pairs], edge_id: str):
    assert make(*graph).successors == make(*graph, edge_id=edge_id).successors


@given(graphs())
def test_a_circle_is_found_exactly_when_there_is_one_and_it_is_real(graph: tuple[int, Pairs]):
    size, pairs = graph
    circle = find_cycle(make(size, pairs).successors)
    assert bool(circle) == has_circle(size, pairs)
    if circle:
        assert circle[0] == circle[-1]
        assert len(set(circle)) == len(circle) - 1
        assert all(step in set(pairs) for step in itertools.pairwise(circle))


@given(acyclic())
def test_where_there_is_no_circle_none_is_found(graph: tuple[int, Pairs]):
    assert find_cycle(make(*graph).successors) == []


@given(graphs(), st.data())
def test_ancestors_are_all_nodes_from_which_a_target_can_be_reached(graph: tuple[int, Pairs], data: st.DataObject):
    size, pairs = graph
    targets = data.draw(st.sets(st.integers(0, size - 1)))
    expected = set(targets)
    for _ in range(size):
        expected |= {source for source, target in pairs if target in expected}
    assert ancestors(make(size, pairs).incoming, targets) == expected


@given(acyclic(), st.data())
def test_one_edge_turned_round_beside_itself_closes_a_circle_through_it(graph: tuple[int, Pairs], data: st.DataObject):
    size, pairs = graph if graph[1] else (2, [(0, 1)])
    source, target = data.draw(st.sampled_from(pairs))
    circle = find_cycle(make(size, [*pairs, (target, source)]).successors)
    assert (target, source) in set(itertools.pairwise(circle))


def test_wires_arrive_and_leave_in_the_order_of_the_edges():
    graph = make(3, [(1, 2), (0, 2), (0, 1), (0, 2)])
    assert [wire.source for wire in graph.incoming[2]] == [1, 0, 0]
    assert graph.successors == [[2, 1, 2], [2], []]


def test_edges_without_an_end_are_set_apart_and_of_equal_ids_the_first_is_meant():
    nodes = tuple(Node(NodeId(name), "viewNode") for name in "aba")
    lost = (Edge(NodeId("a"), NodeId("x")), Edge(NodeId("x"), NodeId("b")))
    graph = make_graph(Workflow(nodes, (*lost, Edge(NodeId("a"), NodeId("b")))))
    assert graph.dangling == lost
    assert [(wire.source, wire.target) for wires in graph.incoming for wire in wires] == [(0, 1)]


@pytest.mark.timeout(20)
def test_a_ring_of_a_hundred_thousand_nodes_is_found():
    ring = [[(index + 1) % BIG] for index in range(BIG)]
    circle = find_cycle(ring)
    assert len(circle) == BIG + 1
    assert all(ring[one] == [other] for one, other in itertools.pairwise(circle))


@pytest.mark.timeout(20)
def test_a_loop_at_the_end_of_a_long_tail_is_found_without_the_tail():
    tail: list[list[int]] = [[index + 1] for index in range(BIG)]
    assert find_cycle([*tail, [BIG]]) == [BIG, BIG]
    assert find_cycle([[0], *([index + 1] for index in range(1, BIG)), []]) == [0, 0]


@pytest.mark.timeout(20)
def test_a_hundred_thousand_nodes_in_a_row_are_ordered_and_traced():
    graph = make(BIG, [(index + 1, index) for index in range(BIG - 1)])
    assert topological_order(graph.successors) == list(reversed(range(BIG)))
    assert len(ancestors(graph.incoming, [0])) == BIG
