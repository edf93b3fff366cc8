"""What a file is by its first bytes, before any parser sees it."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Final

from schemas.errors import DocumentError

ZIPPED: Final = frozenset({".docx", ".xlsx", ".xlsm", ".epub", ".odt"})
MARKUP: Final = frozenset(
    {
        *(".html", ".htm", ".xhtml", ".md", ".markdown", ".tex", ".latex", ".rst", ".org", ".csv", ".tsv", ".txt"),
        *(".nxml", ".jats", ".ipynb", ".wiki", ".mediawiki", ".typ", ".dbk", ".docbook", ".fb2", ".rtf"),
    }
)
MAX_INFLATED: Final = 1 << 30
"""Bytes that all members of a zipped document may inflate to: 1 GiB holds every real book we have seen."""
MAX_RATIO: Final = 400
"""Inflated over stored bytes of one member above 8 MiB; text compresses 10-50 times, a bomb 1000 times."""
MAX_MEMBERS: Final = 20_000
HEAD: Final = 4096

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WIDE_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")


def check_content(path: Path, suffix: str) -> None:
    """Accepts a file whose content fits its suffix.

    Raises:
        DocumentError: `empty`, `unreadable`, `not_a_pdf`, `not_a_<suffix>`, `encrypted`, `not_text`, `zip_bomb`.
    """
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
    except OSError as error:
        raise DocumentError("unreadable", error.strerror or "cannot be opened") from error
    if not head.strip(b"\0 \t\r\n"):
        raise DocumentError("empty", "no content")
    if suffix == ".pdf":
        # The standard lets a reader accept the mark within the first 1024 bytes.
        if b"%PDF-" not in head[:1024]:
            raise DocumentError("not_a_pdf", f"no %PDF- mark; the file starts with {shown(head)}")
    elif suffix in ZIPPED:
        check_zip(path, suffix, head)
    elif suffix in MARKUP and b"\0" in head and not head.startswith(_WIDE_MARKS):
        raise DocumentError("not_text", f"binary content in a {suffix} file; it starts with {shown(head)}")


def check_zip(path: Path, suffix: str, head: bytes) -> None:
    """Accepts a zip container of bounded inflated size."""
    kind = suffix.removeprefix(".")
    if head.startswith(_OLE):
        raise DocumentError("encrypted", f"an OLE container: a password-protected or legacy Office file named {suffix}")
    if not head.startswith(b"PK"):
        raise DocumentError(f"not_a_{kind}", f"no zip container; the file starts with {shown(head)}")
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError) as error:
        raise DocumentError("truncated", f"damaged zip container: {error}") from error
    if any(member.flag_bits & 1 for member in members):
        raise DocumentError("encrypted", "the zip container is encrypted")
    inflated = sum(member.file_size for member in members)
    greedy = any(m.file_size > 8 << 20 and m.file_size > MAX_RATIO * max(m.compress_size, 1) for m in members)
    if len(members) > MAX_MEMBERS or inflated > MAX_INFLATED or greedy:
        raise DocumentError("zip_bomb", f"{len(members)} members that inflate to {inflated} bytes")


def shown(head: bytes) -> str:
    """The first bytes as a person can read them in one line."""
    return ascii(head[:16].decode("utf-8", "replace"))
