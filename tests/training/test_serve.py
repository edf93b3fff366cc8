"""A real `transformers serve` and this process give the same answers."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.evaluation.world import export, kgmine
from tests.training import taught, tiny

COUNT = 200


@contextmanager
def serving(model: Path, folder: Path) -> Iterator[str]:
    """`transformers serve` on a free port; its address once it is up."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (folder / "hub").mkdir(parents=True)
    environment = {**os.environ, "HF_HUB_CACHE": str(folder / "hub"), "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "transformers.cli.transformers", "serve", str(model), "--device", "cpu"]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [*command, "--host", "127.0.0.1", "--port", str(port), "--dtype", "float32"],
            env=environment, stdout=log, stderr=log,
        )  # fmt: skip
        try:
            wait(f"http://127.0.0.1:{port}/health", server, folder / "log")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(30)


def wait(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(600):
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except (urllib.error.URLError, OSError):
            assert server.poll() is None, log.read_text()[-2000:]
            time.sleep(0.2)
        else:
            return
    raise AssertionError(log.read_text()[-2000:])


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """An export of 200 questions and a tiny Qwen3 with an output of its own for each."""
    folder = tmp_path_factory.mktemp("serve")
    return export(folder / "export", COUNT), taught.sharpen(tiny.folder(folder / "model"))


@pytest.mark.slow
@pytest.mark.skipif(find_spec("fastapi") is None, reason="transformers[serving] is not installed")
def test_a_real_server_and_this_process_give_the_same_answers(model: tuple[Path, Path], tmp_path: Path) -> None:
    data, base = model
    with serving(base, tmp_path / "server") as url:
        more = ("--server", url, "--model", base, "--max-new-tokens", 16, "--concurrency", 1)
        assert kgmine("evaluate", data, *more, "--out", tmp_path / "served") == 0
    local = ("--model", base, "--max-new-tokens", 16, "--batch", 1, "--device", "cpu", "--precision", "float32")
    assert kgmine("evaluate", data, *local, "--out", tmp_path / "local") == 0
    served, here = (
        [json.loads(line) for line in (tmp_path / name / "outputs.jsonl").read_text().splitlines()]
        for name in ("served", "local")
    )
    assert len(here) == COUNT
    outputs = [row["output"] for row in here]
    assert [row["output"] for row in served] == outputs
    assert [(row["outcome"], row["tokens"]) for row in served] == [(row["outcome"], row["tokens"]) for row in here]
    for theirs, ours in zip(served, here, strict=True):
        if ours["tokens"] < 16:  # an end that is the last token allowed is `length` to the server
            assert theirs["finish"] == ours["finish"] == "stop"
    assert len(set(outputs)) > COUNT // 2
    assert {row["finish"] for row in here} == {"stop", "length"}
