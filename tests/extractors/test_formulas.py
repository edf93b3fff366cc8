"""Formulas are read strictly or not at all."""

from __future__ import annotations

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from extraction.extractors import latex
from extraction.extractors.formulas import FormulasExtractor
from tests.extractors.build import about, document


def value(text):
    read = latex.read(text)
    assert read is not None
    return sympy.sympify(read.sympy)


def symbol(name):
    return sympy.Symbol(name)


@pytest.mark.parametrize(
    ("text", "target"),
    [
        (r"v_e = \sqrt{\frac{2 G M}{r}}", "v_{e}"),
        (r"E = m c^2", "E"),
        (r"\Delta v = v_{e}\ln\frac{m_{0}}{m_{1}}", r"\Delta v"),
        (r"\rho = \frac{3M}{4\pi R^3}.", r"\rho"),
        (r"g = G \cdot M / r^{2}", "g"),
        (r"T^2 = \frac{4\pi^2}{G M} a^3", None),
    ],
)
def test_arithmetic_is_read_with_its_target(text, target):
    read = latex.read(text)
    assert read is not None
    assert read.target == target


def test_the_reading_means_what_it_says():
    a, b, c = symbol("a"), symbol("b"), symbol("c_{1}")
    assert value(r"\frac{a + b}{2} - c_1^{2}") == (a + b) / 2 - c**2
    assert value(r"2 (a - b) \sqrt[3]{c_1}") == 2 * (a - b) * c ** sympy.Rational(1, 3)


@pytest.mark.parametrize(
    "text",
    [
        "f(x) = x",
        "E = m c 2",
        "Attention(Q, K) = V",
        r"\sum_{i=1}^{n} x_i",
        "a / b c",
        "a = b = c",
        r"x \to y",
        r"\log x",
        "3",
        "",
        "((a)",
    ],
)
def test_what_can_be_read_in_two_ways_is_not_read(text):
    assert latex.read(text) is None


@given(st.integers(1, 99), st.integers(1, 99), st.sampled_from("abcxyz"))
def test_fractions_of_numbers_are_exact(top, bottom, name):
    assert value(rf"\frac{{{top}}}{{{bottom}}} {name}") == sympy.Rational(top, bottom) * symbol(name)


def test_symbols_are_found_in_formulas_that_are_not_read():
    assert latex.symbols(r"\mathcal{L}_{ia} = -\sum_{i} w_i \log P") == (r"\mathcal{L}_{ia}", "w_{i}", "i", "P") or set(
        latex.symbols(r"\mathcal{L}_{ia} = -\sum_{i} w_i \log P")
    ) >= {r"\mathcal{L}_{ia}", "w_{i}", "P"}


def test_the_text_behind_a_formula_defines_its_symbols_and_names_it():
    elements = document(
        [
            ("chunk", "The terminal speed is given by"),
            ("formula", r"v_t = \sqrt{\frac{2 m g}{\rho A}}"),
            (
                "chunk",
                "where v_t denotes the terminal speed, $m$ is the mass of the body and ρ is the density of the air.",
            ),
        ]
    )
    found = FormulasExtractor().extract(elements, about(elements))
    assert {s.symbol: s.denotes for s in found.symbols} == {
        "v_{t}": "terminal speed",
        "m": "mass of the body",
        r"\rho": "density of the air",
    }
    assert found.formulas[0].name == "terminal speed"
    for definition in found.symbols:
        chunk = next(e for e in elements.elements if e.id == definition.element)
        assert chunk.text[slice(*definition.span)] == definition.denotes
