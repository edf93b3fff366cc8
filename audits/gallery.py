"""docs/gallery.md: every shipped template with its pattern, count and a sample; and the filters in docs/templates.md.

    python -m audits.gallery PLANETS MOVIES [EXPORT...]    # the runs of both examples; `make gallery` makes them

The sample is the shortest question of the first export that has one. A template without any keeps the one that it has.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

from kg.cypher.filters import FILTERS, call
from kg.cypher.template import load
from kg.snapshot.snapshot import Snapshot
from kgmine.author.picture import mermaid
from kgmine.graph import current, snapshot
from kgmine.workspace import workspace_of
from sampling.count import count
from synthesis.wording import languages

ROOT: Final = Path(__file__).parents[1]
GUIDE: Final = ROOT / "docs" / "templates.md"
PAGE: Final = ROOT / "docs" / "gallery.md"
SHIPPED: Final = ROOT / "synthesis" / "templates"
NONE: Final = "(no sample in the corpora read so far)"
HEAD: Final = """# Gallery

Every shipped template, and those of the two examples: the pattern, the number of matches, one proved sample. Thick
borders are what the question tells of, dashed ones what it asks for, `=` joins equal values. This page is written by
`make gallery`, and a test says when it is stale. Samples of templates that find nothing in the examples are from the
corpora of the [audits](../audits/README.md). How to write your own: [templates.md](templates.md).
"""

EXAMPLES: Final[Mapping[str, str]] = {
    "cap": "`net sales` -> `Net sales`",
    "clause": "`net sales grew` of Apple -> `Apple's net sales grew`",
    "do": "`do`, `does` or `did`, by the number of the phrase and the tense of its fact.",
    "noun": "A kind in running text, singular: `Reward models` -> `reward model`.",
    "period": "The period as people say it, with its space: ` in the quarter ended June 25, 2022`.",
    "picked": "Which, or how many, of a set have a value: `which of the ten accidents were in Florida`.",
    "plural": "A kind in running text, plural: `reward model` -> `reward models`.",
    "portion": "The verb and the part of a share: `were net sales of services`.",
    "reference": "The entity as a person names it: `Apple`, `the Piper PA-22-150 N5921D`.",
    "scope": "Where a fact holds, with its space: ` in the paper “Large Moons of the Giant Planets”`.",
    "term": "A term that is asked about: `“natural satellite”`.",
    "the": "The phrase with its article: `the mean radius`.",
}
"""Examples of filters that have none in their docstring."""


def filters() -> Iterator[str]:
    """A row for each wording filter."""
    functions = languages()["en"].filters()
    for name in FILTERS:
        said = EXAMPLES.get(name) or (functions[name].__doc__ or "").strip().splitlines()[0]
        yield f"| `{name}` | `{call(name).replace('|', chr(92) + '|')}` | {said.replace('|', chr(92) + '|')} |"


def samples(exports: Iterable[Path]) -> dict[str, tuple[str, str]]:
    """Template -> (question, answer): the shortest proved one of the first export that has any."""
    found: dict[str, tuple[str, str]] = {}
    for export in exports:
        own: dict[str, tuple[str, str]] = {}
        for path in sorted(export.glob("workspace/runs/*/templates/*/samples.jsonl")):
            for line in path.read_text(encoding="utf-8").splitlines():
                row = json.loads(line)
                answer = " ".join(str(part) for part in (row["answer"], row["answer_unit"] or "") if part)
                pair = str(row["question"]), answer
                name = str(row["match"]["template"])
                if row["proved"] and len("".join(pair)) < len("".join(own.get(name, ("x" * 999, "")))):
                    own[name] = pair
        found = own | found
    return found


def gallery(planets: Path, movies: Path, found: Mapping[str, tuple[str, str]], old: str) -> Iterator[str]:
    """The whole page."""
    yield HEAD
    yield "## Shipped templates"
    yield "Over extracted facts. Counts are of `examples/planets`.\n"
    for path in sorted(SHIPPED.glob("*.cypher")):
        yield from _entry(path, planets, found, old)
    for example, export in (("planets", planets), ("movies", movies)):
        yield f"## Of the example `{example}`"
        yield f"In `examples/{example}/templates`, with counts of this example.\n"
        for path in sorted((ROOT / "examples" / example / "templates").glob("*.cypher")):
            yield from _entry(path, export, found, old)


def _entry(path: Path, export: Path, found: Mapping[str, tuple[str, str]], old: str) -> Iterator[str]:
    """A template: name, what it asks, its picture, how many matches it has, a proved sample."""
    template = load(path)
    pair = found.get(template.name)
    kept = re.search(rf"^### `{template.name}`\n.*?^> (.+?)$", old, re.MULTILINE | re.DOTALL)
    example = f"{pair[0]} **{pair[1]}**" if pair else kept[1] if kept else NONE
    yield f"### `{template.name}`\n\n{template.header.task}: {template.header.description}\n"
    yield f"```mermaid\n{mermaid(template)}\n```\n"
    yield f"{count(template, _snapshot(export))} matches\n\n> {example}\n"


@lru_cache
def _snapshot(export: Path) -> Snapshot:
    return snapshot(current(workspace_of(export)))


def replaced(text: str, mark: str, rows: Iterable[str]) -> str:
    """The text with the rows between `<!-- mark -->` and `<!-- end mark -->`, below their two header lines."""
    pattern = re.compile(rf"(<!-- {mark} -->\n\n?\|[^\n]*\n\|[^\n]*\n).*?(\n*<!-- end {mark} -->)", re.DOTALL)
    return pattern.sub(lambda match: match[1] + "\n".join(rows) + "\n\n" + match[2].lstrip("\n"), text)


def pages(exports: Sequence[Path]) -> dict[Path, str]:
    """File -> what it should hold."""
    planets, movies, *_ = exports
    old = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    return {
        GUIDE: replaced(GUIDE.read_text(encoding="utf-8"), "filters", filters()),
        PAGE: "\n".join(gallery(planets, movies, samples(exports), old)),
    }


def main(exports: list[str]) -> None:
    """Write both pages anew."""
    for path, text in pages([Path(export) for export in exports]).items():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
