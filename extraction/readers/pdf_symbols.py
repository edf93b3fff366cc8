"""What the glyphs of formulas mean in LaTeX."""

from __future__ import annotations

import unicodedata
from typing import Final

from runtime.pdf_words import Glyph

_GREEK: Final = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho varsigma sigma tau upsilon "
    "phi chi psi omega"
).split()
_SIGNS: Final = (
    "∈ in|→ rightarrow|· cdot|⋅ cdot|∙ cdot|× times|⊂ subset|⊕ oplus|± pm|∓ mp|≤ leq|≥ geq|∼ sim|⊗ otimes|⟨ langle|⟩ rangle|"
    "• bullet|∞ infty|≫ gg|≪ ll|⇒ Rightarrow|≡ equiv|∇ nabla|∪ cup|∩ cap|◦ circ|∘ circ|⇔ Leftrightarrow|∂ partial|"
    "′ prime|≈ approx|∝ propto|∀ forall|∃ exists|⊆ subseteq|∅ emptyset|{ {|} }|∥ ||ℓ ell|∧ wedge|∨ vee|¬ neg|÷ div|← leftarrow|"
    "↔ leftrightarrow|⊥ perp|† dagger|ℏ hbar|⊙ odot|⊃ supset|≃ simeq|≅ cong|… ldots|⋯ cdots|# #|% %|& &|∖ setminus|↦ mapsto|"
    "⊤ top|≜ triangleq|⩽ leqslant|⩾ geqslant|∋ ni|∤ nmid|⊊ subsetneq|≠ neq|∉ notin|ϵ epsilon|ε varepsilon|ϑ vartheta|ϕ phi|"
    "φ varphi|ϖ varpi|ϱ varrho|µ mu|∆ Delta|⌊ lfloor|⌋ rfloor|⌈ lceil|⌉ rceil|★ star|⋆ star"
)
SYMBOLS: Final[dict[str, str]] = {
    **{chr(0x3B1 + i): "\\" + name for i, name in enumerate(_GREEK)},
    **{chr(0x391 + i): "\\" + name.capitalize() for i, name in enumerate(_GREEK) if i != 17},
    **{pair[0]: "\\" + pair[2:] for pair in _SIGNS.replace("||", "|∥ \\||").split("|") if len(pair) > 2},
    "∥": r"\|", "−": "-", "∗": "*", "∣": "|", "ﬁ": "fi", "ﬂ": "fl", "‖": r"\|",
}  # fmt: skip
OPERATORS: Final[dict[str, str]] = {
    "∑": r"\sum", "∏": r"\prod", "∫": r"\int", "∮": r"\oint", "⋃": r"\bigcup", "⋂": r"\bigcap", "⋁": r"\bigvee",
    "⋀": r"\bigwedge", "∐": r"\coprod", "⨁": r"\bigoplus", "⨂": r"\bigotimes",
}  # fmt: skip
ACCENTS: Final[dict[str, str]] = {
    "ˆ": r"\hat", "˜": r"\tilde", "¯": r"\bar", "˙": r"\dot", "¨": r"\ddot", "ˇ": r"\check", "˘": r"\breve",
    "\u0302": r"\hat", "\u0303": r"\tilde", "\u0304": r"\bar", "\u0305": r"\bar", "\u0307": r"\dot", "\u0308": r"\ddot",
    "\u20d7": r"\vec", "⃗": r"\vec",
}  # fmt: skip
FUNCTIONS: Final = frozenset(
    "log exp max min sin cos tan lim sup inf arg det dim ker ln deg gcd Pr tanh sinh cosh hom arcsin arccos arctan cot".split()
)
LIMITS: Final = frozenset({"lim", "max", "min", "sup", "inf", "argmax", "argmin", "det", "Pr"})
_LARGE: Final[dict[int, str]] = {
    **dict.fromkeys((0x50, 0x58), r"\sum"), **dict.fromkeys((0x51, 0x59), r"\prod"), **dict.fromkeys((0x52, 0x5A), r"\int"),
    **dict.fromkeys((0x53, 0x5B), r"\bigcup"), **dict.fromkeys((0x54, 0x5C), r"\bigcap"), **dict.fromkeys((0x60, 0x61), r"\coprod"),
    **dict.fromkeys((0x4C, 0x4D), r"\bigoplus"), **dict.fromkeys((0x4E, 0x4F), r"\bigotimes"),
}  # fmt: skip
_DELIMITERS: Final = ("(", ")", "[", "]", r"\lfloor", r"\rfloor", r"\lceil", r"\rceil", r"\{", r"\}", r"\langle", r"\rangle", "|", r"\|", "/")
_EXTENSION_FONTS: Final = ("CMEX", "MTEX", "exscale")
_STYLES: Final = (("BOLD", r"\mathbf"), ("SCRIPT", r"\mathcal"), ("FRAKTUR", r"\mathfrak"), ("DOUBLE-STRUCK", r"\mathbb"))


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
    roman = char.isascii() and char.isalpha() and not glyph.italic and not glyph.font.startswith(("CMMI", "LMMathItalic"))
    return tex, "delimiter" if char in "()[]{}|" else "roman" if roman else "plain"


def _extension(code: int) -> tuple[str, str]:
    """Codes of TeX's font of large symbols."""
    if code in _LARGE:
        return _LARGE[code], "large"
    if 0x70 <= code <= 0x73:
        return r"\sqrt", "radical"
    if 0x62 <= code <= 0x67:
        return (r"\hat" if code < 0x65 else r"\tilde"), "accent"
    if code < len(_DELIMITERS):
        return _DELIMITERS[code], "delimiter"
    if 0x10 <= code <= 0x1B or 0x20 <= code <= 0x2B:
        return (*_DELIMITERS[:2], *_DELIMITERS[:10])[(code & 0xF)] if code >= 0x20 else (
            (*_DELIMITERS[:2], *_DELIMITERS[:2], *_DELIMITERS[2:10])[code - 0x10]
        ), "delimiter"
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
