"""Templates over a user's own labels: what is unique, closed, needed and evidence in a graph without documents."""

import pytest

from kg.cypher.lint import lint
from kg.cypher.template import loads
from kg.proof.source import SourceIndex
from kg.proof.verify import verify_sample
from tests.proof.films import ROLES, Films, mined

DIRECTOR = (
    "task: look_up\ngiven: [m.title]\nanswer: p.name\nquestion: 'Who directed the film “{{ m.title }}”?'",
    "MATCH (m:Movie)<-[:DIRECTED]-(p:Person) RETURN m, p",
)
LONGEST = (
    "task: superlative\ngiven: [p.name]\nclosed: graph\n"
    "derive:\n  rows:\n    r: MATCH (p)-[:DIRECTED]->(x:Movie) RETURN x.title AS title, x.runtime AS runtime\n"
    "  sql: SELECT title FROM r ORDER BY runtime DESC LIMIT 1\n"
    "question: 'Which of the films {{ closed }} that {{ p.name }} directed is the longest?'",
    "MATCH (p:Person) WHERE EXISTS { MATCH (p)-[:DIRECTED]->(:Movie) } RETURN p",
)
LONGER = (
    "task: comparison\ngiven: [a.title, a.year, b.title, b.year]\nderive:\n"
    '  sql: "SELECT title FROM (SELECT title, runtime FROM a UNION ALL SELECT title, runtime FROM b) '
    'ORDER BY runtime DESC LIMIT 1"\n'
    "question: 'Which film is longer: “{{ a.title }}” ({{ a.year }}) or “{{ b.title }}” ({{ b.year }})?'",
    "MATCH (a:Movie)<-[:DIRECTED]-(:Person)-[:DIRECTED]->(b:Movie) WHERE a.id < b.id RETURN a, b",
)
WINNER = (
    "task: bridge\ngiven: [a.name, w.year]\nanswer: p.name\n"
    "question: 'Who directed the film that won the {{ a.name }} at the ceremony of {{ w.year }}?'",
    "MATCH (p:Person)-[:DIRECTED]->(m:Movie)-[w:WON]->(a:Award) RETURN p, m, w, a",
)


def counted(sql="SELECT count(*) FROM r", rows="MATCH (p)-[:DIRECTED]->(x:Movie) RETURN x.title AS title"):
    header = (
        f"task: count\ngiven: [p.name]\nclosed: graph\nanswer_type: count\nderive:\n  rows:\n    r: {rows}\n"
        f"  sql: {sql}\nquestion: 'How many of the films {{{{ closed }}}} did {{{{ p.name }}}} direct?'"
    )
    return header, "MATCH (p:Person) WHERE EXISTS { MATCH (p)-[:DIRECTED]->(:Movie) } RETURN p"


@pytest.fixture(scope="module")
def films():
    return Films().snapshot()


def answers(samples):
    return {question: sample.answer for question, sample in samples.items()}


def reasons(rejected, check):
    return [item.reason for item in rejected if item.check == check]


def test_a_relationship_is_looked_up_and_is_evidence(films):
    samples, _ = mined(*DIRECTOR, films)
    sample = samples["Who directed the film “Titanic”?"]
    assert (sample.answer, sample.answer_type, sample.answer_value) == ("James Cameron", "entity", "p-James Cameron")
    assert sample.proved
    assert (sample.hops, sample.modalities) == (1, ("graph",))
    assert [(row.kind, row.property, row.text) for row in sample.evidence] == [
        ("property", "name", "James Cameron"),
        ("relation", "DIRECTED", "James Cameron DIRECTED Titanic"),
        ("property", "title", "Titanic"),
    ]
    assert {row.page for row in sample.evidence} == {None}
    assert {row.sha256 for row in sample.evidence} == {films.hash}
    assert sample.checks["source_reread"].result == "not_applicable"
    assert sample.checks["not_contested"].result == "not_applicable"
    assert [step.text for step in sample.derivation.steps] == ["James Cameron DIRECTED Titanic", "Person James Cameron"]


