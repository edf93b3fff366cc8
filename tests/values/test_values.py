"""Values: normal forms, numbers, units, dates, periods, equality."""

from datetime import date as Date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.values import canonical, compatible
from kg.values import date as dates
from kg.values import unit as units
from kg.values.name import normal, plural, singular
from kg.values.number import format_number, is_missing, parse, plain, rounded
from kg.values.period import day_of, end_of, is_instant, parse_period, spoken_period
from schemas.fact import Value


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Net Sales", "net sale"),
        ("the reward models", "Reward Model"),
        ("GPT-4 Turbo", "gpt 4 turbo"),
        ("A-10", "A10"),
        ("Research & Development", "research and development"),
        ("Apple’s", "Apple"),
        ("1,234 items", "1234 item"),
        ("ﬁne", "fine"),
        ("bodies of water", "Bodies  of  Water"),
    ],
)
def test_spellings_of_one_name_have_one_normal_form(a, b):
    assert normal(a) == normal(b)


@pytest.mark.parametrize(
    ("a", "b"), [("Acme Inc.", "Acme"), ("C++", "C"), ("NDCG@10", "NDCG 10"), ("3.5", "35"), ("-5", "5")]
)
def test_different_names_stay_different(a, b):
    assert normal(a) != normal(b)


@given(st.text(max_size=40))
def test_normal_is_idempotent(text):
    assert normal(normal(text)) == normal(text)


@pytest.mark.parametrize(
    "word", ["language", "reward model", "company", "box", "match", "analysis", "child", "moon of Jupiter", "LLM"]
)
def test_plural_and_singular_undo_each_other(word):
    assert normal(plural(word)) == normal(word) or " of " in word
    assert plural("moon of Jupiter") == "moons of Jupiter"


def test_what_is_no_plural_stays():
    assert [singular(w) for w in ("series", "glass", "basis", "gas", "status")] == [
        "series",
        "glass",
        "basis",
        "gas",
        "status",
    ]


@pytest.mark.parametrize(
    ("text", "number", "unit", "scale", "decimals"),
    [
        ("19,604", "19604", None, 0, 0),
        ("$ (1,234)", "-1234", "USD", 0, 0),
        ("(5.2)%", "-5.2", "%", 0, 1),
        ("(5.2 %)", "-5.2", "%", 0, 1),
        ("$3.4 billion", "3.4", "USD", 9, 1),
        ("5.97 × 10^24 kg", "5.97", "kilogram", 24, 2),
        ("1.5×10⁸ km", "1.5", "kilometre", 8, 1),
        ("7B", "7", None, 9, 0),
        ("2,319 hours", "2319", "hour", 0, 0),
        ("−3.2", "-3.2", None, 0, 1),
        ("1 234", "1234", None, 0, 0),
        ("$1.50 per share", "1.50", "USD/share", 0, 2),
        ("12 mm", "12", "millimetre", 0, 0),
        (".23", "0.23", None, 0, 2),
    ],
)
def test_a_printed_number_is_read_with_sign_unit_scale_and_precision(text, number, unit, scale, decimals):
    value = parse(text)
    assert value is not None
    assert (value.number, value.unit, value.scale, value.decimals) == (Decimal(number), unit, scale, decimals)


@pytest.mark.parametrize(
    "text", ["", "—", "abc", "5-6", "<0.1", "~3", "40+", "83.7 (+4.8)", "1,23", "12/08/2007", "3 blind mice", "(5"]
)
def test_what_is_not_one_plain_number_is_none(text):
    assert parse(text) is None


def test_missing_is_not_zero():
    assert is_missing("—")
    assert is_missing("N/A")
    assert is_missing("$ -")
    assert not is_missing("0")


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=3))
def test_a_number_survives_formatting(number):
    value = parse(format_number(number, 3))
    assert value is not None
    assert value.number == number
    assert value.decimals == 3


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=4))
def test_plain_is_the_same_number(number):
    assert Decimal(plain(number)) == number


def test_rounding_is_half_away_from_zero():
    assert rounded(Decimal("0.25"), 1) == Decimal("0.3")
    assert rounded(Decimal("-0.25"), 1) == Decimal("-0.3")


@pytest.mark.parametrize(
    ("text", "unit", "said"),
    [
        ("$USD / 1K Input Tokens", "USD/1000 input token", "US dollars per 1,000 input tokens"),
        ("s/query", "second/query", "seconds per query"),
        ("km/s", "kilometre/second", "kilometres per second"),
        ("(%)", "%", "percent"),
        ("Hours", "hour", "hours"),
    ],
)
def test_units_have_one_name_and_are_spoken(text, unit, said):
    assert units.find(text) == unit
    assert units.spoken(unit) == said


def test_scale_is_spoken_before_the_unit():
    assert units.spoken("USD", 6) == "million US dollars"
    assert units.spoken("share", 3) == "thousand shares"
    assert units.spoken("hour", many=False) == "hour"


@given(st.sampled_from(sorted(units.UNITS)))
def test_every_unit_is_found_by_its_spoken_forms(name):
    unit = units.UNITS[name]
    assert units.find(unit.one) == name
    assert units.find(unit.many) == name


@given(st.dates(min_value=Date(1500, 1, 1), max_value=Date(2190, 1, 1)))
def test_a_date_survives_speaking(day):
    assert dates.parse(dates.spoken(day.isoformat())) == day.isoformat()
    assert dates.parse(day.strftime("%d %b %Y")) == day.isoformat()


def test_precision_is_what_was_printed():
    assert [dates.parse(t) for t in ("2007", "May 2007", "12/08/2007, 1430 EST", "31.12.2019")] == [
        "2007",
        "2007-05",
        "2007-12-08",
        "2019-12-31",
    ]
    assert dates.parse("February 30, 2020") is None
    assert dates.precision("2007-05") == "month"


