"""ISO 639-1 codes of languages, for headers like `ar`, `de→en`."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

_CODES: Final = """
af Afrikaans|am Amharic|ar Arabic|az Azerbaijani|be Belarusian|bg Bulgarian|bn Bengali|ca Catalan|cs Czech
cy Welsh|da Danish|de German|el Greek|en English|es Spanish|et Estonian|eu Basque|fa Persian|fi Finnish
fr French|ga Irish|gl Galician|gu Gujarati|ha Hausa|he Hebrew|hi Hindi|hr Croatian|hu Hungarian|hy Armenian
id Indonesian|ig Igbo|is Icelandic|it Italian|ja Japanese|ka Georgian|kk Kazakh|km Khmer|kn Kannada|ko Korean
lo Lao|lt Lithuanian|lv Latvian|mk Macedonian|ml Malayalam|mn Mongolian|mr Marathi|ms Malay|mt Maltese
my Burmese|ne Nepali|nl Dutch|no Norwegian|pa Punjabi|pl Polish|pt Portuguese|ro Romanian|ru Russian
si Sinhala|sk Slovak|sl Slovenian|sq Albanian|sr Serbian|sv Swedish|sw Swahili|ta Tamil|te Telugu|th Thai
tr Turkish|uk Ukrainian|ur Urdu|uz Uzbek|vi Vietnamese|xh Xhosa|yo Yoruba|zh Chinese|zu Zulu
"""
CODES: Final = dict(pair.split(" ", 1) for line in _CODES.strip().splitlines() for pair in line.split("|"))
NAMES: Final = frozenset(CODES.values())


COUNTRIES: Final = {"jp": ("ja", "Japanese"), "kr": ("ko", "Korean"), "cn": ("zh", "Chinese"), "cz": ("cs", "Czech")}
"""Codes of countries that authors write for languages -> (the code of the language, its name)."""


def language(label: str, beside: Collection[str] = ()) -> str | None:
    """The language that a header names by its code or name, else None.

    Args:
        label: the header.
        beside: the other headers; among codes of languages a country's code stands for its language, unless that
            one's own code is there, too.
    """
    if label in COUNTRIES:
        own, name = COUNTRIES[label]
        codes = sum(other in CODES for other in beside)
        return name if codes >= 3 and own not in beside else None
    return CODES.get(label) or (label if label in NAMES else None)
