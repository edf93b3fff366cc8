"""What a derivation does with its facts, read off its code: a template's `task` is a label and decides nothing."""

from __future__ import annotations

import re
from typing import Final

from schemas.template import Derive

RATE: Final = re.compile(r"/|\.\w+[\s)]*\*\s*[A-Za-z_(]|\)\s*\*\s*\(")
"""A quotient, or the products of two fractions that are compared without dividing: `a.number * d.number`."""
ADDING: Final = re.compile(r"\b(?:sum|avg|total|mean)\s*\(", re.IGNORECASE)
PLUS: Final = re.compile(r"\.\w+[\s)]*\+[\s(]*(?:abs\()?[A-Za-z_]\w*\.")


def divides(derive: Derive | None) -> bool:
    """Whether facts are set against one another: a share, a ratio, growth in percent."""
    code = (derive.sympy or derive.sql or "") if derive else ""
    return "formula(" not in code and RATE.search(code) is not None


def adds(derive: Derive | None) -> bool:
    """Whether facts are added up, or averaged."""
    if derive is None:
        return False
    return bool(ADDING.search(derive.sql or "") or ADDING.search(derive.sympy or "") or PLUS.search(derive.sympy or ""))


def subtracts(derive: Derive | None) -> bool:
    """Whether the result is how far facts are apart, in their unit or in percent."""
    return derive is not None and "-" in (derive.sympy or "") and "formula(" not in (derive.sympy or "")


def no_news(derive: Derive | None) -> tuple[str, ...]:
    """Results that tell nothing: no difference, all or nothing of it, just as much."""
    if derive is None or derive.sympy is None or "formula(" in derive.sympy:
        return ()
    if subtracts(derive):
        return ("0",)
    if not divides(derive):
        return ()
    return ("0", "100") if derive.unit == "%" else ("0", "1")
