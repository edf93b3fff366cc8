"""Ingest: every document of the corpus becomes two artefacts, its elements and its facts.

Extraction sees one document only, in a process that can be killed; workers write fragments independently, so ingest
needs no lock and no database. A fragment's key is a hash of format, bytes and the versions of what read it.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, cast

from extraction.extractors import default_extractors, extract_all
from extraction.extractors import fingerprint as versions
from extraction.readers import Reader, reader_for
from kg.ontology import terms
from kgmine.config import Config, Limits
from kgmine.corpus import Entry, Manifest, Source, scan
from kgmine.schema import adopt
from kgmine.workspace import Workspace
from runtime.artefacts import fingerprint, read_packed, sha256_file, write_packed, write_rows
from runtime.code import code_version
from runtime.executors import Bounds, Failed, Killed, Pool
from runtime.progress import Progress
from schemas.base import Row
from schemas.element import Elements
from schemas.errors import DocumentError, KgmineError
from schemas.fact import Facts
from schemas.ontology import Schema, Term
from schemas.reject import Rejected


@dataclass(frozen=True, slots=True)
class Task:
    """One document to be read and mined for facts."""

    workspace: Workspace
    source: Source
    base: str
    """Key without the files beside the document."""
    extractors: str
    """Fingerprint of what finds facts."""
    limits: Limits
    gazetteer: tuple[Term, ...] = ()
    """Names that the schema declares."""

    @property
    def elements(self) -> str:
        """Key of the elements: a document that other files are read for changes when one of them does."""
        paths = [self.source.file.parent / name for name in _files(self.workspace, self.base)]
        shas = [sha256_file(path) if path.is_file() else None for path in paths]
        return fingerprint(self.base, shas) if shas else self.base

    @property
    def facts(self) -> str:
        return fingerprint(self.elements, self.extractors)


class BesideFiles(Row):
    """Files that were read for a document beside its own."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ingested:
    """What `ingest` did."""

    manifest: Manifest
    read: int
    """Documents that were read or mined anew."""
    warnings: tuple[str, ...]


def ingest(
    corpus: Path,
    workspace: Workspace,
    config: Config,
    *,
    schema: Path | None = None,
    jobs: int = 1,
    first: int | None = None,
) -> Ingested:
    """Bring the fragments of a workspace up to date with a corpus folder and write its manifest.

    Args: schema: `schema.yaml` that extraction keeps to.

    Raises:
        UsageError: no such folder, or nothing in it.
        ConfigError: the schema is wrong.
    """
    gazetteer = _gazetteer(adopt(workspace, schema))
    sources, rejected = scan(corpus, first=first)
    tasks, entries = [], {}
    for source in sources:
        found = _plan(workspace, source, config.limits, gazetteer)
        if isinstance(found, Rejected):
            rejected.append(found)
        else:
            tasks.append(found)
    todo = [task for task in tasks if not _is_there(task)]
    workspace.blobs.mkdir(parents=True, exist_ok=True)
    failures = _work(todo, jobs, config.limits) if todo else {}
    warnings: list[str] = []
    for task in tasks:
        failure = failures.get(task.source.sha256) or _stored_reject(task)
        if failure is not None:
            rejected.append(failure)
            continue
        document = read_packed(workspace.fragment(task.elements, "elements"), Elements).document
        warnings += [f"{task.source.paths[0]}: {line}" for line in document.warnings]
        entries[task.source.sha256] = Entry(
            document=document.id,
            paths=task.source.paths,
            format=document.format,
            elements=task.elements,
            facts=task.facts,
        )
    rows = tuple(sorted(rejected, key=lambda row: (row.item, row.check)))
    manifest = Manifest(root=str(corpus.resolve()), documents=tuple(entries.values()), rejected=rows)
    write_rows(workspace.rejected, rows)
    manifest.write(workspace.manifest)
    return Ingested(manifest, len(todo) - len(failures), tuple(warnings))


def fragments(workspace: Workspace, manifest: Manifest) -> list[tuple[Elements, Facts]]:
    """The live fragments in the order of the manifest, each document with the paths that it has in the corpus."""
    pairs = []
    for entry in manifest.documents:
        elements = read_packed(workspace.fragment(entry.elements, "elements"), Elements)
        document = elements.document.model_copy(update={"paths": entry.paths})
        facts = read_packed(workspace.fragment(entry.facts, "facts"), Facts)
        pairs.append((elements.model_copy(update={"document": document}), facts))
    return pairs


