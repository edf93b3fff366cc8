"""The shape of a table, or the reason why it has none. Refuse rather than guess."""

from __future__ import annotations

from dataclasses import dataclass

from extraction.tables import by_period, cross, entities, results, row_keys, statement
from extraction.tables.matrix import Matrix
from extraction.tables.sheet import Sheet
from schemas.fact import Shape


@dataclass(frozen=True, slots=True)
class Verdict:
    """Shape and kind, or the name of what is wrong with words."""

    shape: Shape | None
    kind: str | None = None
    reason: str | None = None
    refused: tuple[str, ...] = ()
    """Reasons for single rows or columns of a table that has a shape."""


def is_form(matrix: Matrix) -> bool:
    """Label: value pairs in pairs of columns: most labels end with a colon, or the head is `Name | Value`."""
    if matrix.n_cols not in (2, 4, 6):
        return False
    labels = [matrix.text(r, c) for r in range(matrix.n_rows) for c in range(0, matrix.n_cols, 2)]
    filled = [t for t in labels if t]
    values = sum(bool(matrix.text(r, c)) for r in range(matrix.n_rows) for c in range(1, matrix.n_cols, 2))
    if filled and 5 * sum(t.endswith(":") for t in filled) >= 3 * len(filled) and 2 * values >= len(filled):
        return True
    head = [t.casefold() for t in matrix.row(0)]
    return matrix.n_cols == 2 and head[1] in ("value", "values", "setting", "settings")


def _only_signs(sheet: Sheet, col: int) -> bool:
    texts = [t for t in sheet.matrix.column(col, sheet.header.rows) if t]
    return bool(texts) and all(t in ("$", "€", "£", "¥", "US$") for t in texts)


def recognise(sheet: Sheet, *, scaled_document: bool) -> Verdict:
    """The shape of an analysed table.

    Args:
        sheet: the table.
        scaled_document: other tables of the document state a scale.
    """
    if not sheet.data:
        return Verdict(None, reason="no_data: no row holds a value")
    if sheet.element.grid is not None and sheet.matrix.n_cols < 2:
        return Verdict(None, reason="no_data: one column only")
    if any(_only_signs(sheet, c) for c in range(sheet.matrix.n_cols)):
        return Verdict(None, reason="wrong_grain: currency signs stand in a column of their own")
    if named := by_period.quantity(sheet):
        return Verdict("entities", named[1])
    if statement.is_statement(sheet):
        if statement.scale_unknown(sheet, scaled_document):
            return Verdict(None, reason="unstated_scale: other tables state a scale, this one does not")
        phrases = statement.quantities(sheet)
        refused = tuple(
            f"header_salad: row {sheet.matrix.text(row, sheet.key)!r} does not stand on its own"
            for row, p in phrases.items()
            if p is None
        )
        if not any(phrases.values()):
            return Verdict(None, reason=refused[0] if refused else "header_salad: no row has a noun phrase")
        return Verdict("statement", refused=refused)
    if cross.is_cross(sheet):
        if statement.scale_unknown(sheet, scaled_document):
            return Verdict(None, reason="unstated_scale: other tables state a scale, this one does not")
        return Verdict("statement")
    return _of_entities(sheet)


def _of_entities(sheet: Sheet) -> Verdict:
    keys = entities.kind_of(sheet)
    if keys.kind is None:
        return Verdict(None, reason=keys.reason)
    problem = entities.check_names(sheet)
    if results.is_results(sheet, keys.kind) and (
        problem is None
        or (problem.endswith(("repeat", "without a name")) and 2 * len(row_keys.clear_rows(sheet)) >= len(sheet.data))
    ):
        scores, refused = results.scores(sheet)
        if scores:
            return Verdict("results", keys.kind, refused=refused)
        return Verdict(None, reason=refused[0] if refused else "header_salad: no score has a name")
    if problem is not None:
        return Verdict(None, reason=problem)
    found, refused = entities.attributes(sheet)
    if not found:
        return Verdict(None, reason=refused[0] if refused else "header_salad: no column has a name")
    if 2 * len(found) < len(sheet.value_columns) and len(refused) > 3:
        bad = sum(r.startswith("header_salad") for r in refused)
        return Verdict(None, reason=f"header_salad: {bad} of {len(sheet.value_columns)} headers are no noun phrases")
    return Verdict("entities", keys.kind, refused=refused)