def test_a_remake_with_the_same_title_makes_two_answers(films):
    samples, rejected = mined(*DIRECTOR, films)
    assert "Who directed the film “Dune”?" not in samples
    assert any("David Lynch" in why and "Denis Villeneuve" in why for why in reasons(rejected, "unique"))


def test_a_second_director_makes_two_answers(films):
    samples, rejected = mined(*DIRECTOR, films)
    assert "Who directed the film “The Matrix”?" not in samples
    assert any("Lilly Wachowski" in why for why in reasons(rejected, "unique"))


def test_a_title_in_the_plural_is_another_title(films):
    assert answers(mined(*DIRECTOR, films)[0])["Who directed the film “Alien”?"] == "Ridley Scott"


def test_the_year_tells_remakes_apart(films):
    header = "task: value\ngiven: [m.title, m.year]\nanswer: m.runtime\nquestion: 'How long is “{{ m.title }}” ({{ m.year }}){{ answer.unit }}?'"
    samples, _ = mined(header, "MATCH (m:Movie) RETURN m", films)
    sample = samples["How long is “Dune” (1984), in minutes?"]
    assert (sample.answer, sample.answer_unit, sample.hops) == ("137", "minutes", 0)
    assert len(samples) == 12


def test_a_year_is_asked_for_as_a_date(films):
    header = "task: year\ngiven: [m.title]\nanswer: m.year\nanswer_type: date\nquestion: 'In which year was “{{ m.title }}” released?'"
    sample = mined(header, "MATCH (m:Movie) RETURN m", films)[0]["In which year was “Titanic” released?"]
    assert (sample.answer, sample.answer_type, sample.answer_value) == ("1997", "date", "1997")


def test_two_people_of_one_name_are_two_answers():
    """A film with both Steve McQueens would have two actors whom nobody can tell apart by name."""
    films = Films()
    films.edge("ACTED_IN", films.person("Steve McQueen#2"), "Bullitt1968", roles=["himself"], billing=2)
    header = "task: actor\ngiven: [m.title, r.billing]\nanswer: p.name\nquestion: 'Who is number {{ r.billing }} on the bill of “{{ m.title }}”?'"
    samples, _ = mined(header, "MATCH (p:Person)-[r:ACTED_IN]->(m:Movie) RETURN p, r, m", films.snapshot())
    assert samples["Who is number 2 on the bill of “Bullitt”?"].answer_value == "p-Steve McQueen#2"
    assert samples["Who is number 1 on the bill of “Bullitt”?"].answer_value == "p-Steve McQueen"


def test_a_name_that_two_people_have_is_no_subject_of_a_count(films):
    """One Steve McQueen directed one of the films, the other none."""
    films = Films()
    films.edge("DIRECTED", films.person("Steve McQueen#2"), "Bullitt1968")
    samples, rejected = mined(*counted(), films.snapshot())
    assert not any("Steve McQueen" in question for question in samples)
    assert any("2 answers" in why for why in reasons(rejected, "unique"))


def test_sql_does_not_merge_two_people_of_one_name(films):
    header = (
        "task: count\ngiven: [a.name]\nclosed: graph\nanswer_type: count\nderive:\n  rows:\n"
        "    r: MATCH (q:Person)-[:DIRECTED|ACTED_IN]->(x:Movie) RETURN q.name AS name{}\n"
        "  sql: SELECT count(DISTINCT {}) FROM r\nquestion: 'How many people {{{{ closed }}}} have not got the {{{{ a.name }}}}?'"
    )
    _, rejected = mined(header.format("", "name"), "MATCH (a:Award) RETURN a", films)
    assert reasons(rejected, "derivation") == ["tie: two things are called Steve McQueen; give the rows a column `id`"]
    samples, _ = mined(header.format(", q.id AS id", "id"), "MATCH (a:Award) RETURN a", films)
    assert [sample.answer for sample in samples.values()] == ["21"]