@pytest.mark.parametrize(
    ("text", "normal_form", "said"),
    [
        ("Three Months Ended June 25, 2022", "P3M/2022-06-25", "in the three months ended June 25, 2022"),
        (("Three Months Ended", "June 25, 2022"), "P3M/2022-06-25", "in the three months ended June 25, 2022"),
        (("Years Ended December 31,", "2019"), "P1Y/2019-12-31", "in the year ended December 31, 2019"),
        (("December 31,", "2019"), "2019-12-31", "as of December 31, 2019"),
        ("As of September 25, 2021", "2021-09-25", "as of September 25, 2021"),
        ("Jan 29, 2023", "2023-01-29", "as of January 29, 2023"),
        ("Q1 FY24", "FY2024-Q1", "in the first quarter of fiscal year 2024"),
        ("First Quarter of Fiscal Year 2024", "FY2024-Q1", "in the first quarter of fiscal year 2024"),
        ("fiscal 2023", "FY2023", "in fiscal year 2023"),
        ("2007", "2007", "in 2007"),
        ("13 weeks ended July 2, 2022", "P13W/2022-07-02", "in the thirteen weeks ended July 2, 2022"),
        ("June 2022", "2022-06", "in June 2022"),
        ("2019 (unaudited)", "2019", "in 2019"),
        ("2007–2010", "2007/2010", "from 2007 to 2010"),
        ("H1 2021", "2021-H1", "in the first half of 2021"),
    ],
)
def test_periods_have_a_normal_form_and_are_said_as_people_say_them(text, normal_form, said):
    assert parse_period(text) == normal_form
    assert spoken_period(normal_form) == said


@pytest.mark.parametrize(
    "text", ["Change", "% Change", "Three Months Ended", "Total 2019", "December 31", "2019 vs. 2018", "1234567"]
)
def test_what_is_not_a_whole_period_is_none(text):
    assert parse_period(text) is None


_days = st.dates(min_value=Date(1900, 1, 1), max_value=Date(2100, 1, 1)).map(Date.isoformat)
_periods = st.one_of(
    _days,
    st.builds("P{}{}/{}".format, st.integers(2, 11), st.sampled_from("MW"), _days),
    st.builds("P1Y/{}".format, _days),
    st.builds("{}{}".format, st.sampled_from(["", "FY"]), st.integers(1900, 2099)),
    st.builds(
        "{}{}-{}".format, st.sampled_from(["", "FY"]), st.integers(1900, 2099), st.sampled_from(["Q1", "Q4", "H2"])
    ),
)


@given(_periods)
def test_a_period_survives_speaking(period):
    assert parse_period(spoken_period(period)) == period


def test_instants_and_durations_differ():
    assert is_instant("2022-06-25")
    assert not is_instant("P3M/2022-06-25")
    assert not is_instant("2022")
    assert end_of("P3M/2022-06-25") == "2022-06-25"
    assert end_of("FY2024-Q2") == "2024-06"
    assert end_of("FY2023") == "2023"


def _n(number, unit=None, scale=0, decimals=0):
    return Value(kind="number", text=str(number), number=Decimal(number), unit=unit, scale=scale, decimals=decimals)


def test_numbers_agree_at_the_coarser_printed_precision():
    assert compatible(_n("19604", "USD", 6), _n("19.6", "USD", 9, 1))
    assert not compatible(_n("19604", "USD", 6), _n("19.7", "USD", 9, 1))
    assert not compatible(_n("12"), _n("12", "%"))
    assert compatible(_n("120", "minute"), _n("2", "hour"))
    assert not compatible(_n("83.7", decimals=1), _n("83.8", decimals=1))


def test_a_bare_answer_is_read_in_the_unit_of_the_value():
    assert compatible("19,604", _n("19604", "USD", 6))
    assert compatible(_n("12.1", "%", 0, 1), "12.1 percent")
    assert not compatible("19,605", _n("19604", "USD", 6))


def test_texts_agree_when_one_is_a_contiguous_part():
    assert compatible("the pilot's improper flare", "The pilot's improper flare during landing.")
    assert not compatible("improper landing", "improper flare during landing")
    assert compatible("b|a", "A|B")
    assert not compatible("a|b", "a")


def test_dates_agree_at_the_coarser_precision():
    assert compatible(Value(kind="date", text="2007", date="2007"), Value(kind="date", text="x", date="2007-12-08"))
    assert compatible("December 8, 2007", Value(kind="date", text="12/08/2007", date="2007-12-08"))


def test_canonical_applies_scale_and_keeps_the_unit():
    assert canonical(_n("19604", "USD", 6)) == "19604000000 USD"
    assert canonical(_n("12.10", "%", 0, 2)) == "12.1 %"
    assert canonical("Reward Models") == "reward model"
    assert canonical(None) == ""
    assert canonical(True) == "true"
    assert canonical(3.5) == "3.5"


@given(st.decimals(min_value=-(10**6), max_value=10**6, places=2), st.sampled_from([None, "USD", "%", "hour"]))
def test_compatible_is_reflexive_and_symmetric(number, unit):
    a, b = _n(number, unit, 0, 2), _n(number + 1, unit, 0, 2)
    assert compatible(a, a)
    assert compatible(a, b) is compatible(b, a) is False


def test_the_last_day_of_a_period_is_a_number_where_it_is_known():
    assert day_of("P3M/2022-06-25") == day_of("2022-06-25")
    assert day_of("2022-06-25") - day_of("2022-05-01") == 55
    assert day_of("FY2024") is None
    assert day_of(None) is None
