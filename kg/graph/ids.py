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
    pieces: list[bytes] = []
    for part in parts:
        text = part if part.isascii() else unicodedata.normalize("NFC", part)
        data = text.encode("utf-8", "surrogatepass")
        pieces += (len(data).to_bytes(8, "big"), data)
    return hashlib.sha256(b"".join(pieces)).hexdigest()[:length]