def test_a_chosen_name_that_two_things_have_is_a_tie():
    films = Films()
    films.node("Movie", "again", title="Titanic", year=1953, runtime=98)
    films.edge("DIRECTED", films.person("James Cameron"), "again")
    _, rejected = mined(*LONGEST, films.snapshot())
    assert any("2 things of one name: Titanic (Titanic1997), Titanic (again)" in item.reason for item in rejected)


def test_equal_runtimes_are_a_tie(films):
    samples, rejected = mined(*LONGER, films)
    assert answers(samples)["Which film is longer: “Aliens” (1986) or “Titanic” (1997)?"] == "Titanic"
    assert not any("Alien”" in question and "Blade Runner" in question for question in samples)  # 117 minutes each
    assert any(why.startswith("tie: ") for why in reasons(rejected, "derivation"))


def test_a_missing_runtime_opens_the_set():
    films = Films()
    films.nodes["Thelma & Louise1991"]["properties"]["runtime"] = None
    samples, rejected = mined(*LONGEST, films.snapshot())
    assert list(answers(samples).values()) == ["Titanic"]  # Cameron's: his films all have one
    assert reasons(rejected, "open_set") == ["Thelma & Louise has no runtime"]


def test_asking_for_known_values_only_is_no_way_out():
    films = Films()
    films.nodes["Thelma & Louise1991"]["properties"]["runtime"] = None
    header = LONGEST[0].replace("(x:Movie) RETURN", "(x:Movie) WHERE x.runtime IS NOT NULL RETURN")
    assert reasons(mined(header, LONGEST[1], films.snapshot())[1], "open_set") == ["Thelma & Louise has no runtime"]


def test_a_missing_year_opens_a_set_only_where_it_may_decide():
    films = Films()
    films.nodes["Thelma & Louise1991"]["properties"]["year"] = None
    early = "MATCH (p)-[:DIRECTED]->(x:Movie) WHERE x.year < 1995 {} RETURN x.title AS title"
    assert reasons(mined(*counted(rows=early.format("")), films.snapshot())[1], "open_set") == [
        "Thelma & Louise has no year"
    ]
    other = early.format("AND x.runtime < 125")  # it runs 130 minutes: whatever its year, it does not count
    assert not reasons(mined(*counted(rows=other), films.snapshot())[1], "open_set")


def test_a_missing_value_opens_a_set_behind_with_and_in_a_subquery(films):
    longest = "MATCH (p)-[:DIRECTED]->(x:Movie) WITH x WHERE x.runtime > 100 RETURN x.title AS title"
    late = "MATCH (p)-[:DIRECTED]->(x:Movie) WHERE NOT EXISTS { MATCH (x)-[w:WON]->(:Award) WHERE w.year > 2000 } RETURN x.title AS title"
    for rows in (longest, late):
        assert not reasons(mined(*counted(rows=rows), films)[1], "open_set")
    films = Films()
    films.nodes["Bullitt1968"]["properties"]["runtime"] = None
    films.edge("WON", "Alien1979", "oscar")
    for rows, why in (
        (longest, "Bullitt has no runtime"),
        (late, "Alien WON Academy Award for Best Picture has no year"),
    ):
        assert set(reasons(mined(*counted(rows=rows), films.snapshot())[1], "open_set")) == {why}


def test_what_is_known_may_be_asked_for():
    """`IS NOT NULL` by itself is the question, not a guard."""
    known = "MATCH (p)-[:DIRECTED]->(x:Movie)<-[:ACTED_IN]-(q:Person) WHERE q.born IS NOT NULL RETURN x.title AS title"
    samples, rejected = mined(*counted(rows=known), Films().snapshot())
    assert answers(samples)["How many of the films on record did Ridley Scott direct?"] == "2"
    assert not reasons(rejected, "open_set")


