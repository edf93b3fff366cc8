"""English degrees: what is high of a price is great of a distance, long of a period and large of a radius."""

from __future__ import annotations

from typing import Final

from kg.values import unit as units
from synthesis.wording import english_nouns, sibling
from synthesis.wording.word_sets import words

DEGREES: Final = ("higher", "highest", "lower", "lowest")
GREAT: Final = ("greater", "greatest", "smaller", "smallest")
LARGE: Final = ("larger", "largest", "smaller", "smallest")
LONG: Final = ("longer", "longest", "shorter", "shortest")

NOUNS: Final = (
    (words("height altitude elevation ceiling speed score rate price latency temperature"), DEGREES),
    (words("distance mass weight depth thickness visibility range"), GREAT),
    (words("radius diameter size aperture axis area volume circumference circulation population number count"), LARGE),
    (words("time length duration period wavelength lifetime wingspan"), LONG),
)
"""Head noun -> the degrees that people use of it. What the noun leaves open, the dimension of the unit says."""

DIMENSIONS: Final = {"length": GREAT, "mass": GREAT, "area": LARGE, "volume": LARGE, "volume3": LARGE, "data": LARGE}


def degree(quantity: str, word: str) -> str:
    """`longest` for `highest` of an orbital period; words that are no degree, and other quantities, stay.

    Args:
        quantity: slot of a fact's quantity; its unit's dimension counts where its noun does not decide.
        word: higher, highest, lower or lowest.
    """
    if word not in DEGREES:
        return word
    noun = english_nouns.head(english_nouns.phrase(quantity)).lower()
    found = next((said for nouns, said in NOUNS if noun in nouns), None)
    unit = sibling(quantity, "unit")
    said = found or DIMENSIONS.get(units.dimension(str(unit)) if unit else "", DEGREES)
    return said[DEGREES.index(word)]
