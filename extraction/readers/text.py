"""Plain text: paragraphs are what blank lines separate; nothing is guessed to be a heading."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final, final

from extraction.readers.assemble import Assembler, document_id
from extraction.readers.encoding import decoded
from extraction.readers.references import mentions
from schemas.base import Place
from schemas.element import Document, Elements
from schemas.errors import DocumentError

_PARAGRAPH: Final = re.compile(r"\n[ \t\f\v]*\n\s*|\f+")
_KEY_VALUE: Final = re.compile(r"^[A-Z][\w ()/.-]{1,40}:\s+\S")


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class TextReader:
    """`.txt` files."""

    max_bytes: int = 64 << 20

    name: str = "text"
    version: int = 1
    suffixes: tuple[str, ...] = (".txt",)

    def read(self, path: Path, blobs: Path) -> Elements:  # noqa: ARG002 - the seam's signature
        """Reads one file; see `Reader.read`. Lines of a paragraph are joined unless they are `Key: value` lines."""
        if path.stat().st_size > self.max_bytes:
            raise DocumentError("too_large", f"{path.stat().st_size} bytes, above {self.max_bytes}")
        assembler = Assembler(document_id(path))
        for block, paragraph in enumerate(_PARAGRAPH.split(decoded(path.read_bytes()).replace("\r\n", "\n").strip())):
            lines = [" ".join(line.split()) for line in paragraph.splitlines() if line.strip()]
            joint = "\n" if sum(bool(_KEY_VALUE.match(line)) for line in lines) > len(lines) / 2 else " "
            text = joint.join(lines)
            if text:
                assembler.chunk(text, places=(Place(block=block),), links=mentions(text))
        elements = assembler.finish()
        if not elements:
            raise DocumentError("empty", "no text")
        return Elements(
            document=Document(id=assembler.document, paths=(path.name,), format="txt", title=None),
            reader=f"{self.name}/{self.version}",
            elements=elements,
        )
