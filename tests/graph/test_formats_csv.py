"""CSV as people write it for neo4j-admin, and every mistake in one line with file, line and column."""

import gzip

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.graph.formats import read, read_csv
from kg.graph.formats.scan import Dialect, records
from kg.graph.formats.sources import character
from schemas.errors import ConfigError, GraphError, UsageError
from schemas.mapping import Mapping


@pytest.fixture
def folder(tmp_path):
    """A function that writes files and gives their folder."""

    def write(**files):
        for name, text in files.items():
            path = tmp_path / name.replace("__", "/").replace("_dot_", ".")
            path = path if path.suffix else path.with_suffix(".csv")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")
        return tmp_path

    return write


def rows(found, label):
    return found.tables.nodes[label].to_pylist()


MOVIES = "movieId:ID(Movie),title,year:int,:LABEL\nm1,The Matrix,1999,Movie\nm2,Reloaded,2003,Movie;Sequel\n"
ACTORS = "personId:ID(Person),name,:LABEL\nk,Keanu Reeves,Actor\n"
ROLES = ":START_ID(Person),role,:END_ID(Movie),:TYPE\nk,Neo,m1,ACTED_IN\nk,Neo,m2,ACTED_IN\n"


def test_the_tutorial_of_neo4j_is_read(folder):
    found = read_csv(folder(movies=MOVIES, actors=ACTORS, roles=ROLES))
    assert rows(found, "Movie") == [
        {"id": "m1", "movieId": "m1", "title": "The Matrix", "year": 1999, "labels": None},
        {"id": "m2", "movieId": "m2", "title": "Reloaded", "year": 2003, "labels": ["Sequel"]},
    ]
    assert found.tables.edges["ACTED_IN", "Actor", "Movie"]["role"].to_pylist() == ["Neo", "Neo"]
    assert found.tables.roles.entities == {"Movie": "title", "Actor": "name"}


def test_headers_and_parts_may_be_files_of_their_own(folder):
    head, *lines = MOVIES.splitlines(keepends=True)
    found = read_csv(folder(movies_header=head, movies_1=lines[0], movies_2=lines[1]))
    assert [row["id"] for row in rows(found, "Movie")] == ["m1", "m2"]


def test_without_label_and_type_the_file_gives_the_name(folder):
    found = read_csv(folder(Person=":ID,name\n1,A\n2,B\n", KNOWS=":START_ID,:END_ID\n1,2\n"))
    assert list(found.tables.edges) == [("KNOWS", "Person", "Person")]
    assert any("called KNOWS by its name" in note for note in found.notes)


def test_an_argument_file_says_what_the_files_are(folder):
    args = (
        "--delimiter=TAB\n--array-delimiter='|'\n--quote=\"'\"\n--skip-bad-relationships\n--skip-duplicate-nodes=true\n"
        "--nodes=Person:Human=p.txt,p2.txt\n--relationships KNOWS=k.*\n"
    )
    found = read_csv(
        folder(import_dot_args=args, p_dot_txt="id:ID\tname\ttags:string[]\n1\t'A\tB'\tx|y\n", p2_dot_txt="1\tC\n2\tD\n",
               k_dot_txt=":START_ID\t:END_ID\n1\t2\n1\t9\n")
    )  # fmt: skip
    assert [(row["id"], row["name"], row["tags"]) for row in rows(found, "Person")] == [
        ("1", "A\tB", ["x", "y"]),
        ("2", "D", None),
    ]
    assert rows(found, "Person")[0]["labels"] == ["Human"]
    assert {"1 nodes with the id of an earlier one are left out"} < set(found.notes)
    assert any("KNOWS: 1 relationships are left out" in note for note in found.notes)


def test_every_type_of_neo4j(folder):
    header = "id:ID,a:byte,b:float,c:boolean,d:date,e:point,f:point{crs:WGS-84},g:boolean[],h:date[],i:double[],j:IGNORE,k:char"
    row = '1, 7 ,-Infinity,TRUE,2020-01-02,"{latitude: 55.5, longitude: 12}","{x:1, y:2, z:3}",true;false,2020-01-01;2021-01-01,1;2.5,no,c'
    [found] = rows(read_csv(folder(X=f"{header}\n{row}\n")), "X")
    assert found == {
        "id": "1", "a": 7, "b": float("-inf"), "c": True, "d": "2020-01-02", "e": [12.0, 55.5], "f": [1.0, 2.0, 3.0],
        "g": ["true", "false"], "h": ["2020-01-01", "2021-01-01"], "i": [1.0, 2.5], "k": "c",
    }  # fmt: skip


def test_null_and_the_empty_string_are_two_things(folder):
    found = read_csv(folder(X='id:ID,a,b:string[],c:int\n1,,,\n2,"","",""\n'))
    assert [(row["a"], row["b"], row["c"]) for row in rows(found, "X")] == [(None, None, None), ("", [], None)]
    path = folder(import_dot_args="--ignore-empty-strings\n--nodes=X=X.csv\n")
    assert [row["a"] for row in rows(read_csv(path), "X")] == [None, None]


