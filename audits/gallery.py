"""The lists in docs/templates.md: every wording filter and every shipped template, each with an example.

    python -m audits.gallery EXPORT...     # examples: shortest question of the first of these exports that has one

Rows of templates that no export has a sample of keep the example that they have.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from kg.cypher.template import JINJA_FILTERS, load
from synthesis.wording import languages

ROOT: Final = Path(__file__).parents[1]
GUIDE: Final = ROOT / "docs" / "templates.md"
SHIPPED: Final = ROOT / "synthesis" / "templates"
NONE: Final = "(no sample in the corpora read so far)"

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
    for name in JINJA_FILTERS:
        said = EXAMPLES.get(name) or (functions[name].__doc__ or "").strip().splitlines()[0]
        yield f"| `{name}` | {said.replace('|', chr(92) + '|')} |"


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


def gallery(found: Mapping[str, tuple[str, str]], old: Mapping[str, str]) -> Iterator[str]:
    """A row for each shipped template: name, task, what it asks, a real sample."""
    for path in sorted(SHIPPED.glob("*.cypher")):
        template = load(path)
        pair = found.get(template.name)
        example = f"{pair[0]} **{pair[1]}**".replace("|", "\\|") if pair else old.get(template.name, NONE)
        yield f"| `{template.name}` | {template.header.task} | {template.header.description} | {example} |"


def replaced(text: str, mark: str, rows: Iterable[str]) -> str:
    """The text with the rows between `<!-- mark -->` and `<!-- end mark -->`, below their two header lines."""
    pattern = re.compile(rf"(<!-- {mark} -->\n\n?\|[^\n]*\n\|[^\n]*\n).*?(\n*<!-- end {mark} -->)", re.DOTALL)
    return pattern.sub(lambda match: match[1] + "\n".join(rows) + "\n\n" + match[2].lstrip("\n"), text)


def main(exports: list[str]) -> None:
    """Write the lists anew."""
    text = GUIDE.read_text(encoding="utf-8")
    old = {
        match[1]: match[2] for match in re.finditer(r"^\| `(\w+)` \| [^|]* \| [^|]* \| (.+) \|$", text, re.MULTILINE)
    }
    text = replaced(text, "filters", filters())
    text = replaced(text, "gallery", gallery(samples(map(Path, exports)), old))
    GUIDE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
