"""A full disk is one line, whichever library met it."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from schemas.errors import KgmineError

FULL = {errno.ENOSPC, errno.EFBIG, errno.EDQUOT}
# safetensors and torch.save have no error number to offer
_SAID = ("No space left on device", "File too large", "Disk quota exceeded", "PytorchStreamWriter failed")


@contextmanager
def room(folder: Path) -> Iterator[None]:
    """Whatever is written under a folder.

    Raises: KgmineError: the disk is full; what was half written is no result, and the next run goes on.
    """
    from safetensors import SafetensorError

    try:
        yield
    except (OSError, RuntimeError, SafetensorError) as error:
        if getattr(error, "errno", None) not in FULL and not any(said in str(error) for said in _SAID):
            raise
        raise KgmineError(
            f"{folder}: the disk is full; make room and run the same command again, it goes on from the last whole "
            "checkpoint"
        ) from None


@contextmanager
def whole(folder: Path) -> Iterator[Path]:
    """A folder that is whole or absent: yields where to write, and renames it in the end."""
    partial = folder.with_name(f".{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    try:
        yield partial
        shutil.rmtree(folder, ignore_errors=True)
        partial.replace(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)  # of what failed: the disk may be full of it
