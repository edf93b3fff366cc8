"""How one tells from a server that two nodes were merged.

Nobody says "merge" to a database: a node B is gone, and what hung on it hangs on A. That is taken for a merge of B into
A, so that what extraction finds about B later goes to A, too, where

* `A.former_ids` names B since the last sync; or
* A has the label of B, and at least half of B's edges are at A with the same type, direction and other end: edges that
  were drawn or moved since the last sync, or that A had before; at least one is new. No other node has as many. Edges
  between A and B, and to nodes that are gone, too, do not count.

In the first case nothing else is looked at: every edge of B goes to A. In the second the edges of B that are not at A
are removed, each by an edit of its own, for the user has decided about them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from kg.graph import model
from kg.graph.diff import Key
from kg.graph.edits.patch import Row

Spoke = tuple[str, bool, str]
"""(type, whether the node is the source, the other end)."""


def find_merges(
    gone: Mapping[str, str],
    before: Iterable[tuple[Key, Row]],
    new: Iterable[tuple[Key, Row]],
    kept: Iterable[tuple[Key, Row]],
    former: Mapping[str, str],
) -> dict[str, str]:
    """Node that went -> node that it was merged into.

    Args:
        gone: removed nodes, id -> label.
        before: edges at these nodes, as they were.
        new: edges that were drawn or moved.
        kept: edges that are as they were, at the ends of `new`.
        former: node that went -> node whose `former_ids` names it now.
    """
    fresh, there = _spokes(new), _spokes(kept)
    lost: defaultdict[str, set[Spoke]] = defaultdict(set)
    for id_, spoke, _ in _each(before):
        if id_ in gone:
            lost[id_].add(spoke)
    found = {id_: target for id_, target in former.items() if id_ in gone and target not in gone}
    for id_, label in gone.items():
        target = _target(id_, label, lost[id_], fresh, there, gone) if id_ not in found else None
        if target is not None:
            found[id_] = target
    return found


def _each(edges: Iterable[tuple[Key, Row]]) -> Iterable[tuple[str, Spoke, str]]:
    """(node, spoke, label of the node) for both ends of every edge."""
    for (kind, source, target), row in ((key, row) for key, row in edges if len(key) == 3):
        yield row[model.START], (kind, True, row[model.END]), source
        yield row[model.END], (kind, False, row[model.START]), target


def _spokes(edges: Iterable[tuple[Key, Row]]) -> dict[Spoke, dict[str, str]]:
    """Spoke -> the nodes that have it, with their labels."""
    found: defaultdict[Spoke, dict[str, str]] = defaultdict(dict)
    for id_, spoke, label in _each(edges):
        found[spoke][id_] = label
    return found


def _target(
    id_: str,
    label: str,
    spokes: set[Spoke],
    fresh: Mapping[Spoke, Mapping[str, str]],
    there: Mapping[Spoke, Mapping[str, str]],
    gone: Mapping[str, str],
) -> str | None:
    counted = [spoke for spoke in sorted(spokes) if spoke[2] not in gone and spoke[2] != id_]
    covered: Counter[str] = Counter()
    drawn: Counter[str] = Counter()
    for spoke in counted:
        new, old = fresh.get(spoke, {}), there.get(spoke, {})
        drawn.update(node for node, its in new.items() if its == label and node != spoke[2])
        covered.update({node for node, its in {**old, **new}.items() if its == label})
    best = sorted(((covered[node], node) for node in drawn if node not in gone), reverse=True)[:2]
    if not best or (len(best) == 2 and best[0][0] == best[1][0]):
        return None
    score, node = best[0]
    # Edges between the two do not count: a merge takes them away.
    between = sum(spoke[2] == node for spoke in counted)
    return node if 2 * score >= len(counted) - between else None
