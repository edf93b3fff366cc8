"""Edits: what users change in the graph wins over what extraction says, and is kept beside it in `edits.jsonl`.

P  pure        what kgmine extracted: f(fragments, overlay)
E  edits       rows of `schemas.edit.Edit`
T  tables      apply(P, E): the graph that is sampled, and that a server is to hold
S  synced      the T that a server was last given
N  now         what the server holds: harvest(N, S, E) gives the next E

patch          a few changes on top of large tables
anchor         how an edit finds its target when a changed document got other ids
apply          P and E give T; edits without a target wait
follow         what follows from an edit in a graph of kgmine's own labels
touched        what differs between S and N
merges         how one tells that two nodes were merged
settle         E and what was touched give the next E
harvest        all of that, an interrupted sync included
split          names that resolution must keep apart
"""

from kg.graph.edits.apply import Applied, Edits, apply_edits
from kg.graph.edits.describe import Described, describe
from kg.graph.edits.file import read_edits, write_edits
from kg.graph.edits.harvest import Version, discard, harvest
from kg.graph.edits.split import splits

__all__ = [
    "Applied",
    "Described",
    "Edits",
    "Version",
    "apply_edits",
    "describe",
    "discard",
    "harvest",
    "read_edits",
    "splits",
    "write_edits",
]
