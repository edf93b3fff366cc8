"""A formula takes what its symbols denote, in units that fit, and says its result in a unit that it has."""

import json

import pytest

from kg.proof import dimension
from kg.proof.derive import derive, re_execute, restate, signature
from kg.snapshot.build import snapshot_from
from schemas.errors import DerivationError
from schemas.sample import Derivation
from schemas.template import TemplateHeader


def fact(id_, quantity, exact, unit, scale=0, kind="moon", subject="Io"):
    decimals = len(exact.partition(".")[2])
    more = {"kind": "number", "text": exact, "exact": exact, "number": float(exact), "decimals": decimals, "date": None}
    said = {
        "quantity": quantity,
        "unit": unit,
        "scale": scale,
        "subject": subject,
        "subject_kind": kind,
        "element": "t",
    }
    return {"id": id_, "label": "Assertion", "properties": {**more, **said, "role": "data"}}


def symbol(id_, name, denotes):
    return {"id": id_, "label": "Symbol", "properties": {"name": name, "denotes": denotes}}


SPEED = "Equality(Symbol('v'), Mul(Integer(2), pi, Pow(Symbol('T'), Integer(-1)), Symbol('a')))"
ESCAPE = (
    "Equality(Symbol('v_{e}'), Mul(Pow(Integer(2), Rational(1, 2)), Pow(Mul(Symbol('G'), Symbol('M'), "
    "Pow(Symbol('R'), Integer(-1))), Rational(1, 2))))"
)
DENSITY = (
    "Equality(Symbol('rho'), Mul(Rational(3, 4), Pow(pi, Integer(-1)), Symbol('M'), Pow(Symbol('R'), Integer(-3))))"
)
SUM = "Equality(Symbol('y'), Add(Symbol('a'), Symbol('T')))"
NODES = [
    fact("axis", "semi-major axis", "421.8", "kilometre", 3),
    fact("period", "orbital period", "1.769", "day"),
    fact("years", "orbital period", "248", "year"),
    fact("heat", "mean temperature", "15", "degree Celsius"),
    fact("mass", "mass", "5.97", "kilogram", 24, "planet", "Earth"),
    fact("radius", "mean radius", "6371.0", "kilometre", 0, "planet", "Earth"),
    fact("G", "value", "6.674", "cubic metre/kilogram/second/second", -11, "constant", "gravitational constant"),
    fact("tax", "tax rate", "25", "%"),
    fact("income", "income", "12.5", "USD", 6),
    symbol("a", "a", "semi-major axis of the orbit"),
    symbol("T", "T", "orbital period of the moon"),
    symbol("M", "M", "mass of the planet"),
    symbol("Ms", "M_s", "mass of the Sun"),
    symbol("R", "R", "mean radius of the planet"),
    symbol("Gs", "G", "gravitational constant"),
    symbol("r", "r", "tax rate"),
    symbol("i", "i", "income"),
    {"id": "speed", "label": "Formula", "properties": {"sympy": SPEED, "target": "v"}},
    {"id": "density", "label": "Formula", "properties": {"sympy": DENSITY, "target": "rho"}},
    {"id": "sum", "label": "Formula", "properties": {"sympy": SUM, "target": "y"}},
    {"id": "due", "label": "Formula", "properties": {"sympy": "Equality(Symbol('d'), Mul(Symbol('r'), Symbol('i')))"}},
    {"id": "escape", "label": "Formula", "properties": {"sympy": ESCAPE, "target": "v_{e}"}},
]
SNAPSHOT = snapshot_from(NODES, [])
TWO = "formula(x, s = p.number, r = q.number)"


def nodes_of(names):
    return {name: SNAPSHOT.index_of(id_) for name, id_ in names.items()}


def run(names, code=TWO, **spec):
    header = TemplateHeader(task="formula", given=(), derive={"sympy": code, **spec}, question=("?",))
    found = derive(header, nodes_of(names), SNAPSHOT)
    again = Derivation.model_validate(json.loads(found.derivation().model_dump_json()))
    assert re_execute(again) == found.result
    assert restate(again, found.result) == found.canonical
    return found