def test_a_graph_that_nobody_calls_complete_has_no_closed_set():
    films = Films().snapshot(ROLES.model_copy(update={"closed_world": False}))
    samples, rejected = mined(*counted(), films)
    assert not samples
    assert {item.check for item in rejected} == {"open_set", "wrong_grain"}


def test_rows_without_a_closed_set_are_refused(films):
    header = counted()[0].replace("closed: graph\n", "").replace("{{ closed }}", "on record")
    assert "open_set" in {item.check for item in mined(header, counted()[1], films)[1]}


def test_a_property_of_a_relationship_is_a_claim_and_an_answer(films):
    samples, _ = mined(*WINNER, films)
    won = "Who directed the film that won the Academy Award for Best Picture at the ceremony of {}?"
    assert answers(samples) == {
        won.format(1998): "James Cameron",
        won.format(2001): "Ridley Scott",
        won.format(2014): "Steve McQueen",
    }
    assert {sample.hops for sample in samples.values()} == {2}
    header = "task: role\ngiven: [p.name, m.title]\nanswer: r.roles\nquestion: 'Whom does {{ p.name }} play in “{{ m.title }}”?'"
    roles, rejected = mined(header, "MATCH (p:Person)-[r:ACTED_IN]->(m:Movie) RETURN p, r, m", films)
    assert answers(roles)["Whom does Harrison Ford play in “Blade Runner”?"] == "Rick Deckard"
    assert "'Thelma' is in the question" in reasons(rejected, "trivial")


def test_two_winners_at_one_ceremony_are_two_answers():
    films = Films()
    films.edge("WON", "Alien1979", "oscar", year=1998)
    samples, _ = mined(*WINNER, films.snapshot())
    assert not any("1998" in question for question in samples)


def test_several_members_of_a_list_are_a_set():
    films = Films()
    films.edge("ACTED_IN", films.person("Keanu Reeves"), "Dune2021", roles=["a guard", "a pilot"], billing=9)
    header = "task: role\ngiven: [p.name, m.title, m.year]\nanswer: r.roles\nquestion: 'Whom does {{ p.name }} play in “{{ m.title }}” ({{ m.year }})?'"
    samples, _ = mined(header, "MATCH (p:Person)-[r:ACTED_IN]->(m:Movie) RETURN p, r, m", films.snapshot())
    sample = samples["Whom does Keanu Reeves play in “Dune” (2021)?"]
    assert (sample.answer, sample.answer_type) == ("a guard and a pilot", "set")


def test_hops_are_those_that_the_answer_needs(films):
    """Weaver and Biehn meet in one film. Biehn's film alone is not enough, he made two; one relationship may go."""
    header = "task: both\ngiven: [a.name, b.name]\nanswer: m.title\nquestion: 'In which film do {{ a.name }} and {{ b.name }} both act?'"
    query = "MATCH (a:Person)-[:ACTED_IN]->(m:Movie)<-[:ACTED_IN]-(b:Person) WHERE a.name < b.name RETURN a, m, b"
    samples, _ = mined(header, query, films)
    assert samples["In which film do Michael Biehn and Sigourney Weaver both act?"].hops == 2
    assert samples["In which film do Geena Davis and Susan Sarandon both act?"].hops == 1
    compared = mined(*LONGER, films)[0]["Which film is longer: “Aliens” (1986) or “Titanic” (1997)?"]
    assert compared.hops == 1  # the director is not said; two films are compared
    assert [(row.node, row.property) for row in compared.evidence] == [
        ("Titanic1997", "title"),
        ("Aliens1986", "runtime"),
        ("Aliens1986", "title"),
        ("Titanic1997", "runtime"),
        ("Aliens1986", "year"),
        ("Titanic1997", "year"),
    ]
    assert compared.checks["hops_needed"].reason == "relabelled: 1 of 2 hops are needed"


