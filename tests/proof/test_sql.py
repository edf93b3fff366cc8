"""SQL derivations are read-only, bounded and do not depend on the order of rows."""

from decimal import Decimal

import pytest

from kg.proof import sql
from schemas.errors import DerivationError

ROWS = {
    "r": [
        {"name": "Io", "number": 3643.2, "position": 1},
        {"name": "Europa", "number": 3121.6, "position": 2},
        {"name": "Ganymede", "number": 5268.2, "position": 3},
    ]
}


def test_a_superlative_is_the_first_row_of_an_ordered_select():
    out = sql.run("SELECT name, number FROM r ORDER BY number DESC LIMIT 1", ROWS)
    assert out.rows == (("Ganymede", Decimal("5268.2")),)
    assert out.columns == ("name", "number")


def test_the_columns_that_were_read_are_reported():
    assert sql.run("SELECT name FROM r WHERE number > 3200", ROWS).reads == (("r", "name"), ("r", "number"))


@pytest.mark.parametrize(
    "code",
    [
        "ATTACH DATABASE '/tmp/x.db' AS x",
        "PRAGMA database_list",
        "INSERT INTO r VALUES ('x', 1, 2)",
        "DROP TABLE r",
        "DELETE FROM r",
        "CREATE TABLE x(a)",
        "SELECT load_extension('x')",
        "SELECT readfile('/etc/passwd')",
        "SELECT randomblob(1000000000)",
        "SELECT random()",
        "SELECT date('now')",
        "SELECT current_timestamp",
        "SELECT printf('%.*c', 100000000, 'x')",
        "SELECT hex(zeroblob(1000))",
        "SELECT name FROM sqlite_master",
        "SELECT * FROM pragma_table_info('r')",
        "SELECT 1; SELECT 2",
        "VACUUM INTO '/tmp/y.db'",
        "SELECT x'00'",
        "",
        "EXPLAIN SELECT 1",
    ],
)
def test_what_is_not_a_plain_select_is_refused(code):
    with pytest.raises(DerivationError):
        sql.run(code, ROWS)


def test_an_endless_query_is_stopped():
    endless = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c"
    with pytest.raises(DerivationError):
        sql.run(endless, ROWS)
    many = {"r": [{"a": i} for i in range(300)]}
    with pytest.raises(DerivationError):
        sql.run("SELECT count(*) FROM r a, r b, r c, r d", many, steps=1_000_000)


def test_a_tie_is_an_error_or_the_set_of_all_tied_rows():
    rows = {"r": [{"name": n, "number": v} for n, v in [("a", 1.0), ("b", 2.0), ("c", 2.0), ("d", 2.0)]]}
    code = "SELECT name FROM r ORDER BY number DESC LIMIT 1"
    with pytest.raises(DerivationError, match="tie"):
        sql.run(code, rows)
    assert sql.run(code, rows, tie="set").rows == (("b",), ("c",), ("d",))


def test_equal_answers_of_tied_rows_are_no_tie():
    rows = {"r": [{"name": n, "number": v} for n, v in [("a", 1.0), ("b", 2.0), ("c", 2.0)]]}
    assert sql.run("SELECT max(number) FROM r", rows).rows == ((Decimal(2),),)


def test_numbers_divide_as_numbers_and_lose_float_noise():
    assert sql.run("SELECT 1 * a / b FROM r", {"r": [{"a": 1.0, "b": 2}]}).rows == ((Decimal("0.5"),),)
    rows = {"r": [{"a": 67.77, "b": 65.89}]}
    assert sql.run("SELECT a - b FROM r", rows).rows == ((Decimal("1.88"),),)


def test_an_empty_relation_counts_zero():
    assert sql.run("SELECT count(*) FROM r", {"r": []}).rows == ((Decimal(0),),)
    assert sql.run("SELECT r.name FROM r WHERE number > 1", {"r": []}).rows == ()


def test_a_query_that_was_compiled_before_sees_the_rows_of_today_and_reads_the_same_columns():
    code = "SELECT name FROM r ORDER BY number DESC LIMIT 1"
    first = sql.run(code, {"r": [{"name": "a", "number": 2}, {"name": "b", "number": 1}]})
    again = sql.run(code, {"r": [{"name": "a", "number": 2}, {"name": "b", "number": 3}]})
    assert (first.rows, again.rows) == ((("a",),), (("b",),))
    assert first.reads == again.reads == (("r", "name"), ("r", "number"))


def test_the_budget_is_that_of_each_query_on_its_own():
    code = "SELECT count(*) FROM r a, r b"
    rows = {"r": [{"n": n} for n in range(100)]}
    assert sql.run(code, rows).rows == sql.run(code, rows).rows == ((Decimal(10_000),),)
    with pytest.raises(DerivationError, match="interrupted"):
        sql.run(code, rows, steps=1_000)
    assert sql.run(code, rows).rows == ((Decimal(10_000),),)