def test_the_same_ids_in_two_spaces(folder):
    found = read_csv(
        folder(
            A="id:ID(A),n\n1,x\n2,y\n",
            B=":ID(B),n\n1,z\n",
            R=":START_ID(A),:END_ID(B)\n2,1\n",
            S=":START_ID(B),:END_ID(A)\n1,1\n",
        )
    )
    assert [row["id"] for label in "AB" for row in rows(found, label)] == ["A:1", "A:2", "B:1"]
    assert [row["own_id"] for row in rows(found, "A")] == ["1", "2"]
    edges = [(t[":START_ID"][0].as_py(), t[":END_ID"][0].as_py()) for t in found.tables.edges.values()]
    assert edges == [("A:2", "B:1"), ("B:1", "A:1")]


def test_ids_of_several_columns_are_joined(folder):
    found = read_csv(folder(X=":ID,b:ID,n\na,1,x\n", R=":START_ID,:END_ID\na1,a1\n"))
    assert rows(found, "X") == [{"id": "a1", "b": "1", "n": "x"}]


def test_other_delimiters_are_seen_and_gzip_is_undone(folder, tmp_path):
    (tmp_path / "x.tsv.gz").write_bytes(gzip.compress(b"\xef\xbb\xbfid:ID\tname\r\n1\ta,b\r\n"))
    assert rows(read(tmp_path), "x") == [{"id": "1", "name": "a,b"}]
    (tmp_path / "x.tsv.gz").unlink()
    assert rows(read(folder(y="id:ID;name\n1;a,b\n")), "y") == [{"id": "1", "name": "a,b"}]


def test_primary_label_key_labels_and_types_of_a_mapping(folder):
    path = folder(movies=MOVIES, actors=ACTORS, roles=ROLES)
    found = read_csv(path, Mapping(primary=("Sequel",), key={"Movie": "title"}, units={"Movie": {"year": "year"}}))
    assert [row["id"] for row in rows(found, "Movie")] == ["The Matrix"]
    assert [row["id"] for row in rows(found, "Sequel")] == ["m2"]
    assert list(found.tables.edges) == [("ACTED_IN", "Actor", "Movie"), ("ACTED_IN", "Actor", "Sequel")]
    only = read_csv(path, Mapping(labels=("Movie",), types=("NONE",)))
    assert (list(only.tables.nodes), list(only.tables.edges)) == (["Movie"], [])


def test_one_property_of_two_types_is_said(folder):
    found = read_csv(
        folder(a="id:ID,x:int,:LABEL\n1,1,A\n", b="id:ID,x:double,:LABEL\n2,0.5,A\n", c="id:ID,x,:LABEL\n3,c,A\n")
    )
    assert [row["x"] for row in rows(found, "A")] == ["1", "0.5", "c"]
    assert "A.x: float64 and int64 and string in one property: read as string" in found.notes
    found = read_csv(folder(c="id:ID,x:int,:LABEL\n3,3,A\n"))
    assert [row["x"] for row in rows(found, "A")] == [1.0, 0.5, 3.0]


