"""kill -9 at any time, the same command again: the same bytes as without."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.training.test_train import contents, export
from tests.training.test_train_refuses import KGMINE, ROOT, command
from training.backends import checkpoints
from training.backends.log import read

STEPS = 60
EVERY = ("--set", f"optimiser.max_steps={STEPS}", "--set", "save_every=3")


def killed_after(arguments: list[str], log: Path, steps: int) -> int:
    """Start, wait for so many logged steps, kill -9; how many were logged in the end."""
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"}
    process = subprocess.Popen(
        [sys.executable, "-c", KGMINE, *arguments], cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True
    )
    end = time.monotonic() + 300
    while len(read(log)) < steps:
        assert process.poll() is None, process.stderr and process.stderr.read()
        assert time.monotonic() < end
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert process.returncode == -signal.SIGKILL
    return len(read(log))


@pytest.mark.slow
@pytest.mark.parametrize(("backend", "method"), [("plain", "lora"), ("trl", "lora"), ("trl", "full")])
def test_a_killed_run_goes_on_to_the_same_bytes(tmp_path: Path, qwen3: Path, backend: str, method: str) -> None:
    from kgmine.cli.main import run

    source = export(tmp_path / "export")

    def arguments(parent: str) -> list[str]:
        more = ("--backend", backend, "--set", f"method={method}")
        return command(source, qwen3, tmp_path / parent / "s", *EVERY, *more)

    def finished(parent: str) -> dict[str, bytes]:
        with pytest.raises(SystemExit) as ended:
            run(arguments(parent))
        assert ended.value.code == 0
        return contents(tmp_path / parent / "s")

    out = tmp_path / "killed" / "s"
    logged = killed_after(arguments("killed"), out / "log.jsonl", 10)
    assert 10 <= logged < STEPS
    assert not (out / "DONE").exists()
    half = checkpoints.place(out / "checkpoints", 59)  # as a kill in the middle of saving leaves it
    half.mkdir()
    (half / "adapter_model.safetensors").write_bytes(b"\0" * 10)
    last = checkpoints.latest(out / "checkpoints")
    assert last is not None, "no whole checkpoint"
    assert checkpoints.steps_of(last) >= 6
    assert not half.exists()
    begun = starts(out, arguments("killed"))
    assert begun == checkpoints.steps_of(last), "it did not go on from the last whole checkpoint"
    assert finished("killed") == finished("undisturbed")


def starts(out: Path, arguments: list[str]) -> int:
    """Steps that a second run, killed at once too, keeps of the first."""
    found: list[int] = []

    class Stop(KeyboardInterrupt):
        pass

    def resume(_: Any, steps: int) -> None:
        found.append(steps)
        raise Stop

    from kgmine.cli.main import run
    from training.backends.log import Log

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Log, "resume", resume)
        with pytest.raises((Stop, SystemExit)):
            run(arguments)
    return found[0]


def test_only_a_sealed_checkpoint_is_whole_and_older_ones_go(tmp_path: Path) -> None:
    for steps in (3, 6, 9):
        checkpoints.place(tmp_path, steps).mkdir()
        (checkpoints.place(tmp_path, steps) / "weights").write_text("w")
    assert checkpoints.latest(tmp_path / "none") is None
    checkpoints.seal(checkpoints.place(tmp_path, 3))
    assert checkpoints.latest(tmp_path) == checkpoints.place(tmp_path, 3)
    assert [path.name for path in tmp_path.iterdir()] == ["checkpoint-3"]  # 6 and 9 were half-written
    checkpoints.place(tmp_path, 12).mkdir()
    checkpoints.seal(checkpoints.place(tmp_path, 12))
    assert [path.name for path in tmp_path.iterdir()] == ["checkpoint-12"]


def test_a_log_that_a_kill_cut_off_goes_on_at_its_checkpoint(tmp_path: Path) -> None:
    from runtime.progress import Progress
    from training.backends.log import Log
    from training.recipe import Optimiser
    from training.rows import order
    from training.rows.lines import Line

    rule = Optimiser(batch=1, micro_batch=1, epochs=1)
    lines: list[Any] = [Line(ids=[0] * n, prompt=1) for n in (3, 5, 7)]
    made = order.schedule(3, rule, 0)

    def log(name: str) -> Log:
        return Log(tmp_path / name, made, lines, 1e-4, Progress("train", 3))

    whole, cut = log("whole"), log("cut")
    whole.resume(0)
    cut.resume(0)
    for step in range(3):
        whole.step(step, loss=1 / (step + 1), grad_norm=0.5)
    for step in range(2):
        cut.step(step, loss=1 / (step + 1), grad_norm=0.5)
    with (tmp_path / "cut").open("a") as out:
        out.write('{"step": 3, "lo')
    again = log("cut")
    again.resume(1)
    for step in (1, 2):
        again.step(step, loss=1 / (step + 1), grad_norm=0.5)
    assert (tmp_path / "cut").read_text() == (tmp_path / "whole").read_text()
