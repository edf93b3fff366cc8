"""A join that loses rows of the counted side opens the set; filters do not."""

import pytest

from kg.proof.joins import lost

R = [
    {"name": "Japanese", "code": "ja", "text": "High"},
    {"name": "German", "code": "de", "text": "High"},
    {"name": "Greek", "code": "el", "text": "Mid"},
]
S = [{"code": "jp", "number": 1.0}, {"code": "de", "number": 2.0}, {"code": "el", "number": 3.0}]
RELATIONS = {"r": R, "s": S, "f": [{"id": "x", "text": "High"}], "m": [{"id": "y", "text": "Mid"}]}


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (
            "SELECT name FROM r JOIN s ON s.code = r.code JOIN f ON r.text = f.text ORDER BY s.number DESC LIMIT 1",
            "1 rows (Japanese)",
        ),
        ("SELECT name FROM r JOIN s ON s.code = r.code JOIN m ON r.text = m.text ORDER BY s.number DESC LIMIT 1", None),
        ("SELECT count(*) FROM r JOIN s ON s.code = r.code WHERE s.number > 2 AND r.text = 'Mid'", None),
        (
            "SELECT count(*) FROM r JOIN s ON s.code = r.code WHERE s.number > 2 AND r.text = 'High'",
            "1 rows (Japanese)",
        ),
        ("SELECT count(*) FROM r x JOIN s y ON y.code = x.code WHERE y.number > 2", "1 rows (Japanese)"),
        ("SELECT count(*) FROM r, s WHERE s.code = r.code", "write JOIN s"),
        ("SELECT count(*) FROM s JOIN r ON s.code = r.code", "must stand first"),
        ("SELECT count(*) FROM r", None),
    ],
)
def test_a_join_is_total_on_the_counted_side(code, said):
    why = lost(code, RELATIONS, ["r"], ["s"])
    assert (why is None) if said is None else (why is not None and said in why)
