"""A small graph of a user's own: films and people, no documents. Every fact is true, and so are the traps.

Two films called Dune, two people called Steve McQueen (the actor of Bullitt, the director of 12 Years a Slave), two
directors of The Matrix, Alien beside Aliens, and pairs of equal runtimes.
"""

from kg.cypher.lint import lint
from kg.cypher.template import loads
from kg.graph.roles import Roles
from kg.proof.prove import prove
from kg.proof.source import SourceIndex
from kg.snapshot.build import snapshot_from
from sampling.draw import draw_with_report
from schemas.sample import Draft, Sample
from synthesis.synthesize import bench_of

ROLES = Roles(
    entities={"Movie": "title", "Person": "name", "Genre": "name", "Award": "name"},
    texts={"Synopsis": "text"},
    units={"Movie": {"runtime": "minute"}},
    closed_world=True,
)

FILMS = [  # title, year, runtime, directors, {actor: role}, genres
    ("Alien", 1979, 117, ["Ridley Scott"], {"Sigourney Weaver": "Ellen Ripley", "Tom Skerritt": "Dallas"}, ["horror", "science fiction"]),
    ("Aliens", 1986, 137, ["James Cameron"], {"Sigourney Weaver": "Ellen Ripley", "Michael Biehn": "Dwayne Hicks"}, ["science fiction", "action"]),
    ("Blade Runner", 1982, 117, ["Ridley Scott"], {"Harrison Ford": "Rick Deckard"}, ["science fiction"]),
    ("Gladiator", 2000, 155, ["Ridley Scott"], {"Russell Crowe": "Maximus"}, ["action", "drama"]),
    ("Thelma & Louise", 1991, 130, ["Ridley Scott"], {"Geena Davis": "Thelma", "Susan Sarandon": "Louise"}, ["drama"]),
    ("The Terminator", 1984, 107, ["James Cameron"], {"Michael Biehn": "Kyle Reese"}, ["science fiction", "action"]),
    ("Titanic", 1997, 194, ["James Cameron"], {"Kate Winslet": "Rose"}, ["drama"]),
    ("Dune", 1984, 137, ["David Lynch"], {"Kyle MacLachlan": "Paul Atreides"}, ["science fiction"]),
    ("Dune", 2021, 155, ["Denis Villeneuve"], {"Timothée Chalamet": "Paul Atreides"}, ["science fiction"]),
    ("The Matrix", 1999, 136, ["Lana Wachowski", "Lilly Wachowski"], {"Keanu Reeves": "Neo"}, ["science fiction", "action"]),
    ("Bullitt", 1968, 114, ["Peter Yates"], {"Steve McQueen": "Frank Bullitt"}, ["action"]),
    ("12 Years a Slave", 2013, 134, ["Steve McQueen#2"], {"Chiwetel Ejiofor": "Solomon Northup"}, ["drama"]),
]  # fmt: skip
WON = [("Gladiator2000", 2001), ("Titanic1997", 1998), ("12 Years a Slave2013", 2014)]
BORN = {
    "Ridley Scott": 1937, "James Cameron": 1954, "Sigourney Weaver": 1949, "Steve McQueen": 1930, "Steve McQueen#2": 1969,
    "Harrison Ford": 1942, "Keanu Reeves": 1964, "David Lynch": 1946, "Denis Villeneuve": 1967,
}  # fmt: skip


class Films:
    """Nodes and edges as dicts, so that a test can plant a fault before the snapshot is built."""

    def __init__(self):
        self.nodes, self.edges = {}, []
        for title, year, runtime, directors, cast, genres in FILMS:
            film = self.node("Movie", f"{title}{year}", title=title, year=year, runtime=runtime)
            for name in directors:
                self.edge("DIRECTED", self.person(name), film)
            for place, (name, role) in enumerate(cast.items(), 1):
                self.edge("ACTED_IN", self.person(name), film, roles=[role], billing=place)
            for genre in genres:
                self.edge("IN_GENRE", film, self.node("Genre", f"g-{genre}", name=genre))
        award = self.node("Award", "oscar", name="Academy Award for Best Picture")
        for film, year in WON:
            self.edge("WON", film, award, year=year)
        self.node("Synopsis", "s1", text="The crew of a cargo ship answers a signal and brings a killer on board.")
        self.edge("DESCRIBES", "s1", "Alien1979")

    def node(self, label, id_, **properties):
        self.nodes[id_] = {"id": id_, "label": label, "properties": properties}
        return id_

    def person(self, name):
        return self.node("Person", f"p-{name}", name=name.partition("#")[0], born=BORN.get(name))

    def edge(self, type_, source, target, **properties):
        self.edges.append({"type": type_, "source": source, "target": target, "properties": properties})

    def snapshot(self, roles=ROLES):
        return snapshot_from(list(self.nodes.values()), self.edges, roles)


def mined(header, query, snapshot, *, draws=400, seed=1):
    """(samples by their question, rejects) of one template, from the draw to the proof."""
    template = loads(f"/*\n{header.strip()}\n*/\n{query}", name="own")
    assert [str(error) for error in lint(template, snapshot)] == []
    matches, _ = draw_with_report(template, snapshot, draws, seed)
    bench, samples, rejected = bench_of(template, snapshot, seed=seed), {}, []
    for match in matches:
        made = bench.draft(match)
        made = prove(made, template, snapshot, SourceIndex(".", {})) if isinstance(made, Draft) else made
        if isinstance(made, Sample):
            samples[made.question] = made
        else:
            rejected.append(made)
    return samples, rejected
