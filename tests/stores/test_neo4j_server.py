"""The server that `make neo4j-start` gives, and the fixtures around it."""

import subprocess
import sys

import pytest

from tests.conftest import SERVER


def test_one_line_says_what_to_install(tmp_path):
    call = [sys.executable, str(SERVER), "start", "--home", str(tmp_path / "home")]
    done = subprocess.run(call, env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "install Java 17 or 21 and Maven" in done.stderr
    assert not (tmp_path / "home").exists()


@pytest.mark.neo4j
def test_the_shared_database_is_empty_and_stays_so(neo4j_server):
    assert neo4j_server.run("MATCH (n) RETURN count(n)") == [[0]]
    neo4j_server.run("CREATE CONSTRAINT FOR (n:A) REQUIRE n.id IS UNIQUE")
    neo4j_server.run("UNWIND range(1, 20000) AS i CREATE (:A {id: i})")
    neo4j_server.wipe()
    assert neo4j_server.run("MATCH (n) RETURN count(n)") == [[0]]
    assert neo4j_server.run("SHOW CONSTRAINTS") == []


@pytest.mark.neo4j
@pytest.mark.slow
def test_a_server_of_a_tests_own_keeps_what_was_committed_when_it_is_killed(own_neo4j):
    own = own_neo4j()
    own.server.run("CREATE (:A {id: 'kept'})")
    own.kill()
    own.start()
    assert own.server.run("MATCH (n:A) RETURN n.id") == [["kept"]]
