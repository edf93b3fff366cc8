"""What the glyphs of formulas mean in LaTeX."""

from __future__ import annotations

import unicodedata
from typing import Final

from runtime.pdf_words import Glyph

_GREEK: Final = """
alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho varsigma sigma tau upsilon phi
chi psi omega
"""
_SIGNS: Final = """
∈ in → rightarrow · cdot ⋅ cdot ∙ cdot × times ⊂ subset ⊕ oplus ± pm ∓ mp ≤ leq ≥ geq ∼ sim ⊗ otimes ⟨ langle ⟩ rangle
• bullet ∞ infty ≫ gg ≪ ll ⇒ Rightarrow ≡ equiv ∇ nabla ∪ cup ∩ cap ◦ circ ∘ circ ⇔ Leftrightarrow ∂ partial ′ prime
≈ approx ∝ propto ∀ forall ∃ exists ⊆ subseteq ∅ emptyset { { } } ∥ | ‖ | ℓ ell ∧ wedge ∨ vee ¬ neg ÷ div ← leftarrow
↔ leftrightarrow ⊥ perp † dagger ℏ hbar ⊙ odot ⊃ supset ≃ simeq ≅ cong … ldots ⋯ cdots # # % % & & ∖ setminus ↦ mapsto
⊤ top ≜ triangleq ⩽ leqslant ⩾ geqslant ∋ ni ∤ nmid ⊊ subsetneq ≠ neq ∉ notin ϵ epsilon ε varepsilon ϑ vartheta ϕ phi
φ varphi ϖ varpi ϱ varrho µ mu ∆ Delta ⌊ lfloor ⌋ rfloor ⌈ lceil ⌉ rceil ★ star ⋆ star
"""
"""Pairs of a sign and its LaTeX name."""


def _pairs(text: str) -> dict[str, str]:
    parts = text.split()
    return {sign: f"\\{name}" for sign, name in zip(parts[::2], parts[1::2], strict=True)}


SYMBOLS: Final[dict[str, str]] = {
    **{chr(0x3B1 + i): f"\\{name}" for i, name in enumerate(_GREEK.split())},
    **{chr(0x391 + i): f"\\{name.capitalize()}" for i, name in enumerate(_GREEK.split()) if i != 17},
    **_pairs(_SIGNS),
    "−": "-",
    "∗": "*",
    "∣": "|",
    "ﬁ": "fi",
    "ﬂ": "fl",
}
OPERATORS: Final[dict[str, str]] = {
    "∑": r"\sum", "∏": r"\prod", "∫": r"\int", "∮": r"\oint", "⋃": r"\bigcup", "⋂": r"\bigcap", "⋁": r"\bigvee",
    "⋀": r"\bigwedge", "∐": r"\coprod", "⨁": r"\bigoplus", "⨂": r"\bigotimes",
}  # fmt: skip
ACCENTS: Final[dict[str, str]] = {
    "ˆ": r"\hat", "˜": r"\tilde", "¯": r"\bar", "˙": r"\dot", "¨": r"\ddot", "ˇ": r"\check", "˘": r"\breve",
    "\u0302": r"\hat", "\u0303": r"\tilde", "\u0304": r"\bar", "\u0305": r"\bar", "\u0307": r"\dot", "\u0308": r"\ddot",
    "\u20d7": r"\vec",
}  # fmt: skip
_FUNCTIONS: Final = """
log exp max min sin cos tan lim sup inf arg det dim ker ln deg gcd Pr tanh sinh cosh hom arcsin arccos arctan cot
"""
FUNCTIONS: Final = frozenset(_FUNCTIONS.split())
LIMITS: Final = frozenset({"lim", "max", "min", "sup", "inf", "argmax", "argmin", "det", "Pr"})
_LARGE: Final[dict[int, str]] = {
    code: name
    for name, codes in {
        r"\sum": (0x50, 0x58),
        r"\prod": (0x51, 0x59),
        r"\int": (0x52, 0x5A),
        r"\bigcup": (0x53, 0x5B),
        r"\bigcap": (0x54, 0x5C),
        r"\coprod": (0x60, 0x61),
        r"\bigoplus": (0x4C, 0x4D),
        r"\bigotimes": (0x4E, 0x4F),
    }.items()
    for code in codes
}
_DELIMITERS: Final = (
    "(",
    ")",
    "[",
    "]",
    r"\lfloor",
    r"\rfloor",
    r"\lceil",
    r"\rceil",
    r"\{",
    r"\}",
    r"\langle",
    r"\rangle",
    "|",
    r"\|",
    "/",
)
_EXTENSION_FONTS: Final = ("CMEX", "MTEX", "exscale")
_STYLES: Final = (
    ("BOLD", r"\mathbf"),
    ("SCRIPT", r"\mathcal"),
    ("FRAKTUR", r"\mathfrak"),
    ("DOUBLE-STRUCK", r"\mathbb"),
)


def meaning(glyph: Glyph) -> tuple[str, str]:
    """(LaTeX, kind) of a glyph; kind: plain, roman, large, radical, accent, delimiter."""
    char = glyph.char
    if glyph.font.startswith(_EXTENSION_FONTS):
        return _extension(ord(char[0]))
    if char in {"√", "∛"}:
        return r"\sqrt", "radical"
    if char in OPERATORS:
        return OPERATORS[char], "large"
    if char in ACCENTS:
        return ACCENTS[char], "accent"
    plain = unicodedata.normalize("NFKC", char) if char not in SYMBOLS else char
    tex = "".join(SYMBOLS.get(c, c) for c in plain)
    styled = _styled(glyph, char, tex)
    if styled is not None:
        return styled, "plain"
    roman = (
        char.isascii() and char.isalpha() and not glyph.italic and not glyph.font.startswith(("CMMI", "LMMathItalic"))
    )
    return tex, "delimiter" if char in "()[]{}|" else "roman" if roman else "plain"


def _extension(code: int) -> tuple[str, str]:
    """Codes of TeX's font of large symbols: delimiters in growing sizes, operators, radicals, wide accents."""
    if code in _LARGE:
        return _LARGE[code], "large"
    if 0x70 <= code <= 0x73:
        return r"\sqrt", "radical"
    if 0x62 <= code <= 0x67:
        return (r"\hat" if code < 0x65 else r"\tilde"), "accent"
    if code < len(_DELIMITERS):
        return _DELIMITERS[code], "delimiter"
    if 0x10 <= code <= 0x1B:
        # The second size has the parentheses twice.
        return _DELIMITERS[code - 0x10 if code < 0x12 else code - 0x12], "delimiter"
    if 0x20 <= code <= 0x2B:
        return _DELIMITERS[code - 0x20], "delimiter"
    return {0x68: "[", 0x69: "]", 0x6E: r"\{", 0x6F: r"\}"}.get(code, ""), "delimiter"


def _styled(glyph: Glyph, char: str, tex: str) -> str | None:
    """Letters of a special alphabet."""
    name = unicodedata.name(char[0], "")
    if name.startswith("MATHEMATICAL"):
        return next((f"{macro}{{{tex}}}" for style, macro in _STYLES if style in name), None)
    if not (char.isascii() and char.isalpha()):
        return None
    if glyph.font.startswith(("CMSY", "EUSM")) and char.isupper():
        return rf"\mathcal{{{char}}}"
    if glyph.font.startswith(("MSBM", "BBOLD")):
        return rf"\mathbb{{{char}}}"
    if glyph.font.startswith("EUFM"):
        return rf"\mathfrak{{{char}}}"
    return rf"\mathbf{{{char}}}" if glyph.font.startswith(("CMBX", "CMMIB")) else None
