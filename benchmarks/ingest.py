"""CPU seconds per page of the PDF reader, beside PyMuPDF's own Markdown conversion in the same run.

    python -m benchmarks.ingest [CORPORA]

CORPORA is a folder of folders of PDFs (default: $KGMINE_CORPORA, else ../shared/corpora, else the example corpus).
The first pages of a few documents of each folder are read by both; imports and model loading are warmed up before.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

from benchmarks.report import report

ROOT = Path(__file__).parents[1]
DOCUMENTS, PAGES = 3, 4
"""Documents of each folder, pages of each document."""
PACKAGES = ("pymupdf", "pymupdf4llm", "pypdfium2", "camelot-py", "onnxruntime", "numpy")


def corpora(argument: str | None) -> list[tuple[str, list[Path]]]:
    """(name, documents) of each folder with PDFs."""
    given = argument or os.environ.get("KGMINE_CORPORA")
    root = Path(given) if given else ROOT.parent / "shared" / "corpora"
    if not root.is_dir() and given is None:
        root = ROOT / "examples" / "planets"
        print(f"no corpora beside the checkout: measuring {root.relative_to(ROOT)}")
    found = [(folder.name, sorted(folder.rglob("*.pdf"))[:DOCUMENTS]) for folder in sorted(root.glob("*"))]
    return [(name, paths) for name, paths in found if paths]


def readers(blobs: Path) -> dict[str, Callable[[Path], int]]:
    """Name -> a function that reads the first pages of a document and returns how many it read."""
    import camelot  # noqa: F401  the reader asks it for a third opinion now and then; its import takes seconds
    import pymupdf
    import pymupdf4llm

    from extraction.readers.pdf import PdfReader

    def kgmine(path: Path) -> int:
        document = PdfReader(max_pages=PAGES).read(path, blobs).document
        return min(PAGES, document.pages or 0)

    def markdown(path: Path) -> int:
        with pymupdf.open(path) as document:
            pages = list(range(min(PAGES, document.page_count)))
            pymupdf4llm.to_markdown(document, pages=pages, use_ocr=False, table_output="html", show_progress=False)
        return len(pages)

    return {"kgmine": kgmine, "pymupdf4llm.to_markdown": markdown}


def measure(argument: str | None) -> list[dict[str, Any]]:
    """One row for each folder and reader."""
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as folder:
        both = readers(Path(folder))
        warm = False
        for name, paths in corpora(argument):
            if not warm:
                for read in both.values():
                    read(paths[0])
                warm = True
            for reader, read in both.items():
                start = time.process_time()
                pages = sum(read(path) for path in paths)
                spent = time.process_time() - start
                rows.append(
                    {
                        "corpus": name,
                        "reader": reader,
                        "documents": len(paths),
                        "pages": pages,
                        "cpu_s": round(spent, 3),
                        "cpu_s_per_page": round(spent / max(pages, 1), 3),
                    }
                )
    return rows


def main() -> int:
    """Exit code 1 where there is nothing to measure."""
    rows = measure(sys.argv[1] if len(sys.argv) > 1 else None)
    if not rows:
        print("no PDFs found", file=sys.stderr)
        return 1
    report("ingest", rows, PACKAGES)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
