"""Bad input to `kgmine train`: one clear line, and nothing half-written counts as done."""

from __future__ import annotations

import json
import os
import re
import resource
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.training.test_train import SMALL, contents, export

ROOT = Path(__file__).parents[2]
KGMINE = "from kgmine.cli.main import run; run()"


def command(source: Path, base: Path, out: Path, *more: str) -> list[str]:
    sets = [word for change in SMALL for word in ("--set", change)]
    plain = [] if "--backend" in more else ["--backend", "plain"]
    return ["train", str(source), "--model", str(base), "--out", str(out), *sets, *plain, *more]


def refused(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> tuple[int, str]:
    """Exit code and the one line."""
    from kgmine.cli.main import run

    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        run(arguments)
    last = capsys.readouterr().err.splitlines()[-1]
    assert last.startswith("kgmine: ")
    return int(str(ended.value.code)), last.removeprefix("kgmine: ")


def altered(base: Path, folder: Path, **config: Any) -> Path:
    shutil.copytree(base, folder)
    path = folder / "config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **config}))
    return folder


def test_what_is_asked_for_and_cannot_be(tmp_path: Path, qwen3: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import torch

    source = export(tmp_path / "export")
    (tmp_path / "export" / "data" / "dev.jsonl").touch()
    (tmp_path / "file").touch()
    untaught = altered(qwen3, tmp_path / "untaught")
    (untaught / "chat_template.jinja").unlink()
    short = altered(qwen3, tmp_path / "short", max_position_embeddings=24)
    tiny = altered(qwen3, tmp_path / "tiny", vocab_size=40)
    if torch.cuda.is_available():
        pytest.skip("this machine has CUDA")

    def said(*more: str, base: Path = qwen3, out: str = "s", splits: Path = source) -> str:
        code, line = refused(capsys, command(splits, base, tmp_path / out, *more))
        assert code == 2
        assert not (tmp_path / out).is_dir(), "something was written"
        return line.replace(f"{tmp_path}/", "")

    assert said(base=untaught) == (
        "untaught: its tokenizer has no chat template, so there is no telling how it is asked; take the instruct variant "
        "of the model, or put a chat_template.jinja into its folder"
    )
    assert re.fullmatch(
        r"the slice is empty: all 12 samples were dropped: context 12; the first: \d\d tokens, more than the model's "
        r"context of 24",
        said(base=short),
    )
    assert said(base=tmp_path / "nowhere").startswith("nowhere: no usable tokenizer: ")
    assert said(base=tiny).endswith("tokenizer and config.json do not belong together")
    assert said("--device", "cuda") == (
        f"--device cuda: this machine has no CUDA device that torch {torch.__version__} can use"
    )
    assert said("--set", "method=qlora") == (
        "method: qlora needs CUDA (4-bit weights run there only), and this is a CPU; take `method: lora`"
    )
    assert said("--set", "lora.rnak=3") == "recipe: lora.rnak: unknown key"
    assert said("--set", "slice.split=dev") == "export/data/dev.jsonl: no row of split `dev`"
    assert said("--set", "replay.rows=own.jsonl", "--set", "replay.share=0.5") == (
        "own.jsonl: no such file (`replay.rows`)"
    )
    assert said(out="file") == "file: is a file; --out names a folder"


def test_an_answer_longer_than_the_context_says_how_long(
    tmp_path: Path, qwen3: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = export(tmp_path / "export", 1)
    path = source / "data" / "train.jsonl"
    path.write_text(path.read_text().replace('"answer":"100"', f'"answer":"{"1 2 " * 40}"'))
    short = altered(qwen3, tmp_path / "short", max_position_embeddings=64)
    _, line = refused(capsys, command(source, short, tmp_path / "s"))
    assert line == (
        "the slice is empty: all 1 samples were dropped: context 1; the first: its answer alone has 161 tokens, more "
        "than the model's context of 64"
    )


def test_a_folder_that_holds_something_else_is_left_alone(
    tmp_path: Path, qwen3: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from kgmine.cli.main import run

    source = export(tmp_path / "export")
    code, line = refused(capsys, command(source, qwen3, source))
    assert (code, line) == (2, f"{source}: is not empty and no student's folder; take another --out")
    _, line = refused(capsys, command(source, qwen3, source, "--volumes", "3"))
    assert line == f"{source}: holds something else than volumes; take another --out"
    with pytest.raises(SystemExit) as ended:
        run(command(source, qwen3, tmp_path / "s"))
    assert ended.value.code == 0
    before = contents(tmp_path / "s")
    for more, what in (
        (["--set", "lora.rank=2"], "lora.rank"),
        (["--set", "slice.top=5"], "data.rows, data.samples, data.sha256"),
        (["--seed", "1"], "seed"),
    ):
        _, line = refused(capsys, command(source, qwen3, tmp_path / "s", *more))
        assert line == f"{tmp_path}/s: holds another student (other {what}); take another --out, or delete it"
    other = altered(qwen3, tmp_path / "other", rope_theta=5.0)
    _, line = refused(capsys, command(source, other, tmp_path / "s"))
    assert line.startswith(f"{tmp_path}/s: holds another student (other base.identity, base.name); ")
    assert contents(tmp_path / "s") == before


def test_weights_that_are_not_whole_are_refused(
    tmp_path: Path, qwen3: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from safetensors.torch import load_file, save_file

    source = export(tmp_path / "export")
    less, cut = altered(qwen3, tmp_path / "less"), altered(qwen3, tmp_path / "cut")
    tensors = load_file(less / "model.safetensors")
    tensors.pop("model.layers.1.mlp.up_proj.weight")
    save_file(tensors, less / "model.safetensors", metadata={"format": "pt"})
    _, line = refused(capsys, command(source, less, tmp_path / "s"))
    assert line == (
        f"{less}: 1 tensors are missing from its weights, the first is model.layers.1.mlp.up_proj.weight; the download "
        "is not whole, or config.json is of another model"
    )
    path = cut / "model.safetensors"
    path.write_bytes(path.read_bytes()[:5000])
    _, line = refused(capsys, command(source, cut, tmp_path / "t"))
    assert line.startswith(f"{cut}: no usable weights: ")
    assert not (tmp_path / "s" / "DONE").exists()


def test_lora_targets_that_the_model_lacks_are_named(
    tmp_path: Path, qwen3: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = export(tmp_path / "export")
    code, line = refused(capsys, command(source, qwen3, tmp_path / "s", "--set", "lora.targets=[wq, wk]"))
    assert code == 2
    assert line.startswith("lora.targets: ")
    assert "wq" in line


def test_an_adapter_of_another_base_is_refused(tmp_path: Path, qwen3: Path) -> None:
    from training.models import weights

    other = altered(qwen3, tmp_path / "other", rope_theta=5.0)
    adapter = tmp_path / "adapter"
    adapter.mkdir()
    (adapter / "adapter_config.json").write_text("{}")
    weights.mark(adapter, str(qwen3))
    with pytest.raises(weights.WeightsError) as error:
        weights.with_adapter(None, adapter, str(other))
    assert str(error.value) == f"{adapter}: trained on another base ({qwen3.name}), not on {other}"


def limited(size: int) -> Any:
    """Files of this process end at so many bytes: writing more fails as a full disk does."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


@pytest.mark.slow
@pytest.mark.parametrize(("backend", "what"), [("plain", "adapter"), ("trl", "checkpoint"), ("plain", "checkpoint")])
def test_a_full_disk_is_one_line_and_the_next_run_goes_on(tmp_path: Path, qwen3: Path, backend: str, what: str) -> None:
    from kgmine.cli.main import run

    source = export(tmp_path / "export")
    # an adapter of rank 4 has 40 kB; its optimiser states twice that
    every = ("--set", "save_every=2") if what == "checkpoint" else ()
    arguments = command(source, qwen3, tmp_path / "s", "--backend", backend, *every)
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-c", KGMINE, *arguments],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False, preexec_fn=limited(30_000),
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert done.stderr.splitlines()[-1] == (
        f"kgmine: {tmp_path}/s: the disk is full; make room and run the same command again, it goes on from the last "
        "whole checkpoint"
    ).replace("/s:", "/s/adapter:" if what == "adapter" else "/s:")
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "s" / "DONE").exists()
    assert not (tmp_path / "s" / "adapter").exists()
    for out in ("s", "undisturbed"):
        with pytest.raises(SystemExit) as ended:
            run(command(source, qwen3, tmp_path / out, "--backend", backend, *every))
        assert ended.value.code == 0
    again, never = contents(tmp_path / "s"), contents(tmp_path / "undisturbed")
    for name in ("student.json", "README.md"):  # they say the command, and with it the folder
        again[name] = again[name].replace(b"--out s", b"--out undisturbed")
    assert again == never
