"""Words of several languages that stand for values: months, scale words, units, number words, yes and no."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

MONTHS: Final[dict[str, str]] = {
    name: english
    for english, names in {
        "January": "januar jänner janvier enero gennaio janeiro januari января ocak",
        "February": "februar février fevrier febrero febbraio fevereiro februari февраля",
        "March": "märz maerz mars marzo março maart марта",
        "April": "avril abril aprile апреля",
        "May": "mai mayo maggio maio mei мая",
        "June": "juni juin junio giugno junho июня",
        "July": "juli juillet julio luglio julho июля",
        "August": "août aout agosto augustus августа",
        "September": "septembre septiembre setiembre settembre setembro сентября",
        "October": "oktober octobre octubre ottobre outubro октября",
        "November": "novembre noviembre novembro ноября",
        "December": "dezember décembre decembre diciembre dicembre dezembro декабря",
    }.items()
    for name in names.split()
}

SCALES: Final[dict[str, int]] = {
    "tausend": 3, "mille": 3, "mil": 3, "тысяч": 3, "тыс": 3, "duizend": 3,
    "mio": 6, "millionen": 6, "millón": 6, "millones": 6, "milione": 6, "milioni": 6, "milhão": 6, "milhões": 6,
    "miljoen": 6, "млн": 6, "миллион": 6, "миллионов": 6,
    "mrd": 9, "milliarde": 9, "milliarden": 9, "milliard": 9, "milliards": 9, "miliardo": 9, "miliardi": 9,
    "bilhão": 9, "bilhões": 9, "miljard": 9, "млрд": 9, "миллиард": 9, "миллиардов": 9,
    "万": 4, "億": 8, "亿": 8, "lakh": 5, "lakhs": 5, "crore": 7, "crores": 7,
}  # fmt: skip
"""Scale words beside those of English. `billones` and the German `Billion` are 10^12: see `LONG_SCALE`."""

LONG_SCALE: Final[dict[str, int]] = {"billion": 12, "billionen": 12, "billón": 12, "billones": 12, "billions": 12}
"""In German, French and Spanish texts."""

UNITS: Final[dict[str, str]] = {
    "prozent": "%", "pourcent": "%", "pour cent": "%", "por ciento": "%", "por cento": "%", "procent": "%",
    "per cento": "%", "процентов": "%", "v. h.": "%",
    "prozentpunkte": "percentage points", "points de pourcentage": "percentage points",
    "puntos porcentuales": "percentage points",
    "us-dollar": "USD", "us dollar": "USD", "dollars américains": "USD", "dólares": "USD", "долларов": "USD",
    "dólares estadounidenses": "USD", "us-dollars": "USD", "euro": "EUR", "euros": "EUR",
    "stunde": "hours", "stunden": "hours", "heure": "hours", "heures": "hours", "hora": "hours", "horas": "hours",
    "ore": "hours", "minuten": "minutes", "minutos": "minutes", "minuti": "minutes", "sekunden": "seconds",
    "secondes": "seconds", "segundos": "seconds", "tage": "days", "tag": "days", "jours": "days", "días": "days",
    "giorni": "days", "woche": "weeks", "wochen": "weeks", "semaines": "weeks", "semanas": "weeks",
    "monate": "months", "mois": "months", "meses": "months", "jahr": "years", "jahre": "years", "jahren": "years",
    "ans": "years", "années": "years", "años": "years", "anni": "years", "anos": "years",
    "kilomètre": "km", "kilomètres": "km", "kilómetros": "km", "chilometri": "km", "quilômetros": "km",
    "meter": "m", "mètres": "m", "metros": "m", "metri": "m", "kilogramm": "kg", "kilogrammes": "kg",
    "kilogramos": "kg", "chilogrammi": "kg", "tonnen": "tonnes", "toneladas": "tonnes", "gramm": "g",
    "kilometer pro stunde": "km/h", "kilomètres par heure": "km/h", "kilometer pro sekunde": "km/s",
}  # fmt: skip
"""Foreign names of common units -> a spelling that `kg.values.unit` knows."""

YES: Final = frozenset(["yes", "true", "correct", "ja", "oui", "sí", "si", "sim", "да", "是", "はい", "right", "yep"])
NO: Final = frozenset(["no", "false", "incorrect", "nein", "non", "não", "нет", "否", "不是", "いいえ", "nee", "wrong"])

_ONES: Final = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
_TENS: Final = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_LARGE: Final = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9}
_FOREIGN_ONES: Final = {
    word: n
    for words in (
        "null ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
        "zéro un deux trois quatre cinq six sept huit neuf dix onze douze",
        "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce",
    )
    for n, word in enumerate(words.split())
}
_PARTS: Final = {
    "half": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fourth": 4, "fourths": 4, "fifth": 5, "fifths": 5,
    "sixth": 6, "sixths": 6, "eighth": 8, "eighths": 8, "tenth": 10, "tenths": 10,
}  # fmt: skip
_NUMBER_WORD: Final = "|".join(sorted([*_ONES, *_TENS, *_LARGE], key=len, reverse=True))
_PART_WORD: Final = "|".join(_PARTS)
NUMBER_PHRASE: Final = re.compile(
    rf"(?<![\w-])(?:(?:minus|negative)\s+)?(?:a\s+(?:hundred|thousand|dozen)|{_NUMBER_WORD}|none|dozen)"
    rf"(?:(?:\s+and\s+|[\s-]+)(?:{_NUMBER_WORD}|{_PART_WORD}))*(?![\w-])",
    re.IGNORECASE,
)
"""English number words in a text."""


def number_of(phrase: str, language: str = "en") -> Fraction | None:
    """The number that words name: `twenty-one`, `two hundred and five`, `two thirds`, `minus three`, `zwei`."""
    words = re.split(r"[\s-]+", phrase.casefold().strip())
    if words and words[0] in {"minus", "negative"}:
        inner = number_of(" ".join(words[1:]), language)
        return -inner if inner is not None else None
    if len(words) == 1 and language != "en" and words[0] in _FOREIGN_ONES:
        return Fraction(_FOREIGN_ONES[words[0]])
    if words in (["none"], ["a", "dozen"], ["dozen"]):
        return Fraction(0 if words == ["none"] else 12)
    if words[-1] in _PARTS and len(words) == 2 and words[0] in {"a", *_ONES}:
        return Fraction(_ONES.get(words[0], 1), _PARTS[words[-1]])
    return _whole([word for word in words if word != "and"])


def _whole(words: list[str]) -> Fraction | None:
    """Of words without `and`: below a hundred, hundreds, then what stands before each larger word."""
    total, part, last = 0, 0, 100
    for position, word in enumerate(words):
        size = _ONES.get(word, _TENS.get(word))
        if size is not None:
            if last < 20 or (last in _TENS.values() and not 0 < size < 10):
                return None
            part, last = part + size, size
        elif word == "a" and position == 0:
            part, last = 1, 1
        elif word == "hundred" and 0 < part < 100:
            part, last = part * 100, 100
        elif word in _LARGE and word != "hundred" and part:
            large = _LARGE[word]
            total, part, last = (total + part) * large if total < large else total + part * large, 0, 100
        else:
            return None
    return Fraction(total + part) if words else None
