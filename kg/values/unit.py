"""Canonical units: one name per unit, its dimension, its factor to the base of the dimension, and how it is spoken.

A unit is a name of `UNITS` (`USD`, `%`, `hour`, `foot`), or a ratio `numerator/denominator` whose denominator is a unit
or a counted noun, with a power of ten where the print has one (`USD/1000 input token`, `second/query`).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final

from kg.values.name import plural, singular

SCALE_WORDS: Final = {
    "hundred": 2, "hundreds": 2, "thousand": 3, "thousands": 3, "k": 3, "million": 6, "millions": 6, "mn": 6, "mio": 6,
    "mm": 6, "billion": 9, "billions": 9, "bn": 9, "trillion": 12, "trillions": 12,
}  # fmt: skip
"""Scale word -> power of ten. The short scale of English."""

_SPOKEN_SCALE: Final = {2: "hundred", 3: "thousand", 6: "million", 9: "billion", 12: "trillion"}


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit; `factor` of them make one base unit's worth: value * factor = value in the base of `dimension`."""

    name: str
    dimension: str
    factor: Decimal
    one: str
    many: str
    aliases: tuple[str, ...]
    """Spellings beside name, one and many. A spelling with a capital or of one or two letters matches by case."""


def _unit(row: str) -> Unit:
    name, dimension, factor, one, many, aliases = (part.strip() for part in row.split("|"))
    return Unit(
        name, dimension, Decimal(factor), one, many or plural(one), tuple(aliases.split(";")) if aliases else ()
    )


