"""Ids from meaning: the same content has the same id on every machine, in every run."""

from __future__ import annotations

import hashlib
import unicodedata


def digest(*parts: str, length: int = 24) -> str:
    """The id of a tuple of strings.

    Parts are brought to NFC and length-prefixed, so that ("ab", "c") and ("a", "bc") differ.

    Args:
        parts: what the id stands for, most general first (document, kind, text, occurrence).
        length: hex characters, 1..64; 24 (96 bits) keeps a billion nodes apart.
    """
    state = hashlib.sha256()
    for part in parts:
        data = unicodedata.normalize("NFC", part).encode("utf-8", "surrogatepass")
        state.update(len(data).to_bytes(8, "big"))
        state.update(data)
    return state.hexdigest()[:length]