def test_a_text_that_says_the_answer_makes_the_graph_no_source():
    films = Films()
    films.nodes["s1"]["properties"]["text"] = "In this film by Ridley Scott a crew brings a killer on board."
    samples, rejected = mined(*DIRECTOR, films.snapshot())
    assert "Who directed the film “Alien”?" not in samples
    assert any("a text says it" in why for why in reasons(rejected, "modalities_needed"))


def test_text_is_evidence_of_its_own_modality(films):
    header = (
        "task: story\ngiven: [s.text]\nanswer: p.name\nquestion: 'Who directed the film with the plot “{{ s.text }}”?'"
    )
    query = "MATCH (s:Synopsis)-[:DESCRIBES]->(m:Movie)<-[:DIRECTED]-(p:Person) RETURN s, m, p"
    (sample,) = mined(header, query, films)[0].values()
    assert (sample.answer, sample.hops, sample.modalities) == ("Ridley Scott", 2, ("text", "graph"))


def test_units_of_properties_do_not_mix(films):
    header = "task: difference\ngiven: [m.title, m.year]\nderive:\n  sympy: {}\nquestion: 'What is it for “{{{{ m.title }}}}” ({{{{ m.year }}}}){{{{ answer.unit }}}}?'"
    query = "MATCH (m:Movie)<-[:DIRECTED]-(p:Person) WHERE p.born IS NOT NULL RETURN m, p"
    _, rejected = mined(header.format("m.runtime - p.born"), query, films)
    assert any("minute" in why for why in reasons(rejected, "derivation"))
    years, _ = mined(header.format("m.year - p.born\n  unit: year"), query, films)
    assert years["What is it for “Titanic” (1997), in years?"].answer == "43"


def test_a_value_that_is_missing_has_no_answer():
    films = Films()
    films.nodes["Titanic1997"]["properties"]["year"] = None
    header = "task: year\ngiven: [m.title]\nanswer: m.year\nquestion: 'When did “{{ m.title }}” come out?'"
    assert reasons(mined(header, "MATCH (m:Movie) RETURN m", films.snapshot())[1], "derivation") == [
        "year of Titanic has no value"
    ]


def test_a_sample_is_verified_against_its_graph_and_fails_against_another(films):
    header, query = WINNER
    template = loads(f"/*\n{header}\n*/\n{query}", name="own")
    sample = next(iter(mined(header, query, films)[0].values()))
    found = verify_sample(sample, SourceIndex(".", {}), template, films)
    assert {check.result for check in found.values()} == {"pass", "not_applicable"}
    changed = Films()
    changed.nodes[sample.answer_value]["properties"]["name"] = "Somebody Else"
    assert verify_sample(sample, SourceIndex(".", {}), template, changed.snapshot())["match"].result == "fail"
    richer = Films()
    richer.edge("DIRECTED", richer.person("Keanu Reeves"), sample.match.bindings["m"])
    assert verify_sample(sample, SourceIndex(".", {}), template, richer.snapshot())["unique"].result == "fail"


@pytest.mark.parametrize(
    ("header", "query", "message"),
    [
        (DIRECTOR[0], "MATCH (m:Film)<-[:DIRECTED]-(p:Person) RETURN m, p", "Film"),
        (DIRECTOR[0], "MATCH (m:Document)<-[:DIRECTED]-(p:Person) RETURN m, p", "Document"),
        (WINNER[0].replace("w.year", "w.yaer"), WINNER[1], "WON has no property `yaer`; did you mean `year`?"),
        (counted()[0].replace("{{ closed }}", "on record"), counted()[1], "does not name its closed set"),
        (counted()[0].replace("closed: graph", "closed: p"), counted()[1], "write `closed: graph`"),
        (WINNER[0] + "\nstrata: [w.year]", WINNER[1], "strata are properties of nodes"),
    ],
)
def test_the_linter_knows_the_labels_of_the_graph_and_no_others(films, header, query, message):
    assert any(message in str(error) for error in lint(loads(f"/*\n{header}\n*/\n{query}"), films))