MISTAKES = {
    "a number": ({"a": 'id:ID,t,n:int\n1,"x\ny",3\n2,z,"four"\n'}, "a.csv:4:5: n: 'four' is no int"),
    "a boolean": ({"a": "id:ID,n:boolean\n1,yes\n"}, "a.csv:2:3: n: 'yes' is no boolean"),
    "a member": ({"a": "id:ID,n:int[]\n1,1;2\n2,1;x;3\n"}, "a.csv:3:3: n: 'x' is no int[]"),
    "an empty member": ({"a": "id:ID,n:int[]\n1,1;;2\n"}, "a.csv:2:3: n: an empty member is no int[]"),
    "64 bits": ({"a": "id:ID,n:long\n1,9223372036854775808\n"}, "a.csv:2:3: n: '9223372036854775808' is no long"),
    "a point": ({"a": "id:ID,n:point\n1,here\n"}, "a.csv:2:3: n: 'here' is no point"),
    "too many fields": ({"a": "id:ID,n\n1,2\n1,2,3\n"}, "a.csv:3:5: 3 fields, the header has 2"),
    "a short row with a mistake": ({"a": "id:ID,n:int,m\n1,2,3\n2,x\n"}, "a.csv:3:3: n: 'x' is no int"),
    "a quote": ({"a": 'id:ID,n\n1,2\n2,"3\n4,5\n'}, "a.csv:3:3: a quote is opened here and never closed"),
    "a type": ({"a": "id:ID,n:number\n"}, "a.csv:1:7: n:number: unknown type 'number'"),
    "no name": ({"a": "id:ID,:int\n"}, "a.csv:1:7: a column of type int without a name"),
    "a name twice": ({"a": "id:ID,n,n\n"}, "a.csv:1:9: n comes twice in this header"),
    "half a header": ({"a": ":START_ID,n\n"}, ":END_ID is missing"),
    "a mixed header": ({"a": ":START_ID,:END_ID,:LABEL\n"}, "a.csv:1:19: :LABEL in a header of relationships"),
    "no header": ({"a": "x,y\n1,2\n"}, "a.csv:1:1: no header"),
    "an id twice": ({"a": "id:ID,n\n1,a\n", "b": "id:ID,n\n2,b\n1,c\n"}, "b.csv:3:1: a second node with the id '1'"),
    "no id": ({"a": "id:ID,n\n,a\n"}, "a.csv:2:1: a node without an id"),
    "no end": ({"a": "id:ID\n1\n", "R": ":START_ID,w,:END_ID\n1,5,1\n1,6,2\n"}, "R.csv:3:5: R: no node has the id '2'"),
    "no start": ({"a": "id:ID\n1\n", "R": ":START_ID,:END_ID\n,1\n"}, "R.csv:2:1: R: no node has the id None"),
    "no type": ({"a": "id:ID\n1\n", "R": ":START_ID,:END_ID,:TYPE\n1,1,A\n1,1,\n"}, "R.csv:3:5: a relationship without a type"),
    "a space": ({"a": "id:ID(A)\n1\n", "R": ":START_ID(B),:END_ID(A)\n1,1\n"}, "R.csv:2:1: R: no node has the id '1'"),
    "args without file": ({"import_dot_args": "--nodes=A=none.csv\n"}, "import.args: none.csv: no such file"),
    "args of the other kind": (
        {"import_dot_args": "--nodes=A=a.csv\n", "a": ":START_ID,:END_ID\n"},
        "a.csv:1:1: named with --nodes, but its header is of the other kind",
    ),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_one_line_with_its_place(folder, mistake):
    files, message = MISTAKES[mistake]
    path = folder(**files)
    with pytest.raises(GraphError) as error:
        read_csv(path)
    line = str(error.value).replace(f"{path}/", "")
    assert message in line
    assert "\n" not in line


def test_text_that_is_no_utf8_is_named(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"id:ID,n\n1,\xff\n")
    with pytest.raises(GraphError, match=r"a\.csv: invalid start byte at byte 10 \(utf-8"):
        read_csv(tmp_path)


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ({"entities": {"Film": "title"}}, "graph.entities.Film: no node has this label; the graph has X"),
        ({"texts": {"X": "body"}}, "graph.texts.X: X has no property body; it has name, n"),
        ({"entities": {"X": "n"}}, "graph.entities.X: n is int64; a name or a text is a string"),
        ({"units": {"X": {"n": "smoot"}}}, "graph.units.X.n: 'smoot' is no unit that kgmine knows"),
        ({"units": {"X": {"name": "metre"}}}, "graph.units.X: name is string; only numbers have a unit"),
    ],
)
def test_a_mapping_that_does_not_fit_is_named(folder, mapping, message):
    path = folder(X="id:ID,name,n:int\n1,a,1\n")
    with pytest.raises(ConfigError) as error:
        read_csv(path, Mapping(**mapping))
    assert message in str(error.value)


def test_a_key_that_is_no_key_is_named(folder):
    path = folder(X="id:ID,name\n1,a\n2,a\n")
    with pytest.raises(GraphError, match=r"X\.csv:2:3: graph\.key: X\.name comes twice: 'a'"):
        read_csv(path, Mapping(key={"X": "name"}))


@pytest.mark.parametrize(("given", "wanted"), [("TAB", "\t"), ("U+001F", "\x1f"), (";", ";"), ("\\t", "\t")])
def test_delimiters_are_written_as_for_neo4j_admin(given, wanted):
    assert character(given, "--delimiter") == wanted


@pytest.mark.parametrize("given", ["", ";;", "ü"])
def test_a_delimiter_is_one_character(given):
    with pytest.raises(UsageError, match="--delimiter"):
        character(given, "--delimiter")


FIELD = st.text(st.sampled_from('ab",;\n\r é'), max_size=5)


@settings(max_examples=200, deadline=None)
@given(table=st.lists(st.lists(FIELD, min_size=2, max_size=3), min_size=1, max_size=4))
def test_a_field_is_found_where_it_stands(tmp_path_factory, table):
    path = tmp_path_factory.mktemp("s") / "x.csv"
    quoted = [["".join(('"', field.replace('"', '""'), '"')) for field in row] for row in table]
    text = "\n".join(",".join(row) for row in quoted)
    path.write_text(text, encoding="utf-8", newline="")
    found = list(records(path, Dialect()))
    assert [[field.text for field in row] for row in found] == table
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for row in found:
        assert all(lines[field.line - 1][field.column - 1] == '"' for field in row)
