r"""Office and markup files through pandoc's document tree.

Pandoc runs as a process of its own, in its sandbox (it reads the file it is given and nothing else), with a bounded
heap and a time limit. What the sandbox forbids is done here with bounds: `\input` of LaTeX and images beside the file.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, final

from extraction.readers.assemble import Assembler, document_id
from extraction.readers.encoding import decoded
from extraction.readers.pandoc_blocks import Walker
from extraction.readers.pandoc_html import with_heads
from extraction.readers.pandoc_inlines import Node, plain_text, read_inlines
from extraction.readers.pandoc_jats import settle_floats
from extraction.readers.pandoc_latex import Numbering, expand_inputs
from extraction.readers.pandoc_media import Media
from schemas.element import Document, Elements
from schemas.errors import DocumentError, TransientError

FORMATS: Final[dict[str, str]] = {
    ".docx": "docx+styles",
    ".odt": "odt",
    ".epub": "epub",
    ".fb2": "fb2",
    ".rtf": "rtf",
    ".html": "html+tex_math_single_backslash-auto_identifiers",
    ".htm": "html+tex_math_single_backslash-auto_identifiers",
    ".xhtml": "html+tex_math_single_backslash-auto_identifiers",
    ".md": "commonmark_x",
    ".markdown": "commonmark_x",
    ".tex": "latex-auto_identifiers",
    ".latex": "latex-auto_identifiers",
    ".rst": "rst",
    ".org": "org",
    ".ipynb": "ipynb",
    ".nxml": "jats",
    ".jats": "jats",
    ".dbk": "docbook",
    ".docbook": "docbook",
    ".mediawiki": "mediawiki",
    ".wiki": "mediawiki",
    ".typ": "typst",
}
NAMES: Final[dict[str, str]] = {"commonmark_x": "md"}
TITLE_IS_PRINTED: Final = frozenset({"docx", "odt", "md", "latex", "rst", "org", "jats", "typst", "docbook", "rtf"})
"""Formats whose metadata title is a line that the reader of the document sees (in HTML it is the window's name)."""
HEAP_EXHAUSTED: Final = 251
"""Exit code of GHC's runtime."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class PandocReader:
    """docx, html, md, latex, epub, odt, rst, jats and more."""

    timeout: float = 120.0
    """Wall-clock seconds for pandoc; 1..3600."""
    max_bytes: int = 256 << 20
    """Size of the file."""
    max_tree: int = 512 << 20
    """Bytes of pandoc's JSON."""
    heap: str = "2g"
    """Pandoc's heap, as its runtime reads it."""

    name: str = "pandoc"
    version: int = 1
    suffixes: tuple[str, ...] = tuple(FORMATS)

    def read(self, path: Path, blobs: Path) -> Elements:
        """Reads one file; see `Reader.read`."""
        if path.stat().st_size > self.max_bytes:
            raise DocumentError("too_large", f"{path.stat().st_size} bytes, above {self.max_bytes}")
        source = FORMATS[path.suffix.lower()]
        kind = source.partition("+")[0].partition("-")[0]
        kind = NAMES.get(kind, kind)
        media = Media(path, blobs)
        try:
            tree = self._tree(path, source, media.files)
            return self._elements(path, kind, tree, media)
        except RecursionError as error:
            raise DocumentError("too_nested", "nested deeper than Python's stack") from error

    def _tree(self, path: Path, source: str, files: list[str]) -> Node:
        import pypandoc

        arguments = [pypandoc.get_pandoc_path(), "+RTS", f"-M{self.heap}", "-RTS", "--sandbox", "--quiet"]
        arguments += ["-f", source, "-t", "json"]
        text = None
        if source.startswith("latex"):
            text = expand_inputs(path, path.parent.resolve(), files).encode("utf-8", "replace")
        elif source not in {"docx+styles", "odt", "epub"}:
            markup = decoded(path.read_bytes())
            text = (with_heads(markup) if source.startswith("html") else markup).encode("utf-8", "replace")
        else:
            arguments.append(str(path.resolve()))
        with tempfile.TemporaryFile() as output:
            try:
                done = subprocess.run(  # noqa: S603
                    arguments,
                    input=text,
                    stdin=subprocess.DEVNULL if text is None else None,
                    stdout=output,
                    stderr=subprocess.PIPE,
                    timeout=self.timeout,
                    check=False,
                )
            except subprocess.TimeoutExpired as error:
                raise TransientError("timeout", f"pandoc ran longer than {self.timeout:g} s") from error
            _check(done, path)
            if output.tell() > self.max_tree:
                raise DocumentError("too_large", f"a document tree above {self.max_tree} bytes")
            output.seek(0)
            tree: Node = json.load(output)
        return tree

    def _elements(self, path: Path, kind: str, tree: Node, media: Media) -> Elements:
        numbers: dict[str, str] = {}
        if kind == "latex":
            numbering = Numbering()
            numbering.walk(tree["blocks"])
            numbers = numbering.numbers
        elif kind == "jats":
            settle_floats(tree["blocks"])
        assembler = Assembler(document_id(path))
        walker = Walker(assembler, media, numbers)
        metadata = dict(_metadata(tree["meta"]))
        title = metadata.pop("title", None)
        if title and kind in TITLE_IS_PRINTED and title not in _headings(tree["blocks"]):
            assembler.chunk(title, role="title", places=(walker.place(),))
        abstract = _blocks_of(tree["meta"].get("abstract"))
        if abstract:
            walker.walk(
                [{"t": "Header", "c": [1, ["", ["unnumbered"], []], [{"t": "Str", "c": "Abstract"}]]}, *abstract]
            )
        walker.walk(tree["blocks"])
        elements = assembler.finish()
        if not elements:
            raise DocumentError("empty", "no text, table or image")
        if media.files:
            metadata["files"] = "\n".join(sorted(set(media.files)))
        return Elements(
            document=Document(
                id=assembler.document,
                paths=(path.name,),
                format=kind,
                title=title or next(iter(_headings(tree["blocks"])), None),
                metadata=metadata,
                language=_language(metadata),
                warnings=tuple(f"image not found: {name}" for name in media.missing),
            ),
            reader=f"{self.name}/{self.version}",
            elements=elements,
        )


def _check(done: subprocess.CompletedProcess[bytes], path: Path) -> None:
    if done.returncode == 0:
        return
    if done.returncode == HEAP_EXHAUSTED:
        raise DocumentError("too_large", "pandoc's heap limit was reached")
    lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
    reason = (lines[0] if lines else f"pandoc ended with {done.returncode}").replace(str(path.resolve()), path.name)
    raise DocumentError(f"broken_{path.suffix.lower().removeprefix('.')}", reason[:300])


def _metadata(meta: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for key in sorted(meta):
        if key != "abstract":
            text = _meta_text(meta[key])
            if text:
                yield key, text[:1000]


def _meta_text(value: Node) -> str:
    kind, content = value["t"], value["c"]
    if kind == "MetaInlines":
        return plain_text(content)
    if kind == "MetaList":
        return "; ".join(filter(None, map(_meta_text, content)))
    if kind == "MetaBlocks":
        return " ".join(plain_text(block["c"]) for block in content if block["t"] in {"Para", "Plain"})
    return str(content) if kind in {"MetaString", "MetaBool"} else ""


def _blocks_of(value: Node | None) -> list[Node]:
    if value is None:
        return []
    if value["t"] == "MetaBlocks":
        return list(value["c"])
    return [{"t": "Para", "c": value["c"]}] if value["t"] == "MetaInlines" else []


def _headings(blocks: list[Node]) -> list[str]:
    """Headings outside of lists and tables, the highest level first, in order."""
    found: list[tuple[int, int, str]] = []

    def visit(nodes: list[Node]) -> None:
        for node in nodes:
            if node["t"] == "Header":
                text = read_inlines(node["c"][2], {}, breaks=" ").text
                if text:
                    found.append((node["c"][0], len(found), text))
            elif node["t"] == "Div":
                visit(node["c"][1])

    visit(blocks)
    return [text for _, _, text in sorted(found)]


def _language(metadata: dict[str, str]) -> str:
    language = metadata.get("lang", metadata.get("language", "en"))[:2].lower()
    return language if language.isalpha() else "en"
