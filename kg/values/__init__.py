"""Values and their one meaning of "equal", for extraction, proof and grading.

name     normal form of names and phrases
number   printed numbers: sign, thousands, scale words, percent, currency, unit
unit     canonical units, how they are spoken, how they convert
date     dates to ISO, with their precision in the length of the string
period   instants and durations: normal form, and as people say them
compare  `compatible(a, b)` and `canonical(value)`
"""

from kg.values.compare import canonical, compatible

__all__ = ["canonical", "compatible"]
