"""What the commands print: short, aligned, the same everywhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from kgmine.graph import Built
    from kgmine.ingest import Ingested
    from schemas.reject import Rejected


WIDEST: Final = 64
"""Characters up to which a column is aligned: a longer cell moves what follows in its own line."""


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Columns of text, numbers to the right."""
    lines = [tuple(header), *(tuple("" if cell is None else str(cell) for cell in row) for row in rows)]
    widths = [min(WIDEST, max(len(line[column]) for line in lines)) for column in range(len(header))]
    right = [
        len(lines) > 1 and all(_numeric(line[column]) for line in lines[1:] if line[column])
        for column in range(len(header))
    ]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if to_right else cell.ljust(width)
            for cell, width, to_right in zip(line, widths, right, strict=True)
        ).rstrip()
        for line in lines
    )


def _numeric(cell: str) -> bool:
    return cell.replace(",", "").replace(".", "").replace("-", "").replace("%", "").strip().isdigit()


def ingested(result: Ingested, built: Built) -> str:
    """What `ingest` did: counts, then one line per reject and warning."""
    documents, rejected = result.manifest.documents, result.manifest.rejected
    lines = [
        f"{len(documents)} documents ({result.read} read now), {len(rejected)} rejected; "
        f"graph {built.key}: {built.nodes:,} nodes, {built.edges:,} edges"
    ]
    lines += [f"  warning: {line}" for line in result.warnings]
    lines += [f"  rejected: {row.item}: {why(row)}" for row in rejected]
    lines += left_out(built)
    return "\n".join(lines)


def left_out(built: Built) -> list[str]:
    """What the user's schema pruned and which edits wait, as lines; none where there is neither."""
    rows = built.rejected()
    lines = []
    for stage, said in (("schema", "pruned by the schema"), ("edits", "edits wait for their target")):
        counts = Counter(row.check for row in rows if row.stage == stage)
        if counts:
            parts = ", ".join(
                f"{check} {count}" for check, count in sorted(counts.items(), key=lambda kv: (-kv[1], kv[0]))
            )
            lines.append(f"  {counts.total()} {said}: {parts}; see {built.folder / 'rejected.jsonl'}")
    return lines


def why(row: Rejected) -> str:
    """The reason, with the name of the rule where the reason does not begin with it."""
    return row.reason if row.reason.startswith(row.check.replace("_", " ")) else f"{row.check}: {row.reason}"


def reasons(rejected: Iterable[Rejected], most: int = 12) -> str:
    """Rejects by stage and check, most frequent first."""
    counts = Counter((row.stage, row.check) for row in rejected)
    rows = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:most]
    return table(("stage", "check", "rejected"), [(stage, check, count) for (stage, check), count in rows])
