"""The server that `make neo4j-start` gives, and the fixtures around it."""

import pytest

pytestmark = pytest.mark.neo4j


def test_the_shared_database_is_empty_and_stays_so(neo4j_server):
    assert neo4j_server.run("MATCH (n) RETURN count(n)") == [[0]]
    neo4j_server.run("CREATE CONSTRAINT FOR (n:A) REQUIRE n.id IS UNIQUE")
    neo4j_server.run("UNWIND range(1, 20000) AS i CREATE (:A {id: i})")
    neo4j_server.wipe()
    assert neo4j_server.run("MATCH (n) RETURN count(n)") == [[0]]
    assert neo4j_server.run("SHOW CONSTRAINTS") == []


@pytest.mark.slow
def test_a_server_of_a_tests_own_keeps_what_was_committed_when_it_is_killed(own_neo4j):
    own = own_neo4j()
    own.server.run("CREATE (:A {id: 'kept'})")
    own.kill()
    own.start()
    assert own.server.run("MATCH (n:A) RETURN n.id") == [["kept"]]
