"""Whatever is changed in a right answer makes it wrong; whatever dress it wears, it stays right."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kg.values import date as dates
from schemas.sample import Sample
from scoring.answers import grade
from tests.scoring.samples import sample
from tests.scoring.test_answers import TABLE, expected_of

DRESSES = (
    "{}",
    "Answer: {}",
    "**Answer:** {}",
    "<think>Perhaps 17.</think>\n{}",
    "\\boxed{{{}}}",
    '{{"answer": "{}"}}',
    "I looked it up.\n\nFinal answer: {}",
    "<answer>{}</answer>",
)
UNITS = {
    "million US dollars": ("million euros", "US dollars", "billion US dollars", "percent", "million years"),
    "billion US dollars": ("billion euros", "million US dollars", "trillion US dollars"),
    "billion euros": ("billion US dollars", "million euros"),
    "million kilometres": ("million miles", "kilometres", "billion kilometres", "million kilograms"),
    "hours": ("minutes", "days", "seconds", "metres"),
    "%": ("percentage points", "million", "US dollars"),
    "percentage points": ("%", "years"),
    "10^24 kilograms": ("10^21 kilograms", "kilograms", "10^24 grams"),
    "degrees Celsius": ("degrees Fahrenheit", "kelvins"),
    "kilometres": ("miles", "metres", "million kilometres", "kilograms"),
    "years": ("months", "days", "million years", "kilometres"),
    "millimetres": ("metres", "centimetres", "milligrams"),
}
NUMBERS = [group for group in TABLE if group.get("type") in {"number", "percent", "count"} and not group.get("choices")]
PLAIN = [group for group in NUMBERS if re.fullmatch(r"-?[\d,.]+", group["answer"])]


def changed_digits(text: str) -> Iterator[str]:
    for place, char in enumerate(text):
        if char.isdigit():
            yield text[:place] + str((int(char) + 1) % 10) + text[place + 1 :]
            yield text[:place] + text[place + 1 :]
    yield from (f"{text}7", f"9{text}")


def value(text: str, comma: bool = False) -> Fraction:
    return Fraction((text.replace(".", "").replace(",", ".") if comma else text.replace(",", "")) or "0")


@pytest.mark.parametrize("dress", DRESSES)
def test_a_changed_digit_or_sign_is_wrong(dress: str) -> None:
    for group in PLAIN:
        expected, comma = expected_of(group), group.get("language") == "de"
        assert grade(dress.format(group["answer"]), expected).correct is True, group["answer"]
        sign = group["answer"].removeprefix("-") if group["answer"].startswith("-") else f"-{group['answer']}"
        for said in (*changed_digits(group["answer"]), sign):
            if not re.fullmatch(r"-?\d[\d.,]*(?<=\d)", said) or said.count(".") > 1:
                continue
            close = abs(value(said, comma) - Fraction(group["value"])) < Fraction(group.get("tolerance", "0") or "0")
            if value(said, comma) != Fraction(group["value"]) and not close:
                assert grade(dress.format(said), expected).correct is False, (group["answer"], said)


@pytest.mark.parametrize("dress", DRESSES)
def test_another_unit_or_scale_is_wrong(dress: str) -> None:
    seen = set()
    for group in PLAIN:
        unit = group.get("unit")
        if unit is None:
            continue
        seen.add(unit)
        expected = expected_of(group)
        assert grade(dress.format(f"{group['answer']} {unit}"), expected).correct is True, (group["answer"], unit)
        for other in UNITS[unit]:
            said = dress.format(f"{group['answer']} {other}")
            assert grade(said, expected).correct is False, said
    assert seen == set(UNITS)


@pytest.mark.parametrize("dress", DRESSES)
def test_a_missing_further_or_other_member_is_wrong(dress: str) -> None:
    members = ["Aliens", "Terminator 2", "The Terminator", "Dark Star"]
    for size in (2, 3, 4):
        right = members[:size]
        expected = sample("s", answer=", ".join(right), answer_type="set", answer_value="|".join(right))
        assert grade(dress.format(", ".join(reversed(right))), expected).correct is True
        for place in range(size):
            fewer = right[:place] + right[place + 1 :]
            for wrong in (fewer, [*fewer, "Solaris"], [*right, "Solaris"], ["Solaris", *right]):
                assert grade(dress.format(", ".join(wrong)), expected).correct is False, wrong


@pytest.mark.parametrize("dress", DRESSES)
def test_another_day_month_or_year_is_wrong(dress: str) -> None:
    expected = sample("d", answer="July 2, 1985", answer_type="date", answer_value="1985-07-02")
    for iso in ("1985-07-03", "1985-08-02", "1986-07-02", "1985-02-07", "1985-07", "1985"):
        assert grade(dress.format(dates.spoken(iso)), expected).correct is False, iso
        assert grade(dress.format(iso), expected).correct is False, iso


@pytest.mark.parametrize("dress", DRESSES)
def test_the_answer_of_another_question_is_wrong(dress: str) -> None:
    named = [
        group for group in TABLE if group.get("type") in {"entity", "text", "boolean"} and not group.get("choices")
    ]
    answers = sorted({group["answer"] for group in named})
    for group in named:
        for other in answers:
            if other != group["answer"] and other not in group.get("aliases", []):
                assert grade(dress.format(other), expected_of(group)).correct is False, (group["answer"], other)


@pytest.mark.parametrize("dress", DRESSES)
def test_two_different_final_answers_are_wrong(dress: str) -> None:
    for group in TABLE:
        if group.get("type") in {"entity", "number", "date", "boolean"} and not group.get("choices"):
            no = "no" if group["answer"] == "yes" else "yes"
            other = {"entity": "Zanzibar", "number": "424242", "date": "May 5, 1855", "boolean": no}
            said = f"Final answer: {group['answer']}\n\n{dress.format(other[group['type']])}"
            if dress not in {"{}", "<think>Perhaps 17.</think>\n{}", '{{"answer": "{}"}}'}:
                assert grade(said, expected_of(group)).correct is False, said


LOCALES = {
    "en": (",", "."), "de": (".", ","), "fr": ("\u202f", ","), "fr-plain": (" ", ","), "ch": ("’", "."),
    "ch-plain": ("'", "."), "bare": ("", "."), "bare-comma": ("", ","),
}  # fmt: skip


def written(number: Decimal, places: int, locale: str) -> str:
    group, mark = LOCALES[locale]
    return f"{number:,.{places}f}".replace(",", "\x00").replace(".", mark).replace("\x00", group)


def expected_number(number: Decimal, places: int, language: str) -> Sample:
    return sample(
        "n",
        question="How much was it, in millions of US dollars?",
        answer=written(number, places, "de" if language == "de" else "en"),
        answer_value=f"{number:.{places}f}",
        answer_unit="million US dollars",
        tolerance=str(Decimal(5).scaleb(-places - 1)),
        language=language,
    )


numbers = st.integers(-(10**9), 10**9)


@given(numbers, st.integers(0, 4), st.sampled_from(sorted(LOCALES)), st.sampled_from(DRESSES))
@settings(max_examples=300, deadline=None)
@example(1234, 0, "de", "{}")
@example(1234, 3, "de", "{}")
@example(1234567, 3, "en", "{}")
def test_a_value_in_any_locale_is_right_and_its_neighbour_is_wrong(
    digits: int, places: int, locale: str, dress: str
) -> None:
    number = Decimal(digits).scaleb(-places)
    language = "de" if LOCALES[locale][1] == "," else "en"
    expected = expected_number(number, places, language)
    for tail in ("", " million US dollars", " million dollars"):
        said = dress.format(written(number, places, locale) + tail)
        assert grade(said, expected).correct is True, said
    neighbour = Decimal(digits + 1).scaleb(-places)
    assert grade(dress.format(written(neighbour, places, locale)), expected).correct is False


@given(st.integers(1, 10**7), st.sampled_from([("million", 6), ("billion", 9), ("thousand", 3), ("trillion", 12)]))
@settings(max_examples=200, deadline=None)
def test_a_value_in_another_scale_is_right(digits: int, scale: tuple[str, int]) -> None:
    word, power = scale
    expected = expected_number(Decimal(digits), 0, "en")
    exact = Decimal(digits).scaleb(6 - power)
    assert grade(f"${exact:,f} {word}", expected).correct is True
    assert grade(f"${exact * 10:,f} {word}", expected).correct is False


@given(st.dates(min_value=date(1500, 1, 1), max_value=date(2150, 12, 31)))
@settings(max_examples=200, deadline=None)
def test_a_date_in_any_usual_form_is_right(day) -> None:
    expected = sample("d", answer=dates.spoken(day.isoformat()), answer_type="date", answer_value=day.isoformat())
    month = dates.MONTHS[day.month - 1]
    forms = [day.isoformat(), f"{day.day} {month} {day.year}", f"{month[:3]} {day.day}, {day.year}", f"{day:%m/%d/%Y}",
             f"{day:%d.%m.%Y}", f"It happened on {month} {day.day}, {day.year}.", f"{day.year}年{day.month}月{day.day}日"]  # fmt: skip
    for said in forms:
        assert grade(said, expected).correct is True, said


@given(st.text(max_size=200))
@settings(max_examples=300, deadline=None)
def test_no_output_breaks_the_grader_and_none_is_right_by_chance(said: str) -> None:
    for group in TABLE[::4]:
        found = grade(said, expected_of(group))
        assert found.correct is None or isinstance(found.correct, bool)
        if found.correct is None:
            assert not re.sub(r"<[^>]*>", "", said).strip()
