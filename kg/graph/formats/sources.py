"""Which files of a folder hold nodes and relationships, and with which options they are written.

A file `*.args` with the options of `neo4j-admin database import` says it all (kgmine's own export writes one, and the
tool takes it as `@import.args`). Without it every CSV file is read: its header is its first record, or that of a file
`<name>_header.csv`.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from kg.graph.formats.header import Header, is_header, parse
from kg.graph.formats.scan import Dialect, first_record
from kg.graph.roles import Roles, roles_of
from schemas.errors import GraphError, UsageError

ARGS: Final = "import.args"
COMMENT: Final = "# kgmine "
"""Begins a line that tells kgmine what the options of neo4j-admin cannot say; the tool skips it."""
SUFFIXES: Final = (".csv", ".tsv", ".csv.gz", ".tsv.gz")
_HEADER: Final = re.compile(r"^(?P<name>.*?)[-_. ]?headers?$", re.IGNORECASE)
_PART: Final = re.compile(r"[-_. ]?(part)?[-_. ]?\d+$", re.IGNORECASE)
_OWN: Final = re.compile(r"U\+([0-9A-Fa-f]{1,6})")
_NAMED: Final = {"TAB": "\t", "\\t": "\t", "SPACE": " "}


@dataclass(frozen=True)
class Group:
    """Files that share a header: the first record of the first file."""

    files: tuple[Path, ...]
    header: Header
    names: tuple[str, ...] = ()
    """Labels of the nodes or the type of the relationships, beside what columns say."""
    guessed: bool = False
    """Whether `names` is the file's name, for want of anything better."""
    extra: dict[str, Any] = field(default_factory=dict)
    """What kgmine's own export says about the first file: `key`, `names`, `ones`."""


@dataclass(frozen=True)
class Sources:
    """Everything that is read."""

    nodes: tuple[Group, ...]
    edges: tuple[Group, ...]
    dialect: Dialect
    skip_bad: bool = False
    """Relationships with a missing end are left out with a note."""
    skip_duplicates: bool = False
    """Of nodes with one id the first stays."""
    repeated_headers: bool = False
    """Later files of a group begin with the header, too."""
    roles: Roles | None = None
    """Of a graph that kgmine wrote."""


def character(value: str, option: str) -> str:
    """One ASCII character as the options of neo4j-admin write it: itself, TAB, U+0009.

    Raises: UsageError: it is none.
    """
    found = _NAMED.get(value, value)
    if match := _OWN.fullmatch(found):
        found = chr(int(match[1], 16))
    if len(found) != 1 or not found.isascii():
        raise UsageError(f"{option}: {value!r} is not one ASCII character (TAB and U+0009 are known, too)")
    return found


def find(folder: Path, dialect: Dialect | None = None) -> Sources:
    """The sources of a folder (or of one `*.args` file).

    Args: dialect: how the files are written; None: as the args file says, else commas (tabs in *.tsv).
    Raises: GraphError: no CSV there, a header is wrong, or a file that is named is missing.
    """
    args = [folder] if folder.suffix == ".args" else sorted(folder.glob("*.args"))
    if not folder.exists():
        raise GraphError(f"{folder}: no such folder")
    if len(args) > 1:
        raise GraphError(f"{folder}: several *.args files; name one of them")
    return _from_args(args[0], dialect) if args else _from_folder(folder, dialect)


def _from_args(path: Path, dialect: Dialect | None) -> Sources:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise GraphError(f"{path}: cannot be read ({error})") from error
    options: dict[str, str] = {}
    groups: list[tuple[str, str]] = []
    for option, value in _options(path, text):
        if option in ("--nodes", "--relationships"):
            groups.append((option, value))
        else:
            options[option] = value
    used = dialect or _dialect(options)
    extra = _extra(path, text)
    found: dict[str, list[Group]] = {"--nodes": [], "--relationships": []}
    for option, value in groups:
        head, _, files = value.rpartition("=")
        paths = tuple(p for name in files.split(",") for p in _named(path, name.strip().strip("\"'")))
        names = tuple(filter(None, head.split(":") if option == "--nodes" else [head]))
        header = _header(paths[0], used)
        if header.is_edges != (option == "--relationships"):
            raise GraphError(f"{paths[0]}:1:1: named with {option}, but its header is of the other kind")
        relative = paths[0].relative_to(path.parent).as_posix() if paths[0].is_relative_to(path.parent) else ""
        found[option].append(Group(paths, header, names, extra=extra.get(relative, {})))
    return Sources(
        tuple(found["--nodes"]),
        tuple(found["--relationships"]),
        used,
        skip_bad=_is_on(options, "--skip-bad-relationships"),
        skip_duplicates=_is_on(options, "--skip-duplicate-nodes"),
        repeated_headers=_is_on(options, "--auto-skip-subsequent-headers"),
        roles=roles_of(extra[""]) if "" in extra else None,
    )