ORBIT = {"x": "speed", "s": "a", "r": "T", "p": "axis", "q": "period"}
BULK = {"x": "density", "s": "M", "r": "R", "p": "mass", "q": "radius"}


def test_units_are_converted_and_the_result_has_a_usual_one_and_honest_digits():
    found = run(ORBIT)
    assert (found.canonical, found.unit, found.scale) == ("17.34", "kilometre/second", 0)
    assert (run(BULK).canonical, run(BULK).unit) == ("5511", "kilogram/cubic metre")


def test_the_header_may_say_unit_and_decimals():
    assert run(ORBIT, unit="metre/second", decimals=0).canonical == "17340"
    with pytest.raises(DerivationError, match="not in kilometre"):
        run(ORBIT, unit="kilometre")


def test_a_symbols_own_name_serves_as_well_and_a_formula_is_turned_round():
    names = {"x": "speed", "p": "axis", "q": "period"}
    assert run(names, "formula(x, a = p.number, T = q.number)").canonical == "17.34"
    turned = run({"x": "density", "p": "mass", "q": "radius"}, "formula(x, rho = 5511, R = q.number) / 5511")
    assert turned.unit == "cubic metre"


@pytest.mark.parametrize("change", [{"s": "T", "r": "a"}, {"s": "M"}, {"s": "Ms"}])
def test_a_symbol_takes_only_what_it_denotes(change):
    with pytest.raises(DerivationError, match="denotes"):
        run({**ORBIT, **change})


def test_the_suns_mass_is_no_planets_mass():
    with pytest.raises(DerivationError, match="denotes mass of the Sun, not mass"):
        run({**BULK, "s": "Ms"})


@pytest.mark.parametrize(
    ("names", "reason"),
    [
        ({"x": "sum", "p": "axis", "q": "period"}, "a sum of unlike units"),
        ({"x": "sum", "p": "heat", "q": "heat"}, "cannot be converted"),
        ({"x": "speed", "p": "axis", "q": "years"}, "no unit"),
    ],
)
def test_what_does_not_fit_is_refused(names, reason):
    with pytest.raises(DerivationError, match=reason):
        run(names, "formula(x, a = p.number, T = q.number)")


def test_a_constant_that_no_fact_gives_is_not_invented():
    with pytest.raises(DerivationError, match=r"2 unknowns \(G, v_\{e\}\)"):
        run({**BULK, "x": "escape"})


def test_a_constant_that_a_fact_states_is_an_operand_like_others():
    code = "formula(x, s = p.number, r = q.number, k = c.number)"
    found = run({**BULK, "x": "escape", "k": "Gs", "c": "G"}, code)
    assert (found.canonical, found.unit) == ("11.2", "kilometre/second")
    with pytest.raises(DerivationError, match="G denotes gravitational constant, not mass"):
        run({**BULK, "x": "escape", "k": "Gs", "c": "mass"}, code)


def test_a_percentage_is_a_hundredth_and_money_keeps_its_unit():
    found = run({"x": "due", "s": "r", "r": "i", "p": "tax", "q": "income"})
    assert (found.canonical, found.unit, found.scale) == ("3.1", "USD", 6)


def test_matches_that_differ_in_their_symbols_are_not_taken_for_one():
    header = TemplateHeader(task="formula", given=(), derive={"sympy": TWO}, question=("?",))
    swapped = nodes_of({**ORBIT, "s": "T", "r": "a"})
    assert signature(header, swapped, SNAPSHOT) != signature(header, nodes_of(ORBIT), SNAPSHOT)


@pytest.mark.parametrize(
    ("number", "decimals", "digits"), [("0.330", 3, 3), ("10747", 0, 5), ("88.0", 1, 3), ("0", 0, 1)]
)
def test_significant_digits_are_those_that_are_printed(number, decimals, digits):
    assert dimension.digits_of(number, decimals) == digits
