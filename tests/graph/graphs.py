"""Random small graphs with every property type, parallel edges and self-loops, as dicts."""

from hypothesis import strategies as st

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12) | st.sampled_from(
    ["it's", 'a "b"', "line\nbreak", "ü 東京", "\\", "`", "", " ", "null", "a,b"]
)
NUMBER = st.floats(allow_nan=False, allow_infinity=False, width=32)
VALUES = {
    "name": TEXT,
    "n": st.integers(-(2**63), 2**63 - 1),
    "x": NUMBER,
    "flag": st.booleans(),
    "names": st.lists(TEXT, max_size=3),
    "ns": st.lists(st.integers(-9, 9), max_size=3),
}
LABELS = ("Table", "Chunk", "Ägypten")
TYPES = ("R", "CONTAINS", "is of")


@st.composite
def graphs(draw, max_nodes=6, max_edges=10):
    """(nodes, edges) for `tables_from` and `snapshot_from`."""
    ids = draw(st.lists(TEXT, min_size=1, max_size=max_nodes, unique=True))
    nodes = [{"id": id_, "label": draw(st.sampled_from(LABELS)), **draw(_some())} for id_ in ids]
    ends = draw(st.lists(st.tuples(st.sampled_from(TYPES), *[st.sampled_from(ids)] * 2), max_size=max_edges))
    edges = [{"type": t, "source": a, "target": b, **draw(_some())} for t, a, b in ends]
    return nodes, edges


def _some():
    return st.fixed_dictionaries({}, optional={name: st.none() | values for name, values in VALUES.items()})