def _plan(workspace: Workspace, source: Source, limits: Limits, gazetteer: tuple[Term, ...]) -> Task | Rejected:
    name = source.paths[0]
    if source.size == 0:
        return _reject(name, "empty", "the file is empty")
    if source.size > limits.max_bytes:
        return _reject(name, "too_large", f"{source.size} bytes, limits.max_bytes is {limits.max_bytes}")
    try:
        reader = reader_for(source.file)
    except DocumentError as error:
        return _reject(name, error.check, error.reason)
    if reader is None:
        return _reject(name, "unsupported", f"no reader for {source.file.suffix or 'files without an ending'}")
    base = fingerprint(source.file.suffix.lower(), source.sha256, reader.name, reader.version, limits.max_pages)
    extractors = fingerprint(versions(default_extractors(gazetteer=gazetteer)), extraction_code())
    return Task(workspace, source, base, extractors, limits, gazetteer)


def _gazetteer(schema: Schema | None) -> tuple[Term, ...]:
    return terms(schema) if schema else ()


def _files(workspace: Workspace, base: str) -> tuple[str, ...]:
    """Files that were read beside a document (included sources, pictures); none where no reader named any."""
    path = workspace.fragment(base, "files")
    return read_packed(path, BesideFiles).names if path.exists() else ()


@cache
def extraction_code() -> str:
    """Facts cost little beside parsing, so any change of the code that finds them finds them again."""
    return code_version("extraction.extractors", "extraction.tables", "kg.values")


def _is_there(task: Task) -> bool:
    fragment = task.workspace.fragment
    if fragment(task.elements, "rejected").exists():
        return True
    return fragment(task.elements, "elements").exists() and fragment(task.facts, "facts").exists()


def _stored_reject(task: Task) -> Rejected | None:
    path = task.workspace.fragment(task.elements, "rejected")
    if not path.exists():
        return None
    return read_packed(path, Rejected).model_copy(
        update={"item": task.source.paths[0], "document": task.source.paths[0]}
    )


def _work(todo: list[Task], jobs: int, limits: Limits) -> dict[str, Rejected]:
    bounds = Bounds(seconds=limits.seconds, memory_bytes=int(limits.memory_gib * 2**30))
    failures: dict[str, Rejected] = {}
    with Progress("ingest", len(todo)) as bar:
        for index, result in Pool(function=read_document, jobs=jobs, bounds=bounds).run(todo):
            task, name = todo[index], todo[index].source.paths[0]
            if isinstance(result, Killed):
                failures[task.source.sha256] = _reject(name, result.cause, result.reason, transient=True)
            elif isinstance(result, Failed):
                row = _reject(name, result.check, result.reason)
                write_packed(task.workspace.fragment(task.elements, "rejected"), row)
                failures[task.source.sha256] = row
            bar.step(name)
    return failures


def read_document(task: Task) -> None:
    """What a worker does: read one document (unless its elements are there) and extract its facts."""
    path = task.workspace.fragment(task.elements, "elements")
    if path.exists():
        elements = read_packed(path, Elements)
    else:
        reader = reader_for(task.source.file)
        if reader is None:
            raise KgmineError(f"{task.source.paths[0]}: no reader")
        elements = bounded(reader, task.limits.max_pages).read(task.source.file, task.workspace.blobs)
        if names := tuple(elements.document.metadata.get("files", "").splitlines()):
            write_packed(task.workspace.fragment(task.base, "files"), BesideFiles(names=names))
        write_packed(task.workspace.fragment(task.elements, "elements"), elements)
    write_packed(task.workspace.fragment(task.facts, "facts"), extract_all(elements, gazetteer=task.gazetteer))


def bounded(reader: Reader, max_pages: int | None) -> Reader:
    """The reader with a page bound, where it has one."""
    made: Any = reader
    if max_pages is None or not is_dataclass(made) or "max_pages" not in {field.name for field in fields(made)}:
        return reader
    return cast("Reader", replace(cast("Any", made), max_pages=max_pages))


def _reject(name: str, check: str, reason: str, *, transient: bool = False) -> Rejected:
    return Rejected(item=name, stage="ingest", check=check, reason=reason, document=name, transient=transient)
