"""From an export and the user's own rows to what a student is trained on, as ids."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runtime.progress import Progress
from schemas.conversation import Conversation
from schemas.errors import UsageError
from schemas.reject import Rejected
from schemas.sample import Sample
from training.conversation import of_sample
from training.models.chat import Chat
from training.recipe import Recipe, Replay
from training.rows import own as own_rows
from training.rows import splits
from training.rows.lines import Line, Room, encode
from training.rows.slice import Chosen, choose


@dataclass(frozen=True, slots=True)
class Data:
    """Everything that could be trained on; `rows` takes what a volume asks for."""

    chosen: Chosen
    own: tuple[Conversation, ...]
    """In the order in which they are taken."""
    lines: dict[str, Line]
    """Id -> row."""
    talks: dict[str, Conversation]
    rejected: tuple[Rejected, ...]
    replay: Replay

    def rows(self, volume: int | None = None) -> list[Conversation]:
        """The rows of one student: the best samples of the slice (all, or so many), own rows mixed in."""
        if self.replay.share == 1:
            return list(self.own[:volume])
        samples = [self.talks[sample.id] for sample in self.chosen.samples[:volume]]
        return own_rows.mixed(samples, self.own, self.replay.share)

    @property
    def largest(self) -> int:
        """The largest volume."""
        return len(self.own) if self.replay.share == 1 else len(self.chosen.samples)

    def report(self, rows: Sequence[Conversation], volume: int | None) -> dict[str, Any]:
        """Of the rows of one student: what the slice dropped, and how many own rows there are."""
        own = sum(row.origin == "own" for row in rows)
        samples = self.chosen.samples[:volume]
        return {
            "slice": self.chosen.report(volume),
            "own": {
                "asked": self.replay.share,
                "share": round(own / len(rows), 6),
                "used": own,
                "usable": len(self.own),
                "rejected": sum(row.stage != "slice" for row in self.rejected),
            },
            "licenses": sorted({sample.license for sample in samples if sample.license}),
            "languages": sorted({sample.language for sample in samples}),
        }


def prepare(path: Path, recipe: Recipe, chat: Chat, room: Room) -> Data:
    """Read, choose, word and tokenise.

    Raises: UsageError: nothing to train on; it says why.
    """
    lines: dict[str, Line] = {}
    talks: dict[str, Conversation] = {}
    share = recipe.replay.share
    samples = splits.read(path, recipe.slice.split) if share < 1 else []

    with Progress("encode", len(samples), unit="samples") as bar:

        def unfit(sample: Sample) -> tuple[str, str] | None:
            talk = of_sample(sample, recipe.wording)
            line = encode(chat, talk)
            bar.step()
            lines[sample.id], talks[sample.id] = line, talk
            return room.unfit(line)

        chosen = choose(samples, recipe.slice, unfit=unfit) if samples else Chosen((), ())
        bar.total = bar.done  # what a gate dropped was not encoded
    own, refused = _own(recipe, chat, room, lines)
    return Data(chosen, tuple(own), lines, talks, (*chosen.rejected, *refused), recipe.replay)


def _own(recipe: Recipe, chat: Chat, room: Room, lines: dict[str, Line]) -> tuple[list[Conversation], list[Rejected]]:
    if recipe.replay.rows is None:
        return [], []
    found = own_rows.read(recipe.replay.rows, recipe.wording)
    kept, refused = [], list(found.rejected)
    for talk in found.conversations:
        line = encode(chat, talk)
        if why := room.unfit(line):
            refused.append(Rejected(item=found.places[talk.id], stage="own_rows", check=why[0], reason=why[1]))
        else:
            lines[talk.id] = line
            kept.append(talk)
    if not kept:
        raise UsageError(f"{recipe.replay.rows}: no row fits; the first: {refused[0].item}: {refused[0].reason}")
    return own_rows.ordered(kept, recipe.seed), refused