_TABLE: Final = """
USD | USD | 1 | US dollar | | $;US$;USD;$USD;dollar;dollars;U.S. dollar;U.S. dollars;USD ($)
EUR | EUR | 1 | euro | | €;EUR;euros
GBP | GBP | 1 | British pound | | £;GBP;pounds sterling;pound sterling
JPY | JPY | 1 | Japanese yen | Japanese yen | ¥;JPY;yen
CNY | CNY | 1 | Chinese yuan | Chinese yuan | RMB;CNY;yuan;renminbi;RMB¥
INR | INR | 1 | Indian rupee | | ₹;INR;Rs;Rs.;rupee;rupees
CHF | CHF | 1 | Swiss franc | | CHF
CAD | CAD | 1 | Canadian dollar | | CAD;C$;CA$
AUD | AUD | 1 | Australian dollar | | AUD;A$
KRW | KRW | 1 | South Korean won | South Korean won | ₩;KRW
SEK | SEK | 1 | Swedish krona | Swedish kronor | SEK
NOK | NOK | 1 | Norwegian krone | Norwegian kroner | NOK
DKK | DKK | 1 | Danish krone | Danish kroner | DKK
cent | USD | 0.01 | US cent | | ¢;cents
% | ratio | 0.01 | percent | percent | %;percent;per cent;percentage;pct;percents
pp | points | 0.01 | percentage point | | pp;pts;percentage points;percent points;pct pts;p.p.
bps | points | 0.0001 | basis point | | bps;bp;basis points
second | time | 1 | second | | s;sec;secs;seconds;sec.
millisecond | time | 0.001 | millisecond | | ms;msec;milliseconds
microsecond | time | 0.000001 | microsecond | | µs;μs;us;microseconds
nanosecond | time | 0.000000001 | nanosecond | | ns;nanoseconds
minute | time | 60 | minute | | min;mins;minutes;min.
hour | time | 3600 | hour | | h;hr;hrs;hours;Hour(s);hr.
day | time | 86400 | day | | d;days;Earth days;Earth day
week | time | 604800 | week | | wk;weeks;wks
month | calendar | 1 | month | | months;mo
year | calendar | 12 | year | | yr;yrs;years;years old;year old;Earth years;a
metre | length | 1 | metre | | m;meter;meters;metres
kilometre | length | 1000 | kilometre | | km;kilometers;kilometer;kilometres;kms
centimetre | length | 0.01 | centimetre | | cm;centimeter;centimeters;centimetres
millimetre | length | 0.001 | millimetre | | mm;millimeter;millimeters;millimetres
micrometre | length | 0.000001 | micrometre | | µm;μm;micron;microns;micrometer
nanometre | length | 0.000000001 | nanometre | | nm;nanometer;nanometers
foot | length | 0.3048 | foot | feet | ft;ft.;feet
inch | length | 0.0254 | inch | inches | inch;inches
mile | length | 1609.344 | mile | | mi;miles;statute miles;Statute Miles
nautical mile | length | 1852 | nautical mile | | nautical miles;nmi;NM
yard | length | 0.9144 | yard | | yd;yards
astronomical unit | length | 149597870700 | astronomical unit | | AU;au
light-year | length | 9460730472580800 | light-year | | ly;light years;light year
gram | mass | 0.001 | gram | | g;grams
kilogram | mass | 1 | kilogram | | kg;kgs;kilograms
milligram | mass | 0.000001 | milligram | | mg;milligrams
tonne | mass | 1000 | tonne | | t;tonnes;metric tons;metric ton
pound | mass | 0.45359237 | pound | | lb;lbs;lbs.;pounds
metre/second | speed | 1 | metre per second | metres per second | m/s;m s-1;m s−1
kilometre/second | speed | 1000 | kilometre per second | kilometres per second | km/s;km s-1;km s−1
kilometre/hour | speed | 0.2777777777777777777777777778 | kilometre per hour | kilometres per hour | km/h;kph;kmh
mile/hour | speed | 0.44704 | mile per hour | miles per hour | mph;mi/h
knot | speed | 0.5144444444444444444444444444 | knot | | kt;kts;knots;Knots
metre/second² | acceleration | 1 | metre per second squared | metres per second squared | m/s²;m/s^2;m/s2;m s−2
degree Celsius | celsius | 1 | degree Celsius | degrees Celsius | °C;℃;degrees C;deg C;Celsius
degree Fahrenheit | fahrenheit | 1 | degree Fahrenheit | degrees Fahrenheit | °F;℉;degrees F;deg F;Fahrenheit
kelvin | kelvin | 1 | kelvin | kelvins | K;kelvins
degree | angle | 1 | degree | | °;degrees;deg
byte | data | 1 | byte | | B;bytes
kilobyte | data | 1000 | kilobyte | | kB;KB;kilobytes
megabyte | data | 1000000 | megabyte | | MB;megabytes
gigabyte | data | 1000000000 | gigabyte | | GB;gigabytes
terabyte | data | 1000000000000 | terabyte | | TB;terabytes
gibibyte | data | 1073741824 | gibibyte | | GiB;gibibytes
hertz | frequency | 1 | hertz | hertz | Hz
kilohertz | frequency | 1000 | kilohertz | kilohertz | kHz
megahertz | frequency | 1000000 | megahertz | megahertz | MHz
gigahertz | frequency | 1000000000 | gigahertz | gigahertz | GHz
watt | power | 1 | watt | | W;watts
kilowatt | power | 1000 | kilowatt | | kW;kilowatts
megawatt | power | 1000000 | megawatt | | MW;megawatts
horsepower | power | 745.69987158227022 | horsepower | horsepower | hp;HP;Horsepower
joule | energy | 1 | joule | | J;joules
kilojoule | energy | 1000 | kilojoule | | kJ;kilojoules
kilowatt hour | energy | 3600000 | kilowatt hour | | kWh;kilowatt-hours
newton | force | 1 | newton | | N;newtons
kilonewton | force | 1000 | kilonewton | | kN;kilonewtons
meganewton | force | 1000000 | meganewton | | MN;meganewtons
pascal | pressure | 1 | pascal | | Pa;pascals
kilopascal | pressure | 1000 | kilopascal | | kPa
bar | pressure | 100000 | bar | | bars
inch of mercury | pressure | 3386.389 | inch of mercury | inches of mercury | inHg;inches Hg;inches of Hg;in Hg
litre | volume | 1 | litre | | L;l;liter;liters;litres
millilitre | volume | 0.001 | millilitre | | mL;ml
square kilometre | area | 1000000 | square kilometre | | km²;km2;km^2;sq km;square kilometers
square metre | area | 1 | square metre | | m²;m2;m^2;sq m;square meters
square foot | area | 0.09290304 | square foot | square feet | sq ft;square feet;ft²
cubic metre | volume3 | 1 | cubic metre | | m³;m3;m^3;cubic meters
gram/cubic centimetre | density | 1000 | gram per cubic centimetre | grams per cubic centimetre | g/cm³;g/cm3
kilogram/cubic metre | density | 1 | kilogram per cubic metre | kilograms per cubic metre | kg/m³;kg/m3;kg/m^3
decibel | decibel | 1 | decibel | | dB;decibels
volt | voltage | 1 | volt | | V;volts
share | share | 1 | share | | shares
token | token | 1 | token | | tokens
parameter | parameter | 1 | parameter | | parameters;params
person | person | 1 | person | people | people;persons
employee | employee | 1 | employee | | employees
"""

UNITS: Final[dict[str, Unit]] = {u.name: u for u in map(_unit, _TABLE.strip().splitlines())}

CURRENCIES: Final = frozenset(
    name for name, u in UNITS.items() if len(name) == 3 and name.isupper() and name == u.dimension
)

CURRENCY_SYMBOLS: Final = {
    a: u.name for u in UNITS.values() if u.name in CURRENCIES for a in u.aliases if not a.isalpha()
}


