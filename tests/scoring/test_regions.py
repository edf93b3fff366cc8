"""Splits of a graph without documents: connected nodes together, a large component cut where few links cross."""

from collections import Counter

from scoring.regions import Links, assign, grown

SHARES = {"train": 0.6, "dev": 0.1, "test": 0.3}


def links(pairs, alone=()):
    names = sorted({name for pair in pairs for name in pair} | set(alone))
    place = {name: k for k, name in enumerate(names)}
    near = [set() for _ in names]
    for one, other in pairs:
        near[place[one]].add(place[other])
        near[place[other]].add(place[one])
    return Links(names, [sorted(others) for others in near])


def grid(size):
    right = [(f"{x:02}-{y:02}", f"{x + 1:02}-{y:02}") for x in range(size - 1) for y in range(size)]
    return links(right + [(a[3:] + "-" + a[:2], b[3:] + "-" + b[:2]) for a, b in right])


def crossing(graph, splits):
    return sum(
        splits[graph.names[k]] != splits[graph.names[other]]
        for k, near in enumerate(graph.neighbours)
        for other in near
        if k < other
    )


def test_small_components_stay_whole():
    graph = links([(f"{n}a", f"{n}b") for n in range(50)] + [(f"{n}b", f"{n}c") for n in range(50)])
    found = assign(graph, SHARES, key="k")
    assert crossing(graph, found.splits) == 0
    assert len(set(found.groups.values())) == 50
    assert Counter(found.splits.values()) == {"train": 90, "test": 45, "dev": 15}


def test_one_large_component_is_cut_near_its_shares_over_few_links():
    graph = grid(20)
    found = assign(graph, SHARES, key="k")
    counts = Counter(found.splits.values())
    assert counts == {"train": 240, "test": 120, "dev": 40}
    assert crossing(graph, found.splits) < 0.12 * 2 * 20 * 19


def test_one_split_takes_everything():
    assert set(assign(grid(5), {"test": 1.0}).splits.values()) == {"test"}


def test_old_nodes_never_move_and_new_ones_join_their_neighbours():
    graph = grid(12)
    old = assign(graph, SHARES, key="k")
    more = links(
        [(graph.names[k], graph.names[other]) for k, near in enumerate(graph.neighbours) for other in near]
        + [("00-00", "new"), ("new", "newer")],
        alone=["lonely"],
    )
    found = assign(more, SHARES, old=old, key="k")
    assert {name: found.splits[name] for name in graph.names} == old.splits
    assert found.splits["new"] == found.splits["newer"] == old.splits["00-00"]
    assert found.splits["lonely"] in SHARES


def test_other_shares_start_over():
    old = assign(grid(6), SHARES, key="k")
    assert assign(grid(6), {"train": 0.5, "test": 0.5}, old=old, key="k") == assign(
        grid(6), {"train": 0.5, "test": 0.5}, key="k"
    )


def test_growth_is_connected_and_depends_on_names_and_key_only():
    graph = grid(8)
    order = grown(list(range(64)), graph, "k")
    seen = {order[0]}
    for k in order[1:]:
        assert seen & set(graph.neighbours[k])
        seen.add(k)
    assert order == grown(list(reversed(range(64))), graph, "k")
    assert order != grown(list(range(64)), graph, "other")
