"""What a user reads when a server cannot be used: each line made by the real cause, and kept in a golden file."""

import os
import re
import threading
import time
from pathlib import Path

import pytest

from kg.graph.diff import diff
from kg.graph.tables import Tables, tables_from
from kg.stores import neo4j_connection
from kg.stores.neo4j import Address, connect
from schemas.errors import KgmineError
from tests.stores.bolt import answering

GOLDEN = Path(__file__).parent / "golden" / "neo4j_errors.txt"
GRAPH = tables_from([{"id": "a", "label": "A", "n": 1}], [{"type": "R", "source": "a", "target": "a"}])
EMPTY = Tables({}, {})


def check(found):
    """Compare lines with the golden file, name by name. UPDATE_GOLDEN=1 writes them into it."""
    text = GOLDEN.read_text(encoding="utf-8") if GOLDEN.exists() else ""
    kept = dict(line.split(": ", 1) for line in text.splitlines())
    if os.environ.get("UPDATE_GOLDEN"):
        lines = [f"{name}: {line}\n" for name, line in (kept | found).items()]
        GOLDEN.write_text("".join(lines), encoding="utf-8")
    else:
        assert found == {name: kept.get(name) for name in found}


def said(address, then=None):
    """What connecting to an address says, or what is done then."""
    with pytest.raises(KgmineError) as caught:
        _do(address, then)
    line, _, source = str(caught.value).partition("\n")
    assert not source or source.endswith("^")
    return re.sub(r"127\.0\.0\.1:\d+", "HOST", line)


def _do(address, then):
    store = connect(address)
    try:
        if then is not None:
            then(store)
    finally:
        store.close()


def test_no_server_is_one_line():
    check(
        {
            "no server": said(Address("bolt://127.0.0.1:1", password="x")),
            "no server to route": said(Address("neo4j://127.0.0.1:1", password="x")),
            "no host": said(Address("bolt://no-such-host.invalid:7687", password="x")),
            "no bolt address": said(Address("http://localhost:7474", password="x")),
            "authority without tls": said(Address("bolt://127.0.0.1:1", password="x", ca_file=Path("ca.pem"))),
            "no authority": said(Address("bolt+s://127.0.0.1:1", password="x", ca_file=Path("no-such-file.pem"))),
        }
    )


def test_what_is_no_neo4j_of_5_26_is_one_line():
    found = {}
    for name, handshake, agent in [
        ("very old", b"\0\0\0\0", ""),
        ("old", b"\0\0\4\4", "Neo4j/4.4.40"),
        ("rather old", b"\0\0\2\5", "Neo4j/5.20.0"),
        ("port for http", b"HTTP/1.1 400 Bad Request\r\n\r\n", ""),
        ("no handshake", b"", ""),
    ]:
        with answering(handshake, agent) as uri:
            found[name] = said(Address(uri, password="x"))
    check(found)


def test_a_server_of_5_26_or_later_is_taken():
    for agent in ("Neo4j/5.26.0", "Neo4j/2025.10.1"):
        with answering(b"\0\0\2\5", agent) as uri:
            connect(Address(uri, password="x")).close()


@pytest.mark.neo4j
def test_wrong_password_database_and_query_are_one_line(neo4j_server):
    uri, password = neo4j_server.uri, neo4j_server.password
    right = Address(uri, password=password)
    check(
        {
            "wrong password": said(Address(uri, password="wrong")),
            "no password": said(Address(uri)),
            "no database": said(Address(uri, password=password, database="nowhere")),
            "no tls": said(Address(uri.replace("bolt:", "bolt+s:"), password=password)),
            "write": said(right, lambda store: store.query("CREATE (n:A)")),
            "syntax": said(right, lambda store: store.query("MATCH (n)\nWHERE n.x = RETURN n")),
            "no parameter": said(right, lambda store: store.query("MATCH (n) RETURN n.x / $y")),
            "division": said(right, lambda store: store.query("RETURN 1 / 0")),
            "index by query": said(right, lambda store: store.query("CREATE INDEX FOR (n:A) ON (n.x)")),
        }
    )


@pytest.mark.neo4j
def test_what_others_did_in_the_database_is_one_line(neo4j_server):
    right = Address(neo4j_server.uri, password=neo4j_server.password)

    def write(store):
        store.sync(diff(EMPTY, GRAPH), target=GRAPH, workspace="w")

    neo4j_server.run("CREATE (:A {id: 'x'}), (:A {id: 'x'})")
    found = {"two of one id": said(right, write)}
    neo4j_server.wipe()
    neo4j_server.run("CREATE INDEX mine FOR (n:A) ON (n.id)")
    found["index of others"] = said(right, write)
    neo4j_server.wipe()
    neo4j_server.run("CREATE (:A {id: 'a'})")
    found["id of others"] = said(right, write)
    neo4j_server.wipe()
    store = connect(right)
    write(store)
    store.close()
    found["other workspace"] = said(
        right, lambda store: store.sync(diff(EMPTY, EMPTY), target=EMPTY, workspace="other")
    )
    neo4j_server.run("MATCH (m:KgmineSync) SET m.format = 99")
    found["other format"] = said(right, lambda store: store.tables())
    check(found)


@pytest.mark.neo4j
@pytest.mark.slow
def test_a_first_password_and_a_certificate_are_one_line(own_neo4j):
    own = own_neo4j("--keep-initial-password")
    found = {"first password": said(Address(own.server.uri, password="neo4j"))}
    own.kill()
    own = own_neo4j("--tls")
    uri, password = own.server.uri, own.server.password
    found["not trusted"] = said(Address(uri, password=password))
    found["tls wanted"] = said(Address(uri.replace("+s", ""), password=password))
    found["no certificate"] = said(Address(uri, password=password, ca_file=Path(__file__)))
    check(found)
    authority = own.home / "certificates" / "ca.pem"
    for secure in (uri, uri.replace("bolt", "neo4j")):
        connect(Address(secure, password=password, ca_file=authority)).close()
    connect(Address(uri.replace("+s", "+ssc"), password=password)).close()


@pytest.mark.neo4j
@pytest.mark.slow
def test_a_connection_lost_half_way_is_one_line(own_neo4j, monkeypatch):
    monkeypatch.setattr(neo4j_connection, "RETRY_SECONDS", 2.0)
    own = own_neo4j()
    address = Address(own.server.uri, password=own.server.password)
    many = tables_from([{"id": f"{k}", "label": "A", "text": "x" * 500} for k in range(150_000)], [])

    def killed(store):
        threading.Thread(target=lambda: (time.sleep(2), own.kill()), daemon=True).start()
        store.sync(diff(EMPTY, many), target=many, workspace="w")

    check({"lost": said(address, killed)})