def _spellings() -> tuple[dict[str, str], dict[str, str]]:
    exact: dict[str, str] = {}
    folded: dict[str, str] = {}
    for unit in UNITS.values():
        for spelling in (unit.name, unit.one, unit.many, *unit.aliases):
            exact.setdefault(spelling, unit.name)
            if len(spelling) > 3 and spelling.replace(" ", "").isalpha():
                folded.setdefault(spelling.casefold(), unit.name)
    return exact, folded


_EXACT, _FOLDED = _spellings()
_PER: Final = re.compile(r"\s*/\s*|\s+per\s+|^per\s+", re.IGNORECASE)
_COUNT: Final = re.compile(r"^(\d[\d,]*)\s*([kKmMbB]|thousand|million|billion)?\b\.?\s*")
_NOUN: Final = re.compile(r"^[^\W\d_][\w\- ]{0,40}$")
_SUFFIX: Final = {"k": 3, "m": 6, "b": 9, "thousand": 3, "million": 6, "billion": 9}


@lru_cache(maxsize=1 << 14)
def find(text: str) -> str | None:
    """The canonical unit that a text names in full, `USD/1000 input token` for `$USD / 1K Input Tokens`; else None."""
    text = " ".join(unicodedata.normalize("NFC", text).split()).strip(" :;,")
    if not text:
        return None
    if text in _EXACT:
        return _EXACT[text]
    if text.casefold() in _FOLDED:
        return _FOLDED[text.casefold()]
    if (text.startswith("(") and text.endswith(")")) or (text.startswith("[") and text.endswith("]")):
        return find(text[1:-1])
    return _ratio(text)


def _ratio(text: str) -> str | None:
    parts = _PER.split(text)
    if len(parts) != 2 or not parts[1].strip():
        return None
    numerator = find(parts[0])
    if numerator is None or "/" in numerator:
        return None
    denominator = _denominator(parts[1].strip())
    return f"{numerator}/{denominator}" if denominator else None


def _denominator(text: str) -> str | None:
    count = _COUNT.match(text)
    size = 1
    if count:
        size = int(count[1].replace(",", "")) * 10 ** _SUFFIX.get((count[2] or "").casefold(), 0)
        text = text[count.end() :].strip()
    known = find(text) if text else None
    if known is None and not _NOUN.match(text):
        return None
    noun = known or _lower(text)
    head, space, last = noun.rpartition(" ")
    noun = head + space + (singular(last) if last.islower() else last)
    return f"{size} {noun}" if size != 1 else noun


def _lower(text: str) -> str:
    return " ".join(w if w.isupper() and len(w) > 1 else w.lower() for w in text.split())


def dimension(unit: str | None) -> str:
    """The dimension of a canonical unit; a ratio's is made of its parts; `""` for None (a bare number)."""
    if unit is None:
        return ""
    if unit in UNITS:
        return UNITS[unit].dimension
    if "/" in unit:
        numerator, denominator = unit.split("/", 1)
        return f"{dimension(numerator)}/{dimension(_counted(denominator)[1])}"
    return unit


def factor(unit: str | None) -> Decimal:
    """What a number of this unit is multiplied by to be in the base of its dimension."""
    if unit is None:
        return Decimal(1)
    if unit in UNITS:
        return UNITS[unit].factor
    if "/" in unit:
        numerator, denominator = unit.split("/", 1)
        size, noun = _counted(denominator)
        return factor(numerator) / (size * factor(noun))
    return Decimal(1)


def _counted(denominator: str) -> tuple[int, str]:
    size, space, noun = denominator.partition(" ")
    return (int(size), noun) if space and size.isdigit() else (1, denominator)


def is_currency(unit: str | None) -> bool:
    """Whether a unit is money, also per something."""
    return unit is not None and unit.split("/", 1)[0] in CURRENCIES


@lru_cache(maxsize=1024)
def spoken(unit: str | None, scale: int = 0, *, many: bool = True) -> str:
    """How a unit is said: `million US dollars`, `percent`, `US dollars per 1,000 input tokens`; `""` for no unit."""
    word = _spoken_unit(unit, many=many or scale > 0) if unit else ""
    if not scale:
        return word
    magnitude = _SPOKEN_SCALE.get(scale, f"10^{scale}")
    if not word:
        return magnitude
    return f"{magnitude} {word}"


def _spoken_unit(unit: str, *, many: bool) -> str:
    if unit in UNITS:
        return UNITS[unit].many if many else UNITS[unit].one
    if "/" in unit:
        numerator, denominator = unit.split("/", 1)
        size, noun = _counted(denominator)
        tail = _spoken_unit(noun, many=True) if size != 1 else _spoken_unit(noun, many=False)
        amount = f"{size:,} " if size != 1 else ""
        return f"{_spoken_unit(numerator, many=many)} per {amount}{tail}"
    return plural(unit) if many else unit
