"""What is there and what is missing on this machine."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec

NEEDED = {
    "pymupdf": "PDF",
    "pypdfium2": "reading PDF again, for verify",
    "pypandoc_binary": "DOCX, HTML, Markdown, LaTeX, EPUB",
    "openpyxl": "XLSX",
    "camelot-py": "second opinion on tables",
    "pyarrow": "canonical tables",
    "sympy": "formulas",
}
OPTIONAL = {
    "ladybug": "embedded store for `kgmine query`; without it the memory store serves",
    "neo4j": "graphs on a Neo4j server",
    "typst": "typesetting the example corpus",
    "datasets": "loading the export as `datasets` does",
    "torch": "training students (extra `train`)",
    "openai": "evaluating models behind a server (extra `llm`)",
    "matplotlib": "plots of evaluations (extra `train`)",
    "transformers": "models and tokenizers of students",
    "peft": "adapters",
    "trl": "training backend; without it the plain loop serves",
    "bitsandbytes": "QLoRA: a base in 4 bits, on CUDA",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked for."""

    name: str
    state: str
    """A version, `missing`, or `found`."""
    purpose: str
    needed: bool


def findings() -> list[Finding]:
    """Everything that kgmine uses, needed things first; nothing heavy is imported."""
    rows = [Finding("python", sys.version.split()[0], "3.11 or newer", needed=True)]
    rows += [Finding(name, _version(name), purpose, needed=True) for name, purpose in NEEDED.items()]
    rows += [Finding(name, _version(name), purpose, needed=False) for name, purpose in OPTIONAL.items()]
    office = shutil.which("libreoffice") or shutil.which("soffice")
    rows.append(Finding("libreoffice", "found" if office else "missing", "legacy .doc, .ppt, .xls files", needed=False))
    return rows


def healthy(rows: list[Finding]) -> bool:
    """True if nothing that is needed is missing."""
    return all(row.state != "missing" for row in rows if row.needed) and sys.version_info >= (3, 11)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "found" if find_spec(name.replace("-", "_")) else "missing"
