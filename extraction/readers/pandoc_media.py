"""Images of marked-up documents: from the container, a data URI or the document's own folder, never fetched."""

from __future__ import annotations

import base64
import binascii
import re
import zipfile
import zlib
from pathlib import Path
from typing import Final
from urllib.parse import unquote, unquote_to_bytes

from extraction.readers.assemble import store_blob

MAX_IMAGE: Final = 64 << 20
_DATA: Final = re.compile(r"data:(?P<type>[\w/+.-]*)(?P<more>(?:;[^,;]*)*),(?P<data>.*)", re.DOTALL)
_SCHEME: Final = re.compile(r"^[a-zA-Z][a-zA-Z0-9+.-]*:|^//")


class Media:
    """Finds the bytes behind an image's target. `missing` lists what was not found, `files` what was read beside."""

    def __init__(self, path: Path, blobs: Path) -> None:
        self._path = path
        self._blobs = blobs
        self.missing: list[str] = []
        self.files: list[str] = []
        self._members: dict[str, str] = {}
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                self._members = {name.lower(): name for name in sorted(archive.namelist())}

    def store(self, target: str) -> str | None:
        """sha256 of the image in `blobs`, None where it is remote, missing, empty or above 64 MiB."""
        data = self._data(target)
        if data is None:
            data = self._member(target) if self._members else self._neighbour(target)
        if not data:
            self.missing.append(target[:80])
            return None
        return store_blob(data, self._blobs)

    def _data(self, target: str) -> bytes | None:
        match = _DATA.match(target)
        if match is None or len(target) > 2 * MAX_IMAGE:
            return None
        if "base64" in match["more"]:
            try:
                return base64.b64decode(re.sub(r"\s", "", unquote(match["data"])), validate=False)
            except (binascii.Error, ValueError):
                return b""
        return unquote_to_bytes(match["data"])

    def _member(self, target: str) -> bytes | None:
        wanted = unquote(target).lower().lstrip("./")
        found = self._members.get(wanted) or next(
            (name for key, name in self._members.items() if key.endswith("/" + wanted)), None
        )
        if found is None:
            return None
        with zipfile.ZipFile(self._path) as archive:
            if archive.getinfo(found).file_size > MAX_IMAGE:
                return None
            try:
                return archive.read(found)
            except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError):
                return None

    def _neighbour(self, target: str) -> bytes | None:
        if _SCHEME.match(target) or "\0" in target:
            return None
        root = self._path.parent.resolve()
        try:
            file = (root / unquote(target.partition("?")[0].partition("#")[0])).resolve()
            if not file.is_relative_to(root) or not file.is_file() or file.stat().st_size > MAX_IMAGE:
                return None
            data = file.read_bytes()
        except (OSError, RuntimeError):
            # A name too long for the file system, or a loop of symbolic links.
            return None
        self.files.append(file.relative_to(root).as_posix())
        return data
