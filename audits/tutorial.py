"""The commands of docs/templates.md with their real output.

    python -m audits.tutorial PLANETS MOVIES    # run them on these exports and write what they print; `make gallery`

A block ```console is a session: each line after `$ ` is run by bash in a folder where `out` and `movies` are the two
exports and `examples` the repository's, and what it prints follows. The blocks of the page share one folder.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from audits.gallery import GUIDE, ROOT

BLOCK: Final = re.compile(r"(?<=^```console\n)(.*?)(?=^```$)", re.MULTILINE | re.DOTALL)
COMMAND: Final = "from kgmine.cli.main import run; run()"


def run(text: str, planets: Path, movies: Path) -> str:
    """The page with the output of every command as it is now."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for link, target in (("out", planets), ("movies", movies), ("examples", ROOT / "examples")):
            (folder / link).symlink_to(target.resolve())
        tool = folder / ".bin" / "kgmine"
        tool.parent.mkdir()
        tool.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "{COMMAND}" "$@"\n')
        tool.chmod(0o755)
        path = f"{tool.parent}{os.pathsep}{os.environ['PATH']}"
        environment = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
        return BLOCK.sub(lambda block: "".join(_session(block[1], folder, environment)), text)


def _session(block: str, folder: Path, environment: dict[str, str]) -> Iterator[str]:
    for command in re.findall(r"^\$ (.*(?:\n> .*)*)$", block, re.MULTILINE):
        script = command.replace("\n> ", "\n")
        done = subprocess.run(  # noqa: S603 - the page is ours
            ["/bin/bash", "-c", script],
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        yield f"$ {command}\n{done.stdout}"


def main(planets: str, movies: str) -> None:
    """Write the page anew."""
    text = GUIDE.read_text(encoding="utf-8")
    GUIDE.write_text(run(text, Path(planets), Path(movies)), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