def _options(path: Path, text: str) -> Iterator[tuple[str, str]]:
    """Option and value, `--name=value` or `--name value`; what begins with no dash is no option of ours."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    lexer = shlex.shlex("\n".join(lines), posix=True)
    lexer.whitespace_split, lexer.escape, lexer.commenters = True, "", ""
    try:
        words = list(lexer)
    except ValueError as error:
        raise GraphError(f"{path}: {error}") from error
    k = 0
    while k < len(words):
        option, equals, value = words[k].partition("=")
        k += 1
        if not option.startswith("--"):
            continue
        if not equals and k < len(words) and not words[k].startswith("--") and option in _VALUED:
            value = words[k]
            k += 1
        yield option, value


_VALUED: Final = ("--nodes", "--relationships", "--delimiter", "--array-delimiter", "--quote", "--input-encoding")


def _is_on(options: dict[str, str], name: str) -> bool:
    return name in options and options[name].lower() in ("", "true")


def _dialect(options: dict[str, str]) -> Dialect:
    def char(name: str, default: str) -> str:
        return character(options[name], name) if name in options else default

    return Dialect(
        delimiter=char("--delimiter", ","),
        array_delimiter=char("--array-delimiter", ";"),
        quote=char("--quote", '"'),
        encoding=options.get("--input-encoding", "utf-8").lower(),
        escapes=_is_on(options, "--legacy-style-quoting"),
        empty_is_null=_is_on(options, "--ignore-empty-strings"),
        trim=_is_on(options, "--trim-strings"),
        extra_columns=_is_on(options, "--ignore-extra-columns"),
    )


def _extra(path: Path, text: str) -> dict[str, dict[str, Any]]:
    """What kgmine's own export says, by file; under no file, of the whole graph."""
    found: dict[str, dict[str, Any]] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith(COMMENT):
            try:
                row = json.loads(line.removeprefix(COMMENT))
                found[str(row.get("file", ""))] = row
            except (json.JSONDecodeError, AttributeError) as error:
                raise GraphError(f"{path}:{number}:1: damaged line of kgmine ({error})") from error
    return found


def _named(args: Path, name: str) -> list[Path]:
    """The files that an option names: a file, or a pattern over the files of one folder, as the tool reads it."""
    path = args.parent / name
    if path.exists():
        return [path]
    try:
        pattern = re.compile(Path(name).name)
    except re.error:
        pattern = re.compile(re.escape(Path(name).name))
    folder = path.parent
    found = sorted(p for p in folder.iterdir() if pattern.fullmatch(p.name)) if folder.is_dir() else []
    if not found:
        raise GraphError(f"{args}: {name}: no such file")
    return found


def _header(path: Path, dialect: Dialect) -> Header:
    fields = first_record(path, dialect)
    if not fields:
        raise GraphError(f"{path}:1:1: empty, a header was expected")
    return parse([f.text for f in fields], [f"{path}:{f.line}:{f.column}" for f in fields])


def _from_folder(folder: Path, dialect: Dialect | None) -> Sources:
    files = [folder] if folder.is_file() else sorted(p for p in folder.rglob("*") if p.name.endswith(SUFFIXES))
    if not files:
        raise GraphError(f"{folder}: no *.csv there")
    used = dialect or _sniffed(files)
    groups = [_group(name, paths, used) for name, paths in _grouped(files, lambda p: _has_header(p, used))]
    nodes = tuple(group for group in groups if not group.header.is_edges)
    edges = tuple(group for group in groups if group.header.is_edges)
    return Sources(nodes, edges, used)


def _stem(path: Path) -> str:
    return path.name.removesuffix(".gz").rpartition(".")[0]


def _grouped(files: Iterable[Path], has_header: Callable[[Path], bool]) -> Iterator[tuple[str, list[Path]]]:
    """Files by the one that holds their header."""
    groups: dict[tuple[Path, str], list[Path]] = {}
    rest = []
    for path in files:
        if has_header(path):
            match = _HEADER.match(_stem(path))
            groups[path.parent, match["name"] if match and match["name"] else _stem(path)] = [path]
        else:
            rest.append(path)
    for path in rest:
        name = _stem(path)
        for candidate in (name, _PART.sub("", name)):
            if (path.parent, candidate) in groups:
                groups[path.parent, candidate].append(path)
                break
        else:
            raise GraphError(
                f"{path}:1:1: no header: a column with :ID, or columns with :START_ID and :END_ID, are expected"
            )
    for (_, name), paths in groups.items():
        yield name, paths


def _has_header(path: Path, dialect: Dialect) -> bool:
    return is_header([f.text for f in first_record(path, dialect)])


def _group(name: str, paths: list[Path], dialect: Dialect) -> Group:
    header = _header(paths[0], dialect)
    named = header.one("TYPE" if header.is_edges else "LABEL") is not None
    return Group(tuple(paths), header, () if named else (name,), guessed=not named)


def _sniffed(files: list[Path]) -> Dialect:
    """The delimiter that makes headers of most files' first records."""
    first = [Dialect(delimiter=d, array_delimiter=a) for d, a in ((",", ";"), ("\t", ";"), (";", ","), ("|", ";"))]
    return max(first, key=lambda d: sum(len(f) for f in (first_record(p, d) for p in files) if _is(f)))


def _is(fields: list[Any]) -> bool:
    return is_header([f.text for f in fields])
