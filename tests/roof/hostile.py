"""A corpus that nobody wants: every bad file of the trade beside one good one."""

from __future__ import annotations

from pathlib import Path

import pymupdf

GOOD = """# The river Ister

| river | length (km) | countries |
|---|---|---|
| Ister | 2850 | 10 |
| Rhodanus | 813 | 2 |
| Sequana | 777 | 1 |
"""


def _pdf(pages: int, text: str = "A page about nothing in particular.") -> pymupdf.Document:
    document = pymupdf.open()
    for number in range(pages):
        document.new_page().insert_text((72, 72), f"{text} Page {number + 1}.")
    return document


def write(folder: Path, *, pages: int = 6) -> None:
    """Write the corpus; `pages` is the length of the long PDF."""
    folder.mkdir(parents=True)
    (folder / "good.md").write_text(GOOD, encoding="utf-8")
    (folder / "empty.pdf").write_bytes(b"")
    whole = _pdf(2).tobytes()
    (folder / "truncated.pdf").write_bytes(whole[: len(whole) // 3])
    (folder / "named.pdf").write_text("just text", encoding="utf-8")
    (folder / "noise.docx").write_bytes(b"\xff\xfe" + b"n\0o\0i\0s\0e\0" * 40)
    (folder / "strange.xyz").write_bytes(b"\0\1\2")
    _pdf(1).save(folder / "locked.pdf", encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw="secret", owner_pw="secret")
    scan = pymupdf.open()
    pixels = pymupdf.Pixmap(pymupdf.csRGB, (0, 0, 200, 280))
    pixels.clear_with(230)
    for _ in range(3):
        page = scan.new_page()
        page.insert_image(page.rect, pixmap=pixels)
    scan.save(folder / "scan.pdf")
    _pdf(pages).save(folder / "long.pdf")
    (folder / "sub").mkdir()
    (folder / "sub" / "loop").symlink_to(folder)
