"""A workspace beside its server: the user's edits are pulled before the graph is built, the graph is pushed after.

While the database's bookmark is the one of the last push, nobody has written to it, so the server holds the tables of
that generation and nothing is read.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, final

from kgmine import graph
from kgmine.server import Place, Seen, connect, identity, place_of
from kgmine.workspace import Workspace, workspace_of
from schemas.errors import GraphError

if TYPE_CHECKING:
    from kg.graph.edits import Version
    from kg.graph.tables import Tables
    from kg.stores.neo4j import Neo4jStore, ServerGraph, State


@dataclass(frozen=True, slots=True)
class Sync:
    """How edits are met."""

    refresh: bool = False
    """Read the server even where its bookmark says that nobody wrote to it."""
    discard_edits: bool = False
    """Drop every edit, on the server too."""


KEEP: Final = Sync()


@final
class Session:
    """An open server and the workspace whose graph it holds."""

    def __init__(self, workspace: Workspace, place: Place, say: Callable[[str], None] = print) -> None:
        """Raises: GraphError: the server cannot be reached."""
        self.workspace, self.place, self.say = workspace, place, say
        self.store: Neo4jStore = connect(place)
        self._now: ServerGraph | None = None

    def pull(self, *, refresh: bool = False) -> int:
        """Harvest what users changed on the server since the last push into `edits.jsonl`.

        Returns: how many edits are in force that were not before, plus those that are no longer.

        Raises:
            GraphError: another workspace's graph is on the server, or the tables that were pushed are gone from here.
        """
        from kg.graph.edits import harvest, read_edits, write_edits

        state = self._state()
        if state is None or (not refresh and self._is_read()):
            return 0
        interrupted = self._version(state.target) if not state.is_whole else None
        before, now = read_edits(self.workspace.edits), self._read()
        after = harvest(now.tables, self._version(state.content), before, interrupted=interrupted, odd=now.odd)
        if after != before:
            write_edits(self.workspace.edits, after)
        self._keep(read=now.bookmark)
        return len({edit.id for edit in before} ^ {edit.id for edit in after})

    def discard(self) -> int:
        """Drop every edit. What users made on the server stays there, since kgmine deletes only what it wrote; it is
        noted in `edits.jsonl` as left out of the graph.

        Returns: how many such elements there are.
        """
        from kg.graph.edits import discard, write_edits

        left = () if self._state() is None else discard(self._read().tables)
        if left or self.workspace.edits.exists():
            write_edits(self.workspace.edits, left)
        return len(left)

    def push(self, built: graph.Built) -> dict[str, int]:
        """Make the server hold the tables of a generation; only what differs is written.

        Returns: rows added, changed and removed.
        """
        from kg.graph.diff import diff

        state, target = self._state(), built.read()
        change = diff(self._held(state), target)
        if change or state is None or not state.is_whole or state.content != built.content:
            self.store.sync(change, target=target, workspace=identity(self.workspace))
            self._now = None
        bookmark = self.store.bookmark()
        self._keep(written=bookmark, read=bookmark)
        return change.counts()

    def settled(self, built: graph.Built) -> graph.Built:
        """The generation to push: a newer one where users wrote to the server since the pull."""
        if self._now is not None and self._now.bookmark == self.store.bookmark():
            return built
        return graph.rebuild(self.workspace) if self.pull() else built

    def close(self) -> None:
        self.store.close()

    def _state(self) -> State | None:
        """Raises: GraphError: the graph on the server is another workspace's."""
        state = self.store.state()
        if state is not None and state.workspace != identity(self.workspace):
            raise GraphError(
                f"{self.place.uri}: the database holds the graph of another workspace; use another database, or remove "
                "that graph with `kgmine graph drop`"
            )
        return state

    def _is_read(self) -> bool:
        """Whether nobody wrote to the database since the last pull or push."""
        seen = Seen.of(self.workspace, self.place).read
        return bool(seen) and seen == self.store.bookmark()

    def _held(self, state: State | None) -> Tables:
        """What the server holds: as it was pushed, or read, where nobody wrote since."""
        bookmark = self.store.bookmark()
        if state and state.is_whole and Seen.of(self.workspace, self.place).written == bookmark:
            return _generation(self.workspace, state.content).read()
        if self._now is not None and self._now.bookmark == bookmark:
            return self._now.without_marks()
        return self._read().without_marks()

    def _read(self) -> ServerGraph:
        self._now = self.store.read()
        for note in self._now.notes:
            self.say(f"server: {note}")
        return self._now

    def _keep(self, **bookmarks: str) -> None:
        Seen.of(self.workspace, self.place).model_copy(update=bookmarks).keep(self.workspace)

    def _version(self, content: str | None) -> Version:
        """What was written with this content hash, and what it was made of; an empty graph where nothing was yet."""
        from kg.graph.edits import Version, read_edits
        from kg.graph.tables import Tables

        if not content:
            return Version(Tables({}, {}), Tables({}, {}), ())
        built = _generation(self.workspace, content)
        return Version(built.read(), built.pure_tables(), read_edits(built.edits))


@contextmanager
def beside(
    workspace: Workspace, place: Place | None, *, say: Callable[[str], None] = print, options: Sync = KEEP
) -> Iterator[Callable[[graph.Built], graph.Built]]:
    """A server beside the workspace while its graph is built: what users changed is pulled on the way in.

    Yields: what pushes a generation to the server and says which one it was: a newer one where users wrote to the
        server in the meantime. Nothing happens where there is no server.
    """
    if place is None:
        if options.discard_edits:
            workspace.edits.unlink(missing_ok=True)
        yield lambda built: built
        return
    session = Session(workspace, place, say)
    try:
        if options.discard_edits:
            left = session.discard()
            say(f"edits:  dropped; {left} elements that users made stay on the server, outside the graph")
        elif count := session.pull(refresh=options.refresh):
            say(f"edits:  {count} new or gone on the server; `kgmine graph diff` lists them")

        def write(built: graph.Built) -> graph.Built:
            settled = built if options.discard_edits else session.settled(built)
            counts = session.push(settled)
            say("server: " + (", ".join(f"{n:,} {what}" for what, n in counts.items() if n) or "nothing to change"))
            return settled

        yield write
    finally:
        session.close()


def graph_of(folder: Path, store: str | None = None, *, refresh: bool = False) -> graph.Built:
    """The graph that a command reads: the workspace's newest, with what users changed on the server where one is named.

    Raises: UsageError: no workspace there, or no address of a server.
    """
    workspace, place = workspace_of(folder), place_of(store)
    if place is None:
        return graph.current(workspace)
    # Standard output belongs to what the command prints: JSON lines, a table.
    session = Session(workspace, place, say=partial(print, file=sys.stderr))
    try:
        session.pull(refresh=refresh)
    finally:
        session.close()
    return graph.rebuild(workspace)


def _generation(workspace: Workspace, content: str) -> graph.Built:
    """The generation whose tables have this content.

    Raises: GraphError: it was deleted.
    """
    for built in graph.generations(workspace):
        if built.content == content:
            return built
    raise GraphError(
        f"{workspace.root}: the tables that were last pushed to the server are not in this workspace any more, so what "
        "users changed there cannot be told; `kgmine graph push --discard-edits` writes the graph anew"
    )
