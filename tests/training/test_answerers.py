"""Answers in this process: prompts, ends, batches, draws, contexts, adapters."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from runtime.llm import Decoding
from schemas.conversation import Conversation, Message
from tests.evaluation.world import export, files, kgmine
from training.answerers import Answer, Ask
from training.answerers.local import LocalAnswerer, load
from training.models import weights

WORDS = ("Mars", "Saturn", "Titan", "Io moons", "Christiaan Huygens", "hours", "a planet discovered in 1655 by Huygens")
ASKED = [
    Conversation(
        id=f"q{n}", prompt=(Message(role="user", content=" ".join(WORDS[: n % 7 + 1]) + f" {n}?"),), answer="7"
    )
    for n in range(12)
]


@pytest.fixture(scope="module")
def sharp(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A random model whose logits are spread: its outputs differ, and end at times."""
    import torch

    from tests.training import taught, tiny

    torch.set_num_threads(1)
    path = tiny.folder(tmp_path_factory.mktemp("sharp"))
    taught.sharpen(path)
    (path / "generation_config.json").write_text('{"do_sample": true, "temperature": 5.0, "repetition_penalty": 9.0}')
    return path


def answerer(folder: Path, **more: Any) -> LocalAnswerer:
    decoding = Decoding(**{"max_new_tokens": 12, **more.pop("decoding", {})})
    return load(str(folder), device="cpu", decoding=decoding, **more)


def answered(made: LocalAnswerer, asks: list[Ask], known: frozenset[Any] = frozenset()) -> dict[Any, Answer]:
    return {answer.key: answer for answer in made.answer(asks, known)}


def test_greedy_is_the_argmax_of_each_step_and_ends_where_a_turn_ends(sharp: Path) -> None:
    import torch

    made = answerer(sharp)
    found = answered(made, [Ask(one) for one in ASKED])
    for one in ASKED:
        ids = made.chat.prompt_ids(one, thinking=False)
        new: list[int] = []
        with torch.inference_mode():
            while len(new) < 12 and not (new and new[-1] in made.chat.ends):
                new.append(int(made.model(torch.tensor([ids + new])).logits[0, -1].argmax()))
        answer = found[one.id, 0]
        ended = new[-1] in made.chat.ends
        assert (answer.finish, answer.tokens) == ("stop" if ended else "length", len(new))
        kept = [token for token in new if token not in made.chat.tokenizer.all_special_ids]
        assert answer.output == made.chat.tokenizer.decode(kept).strip()
    assert len({answer.output for answer in found.values()}) > 6


def test_outputs_do_not_depend_on_the_batch_greedy_or_drawn(sharp: Path) -> None:
    for decoding in ({}, {"temperature": 0.8, "top_p": 0.9, "seed": 5}):
        asks = [Ask(one, attempt) for one in ASKED for attempt in range(2)]
        one, many = (answered(answerer(sharp, batch=size, decoding=decoding), asks) for size in (1, 5))
        assert one == many
        assert answered(answerer(sharp, batch=3, decoding=decoding), asks[::-1]) == one


def test_draws_follow_seed_and_attempt_and_the_first_of_more_are_the_first_of_few(sharp: Path) -> None:
    drawn = {"temperature": 1.0, "seed": 1}
    more = answered(answerer(sharp, decoding=drawn), [Ask(ASKED[0], attempt) for attempt in range(6)])
    few = answered(answerer(sharp, decoding=drawn), [Ask(ASKED[0], attempt) for attempt in range(2)])
    assert few == {key: more[key] for key in few}
    assert len({answer.output for answer in more.values()}) > 3
    other = answered(answerer(sharp, decoding={**drawn, "seed": 2}), [Ask(ASKED[0])])
    assert other["q0", 0].output != more["q0", 0].output


def test_draws_have_the_probabilities_of_the_softmax(sharp: Path) -> None:
    """First tokens of 1500 draws against softmax(logits / T) within the nucleus: chi-square below its 99.9 % point."""
    import torch
    from scipy.stats import chisquare

    made = answerer(sharp, batch=500, decoding={"max_new_tokens": 1, "temperature": 6.0, "top_p": 0.6})
    with torch.inference_mode():
        logits = made.model(torch.tensor([made.chat.prompt_ids(ASKED[0], thinking=False)])).logits[0, -1]
    p, order = torch.softmax(logits.double() / 6.0, 0).sort(descending=True)
    inside = int((p.cumsum(0) - p < 0.6).sum())
    counts = dict.fromkeys(order[:inside].tolist(), 0)
    for token in first_tokens(made, 1500):
        counts[token] += 1  # a KeyError is a token outside the nucleus
    expected = [float(p[place] / p[:inside].sum()) * 1500 for place in range(inside)]
    assert inside > 5
    assert chisquare(list(counts.values()), expected).pvalue > 0.001


def first_tokens(made: LocalAnswerer, count: int) -> list[int]:
    """Of draws, as ids (an output may hide a special token)."""
    from unittest.mock import patch

    kept: list[int] = []
    real = LocalAnswerer._answer
    with patch.object(LocalAnswerer, "_answer", lambda self, ask, new: (kept.append(new[0]), real(self, ask, new))[1]):
        list(made.answer([Ask(ASKED[0], attempt) for attempt in range(count)]))
    return kept


def test_what_is_known_is_not_yielded_again(sharp: Path) -> None:
    asks = [Ask(one) for one in ASKED]
    known = frozenset(ask.key for ask in asks[::2])
    whole = answered(answerer(sharp, batch=4), asks)
    rest = answered(answerer(sharp, batch=4), asks, known)
    assert rest == {key: answer for key, answer in whole.items() if key not in known}
    assert answered(answerer(sharp), asks, frozenset(whole)) == {}


def test_a_prompt_longer_than_the_context_is_unanswerable_and_one_that_just_fits_is_not_cut(sharp: Path) -> None:
    made = answerer(sharp)
    length = len(made.chat.prompt_ids(ASKED[3], thinking=False))
    for context, finish in ((length, "unanswerable"), (length + 2, "length")):
        short = LocalAnswerer(model=made.model, chat=made.chat, context=context, decoding=made.decoding, batch=4)
        answer = answered(short, [Ask(ASKED[3]), Ask(ASKED[0])])["q3", 0]
        assert answer.finish == finish
        assert answer.tokens == (0 if finish == "unanswerable" else 2)
    assert answer.reason == ""
    short = LocalAnswerer(model=made.model, chat=made.chat, context=length, decoding=made.decoding)
    (answer,) = short.answer([Ask(ASKED[3])])
    assert answer.reason == f"a prompt of {length} tokens leaves no room in a context of {length}"


def test_an_adapter_of_another_base_and_a_folder_without_weights_are_one_line(
    sharp: Path, qwen3: Path, tmp_path: Path, capsys: Any
) -> None:
    folder, adapter = export(tmp_path / "e", 2), lora(qwen3, tmp_path / "student" / "adapter")
    assert kgmine("evaluate", folder, "--model", sharp, "--adapter", adapter, "--out", tmp_path / "o") == 2
    line = f"{adapter}: trained on another base ({qwen3.name}), not on {sharp}"
    assert capsys.readouterr().err.strip().splitlines()[-1] == f"kgmine: {line}"
    bare = tmp_path / "bare"
    shutil.copytree(sharp, bare)
    (bare / "model.safetensors").unlink()
    assert kgmine("evaluate", folder, "--model", bare, "--out", tmp_path / "p") == 2
    assert "no weights in this folder (*.safetensors)" in capsys.readouterr().err
    assert kgmine("evaluate", folder, "--model", tmp_path / "none", "--out", tmp_path / "q") == 2
    assert (
        capsys.readouterr().err.strip()
        == f"kgmine: {tmp_path / 'none'}: no such folder, and no name of a model on the hub"
    )
    assert not list(tmp_path.glob("[opq]/DONE"))


def lora(base: Path, adapter: Path) -> Path:
    """A LoRA adapter that changes outputs."""
    import torch
    from peft import LoraConfig, get_peft_model

    torch.manual_seed(1)
    made = get_peft_model(
        weights.base(str(base), device="cpu", precision="float32"),
        LoraConfig(r=4, lora_alpha=8, target_modules="all-linear", init_lora_weights=False, task_type="CAUSAL_LM"),
    )
    made.save_pretrained(adapter)
    weights.mark(adapter, str(base))
    return adapter


def test_a_students_folder_brings_adapter_wording_volume_and_log(sharp: Path, tmp_path: Path) -> None:
    from tests.training.test_train import student as trained

    student, folder = tmp_path / "student", export(tmp_path / "e", 4)
    trained(student, sharp, "wording.evidence=true", "wording.target=steps", "optimiser.learning_rate=0.01")
    more = ("--model", sharp, "--max-new-tokens", 8)
    before = ("--out", tmp_path / "before", "--set", "wording.target=steps", "--evidence")
    assert kgmine("evaluate", folder, *more, *before) == 0
    assert kgmine("evaluate", folder, *more, "--adapter", student, "--out", tmp_path / "after") == 0
    about = json.loads((tmp_path / "after" / "evaluation.json").read_text())
    wording = {"evidence": True, "target": "steps", "thinking": False, "system": ""}
    assert about["wording"] == about["trained_wording"] == wording
    assert about["adapter"]["name"] == "student"
    facts = json.loads((student / "student.json").read_text())
    assert about["adapter"]["trained"] == {
        "volume": 12,
        "data_sha256": facts["data"]["sha256"],
        "method": "lora",
        "seed": 0,
        "final_loss": facts["final_loss"],
    }
    assert {"loss.png", "log.jsonl"} < set(files(tmp_path / "after"))
    outputs = [
        [json.loads(line)["output"] for line in (tmp_path / name / "outputs.jsonl").read_text().splitlines()]
        for name in ("before", "after")
    ]
    assert outputs[0] != outputs[1]
    assert str(tmp_path).encode() not in b"".join(files(tmp_path / "after").values())
    assert kgmine("evaluate", folder, *more, "--adapter", student, "--out", tmp_path / "closed", "--closed-book") == 0
    assert (
        "the student was trained with another wording**: evidence True then, False here"
        in (tmp_path / "closed" / "report.md").read_text()
    )


@pytest.mark.slow
def test_a_hub_name_is_found_in_the_cache_and_is_the_same_model_at_the_second_run(sharp: Path, tmp_path: Path) -> None:
    """Read from a cache that is laid out as the hub's; offline."""
    snapshot = tmp_path / "hub" / "models--org--tiny" / "snapshots" / ("a" * 40)
    shutil.copytree(sharp, snapshot)
    (snapshot.parents[1] / "refs").mkdir()
    (snapshot.parents[1] / "refs" / "main").write_text("a" * 40)
    folder, out = export(tmp_path / "e", 3), tmp_path / "o"
    command = ["evaluate", folder, "--model", "org/tiny", "--max-new-tokens", 4, "--out", out]
    environment = {**os.environ, "HF_HUB_CACHE": str(tmp_path / "hub"), "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"}
    code = "from kgmine.cli.main import run; run()"
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", code, *map(str, command)],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
    about = json.loads((out / "evaluation.json").read_text())
    assert about["model"] == {"name": "org/tiny", "identity": weights.identity(str(sharp)), "server": False}


def test_a_student_whose_training_was_stopped_is_not_examined(
    sharp: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    student = tmp_path / "student"
    lora(sharp, student / "adapter")
    (student / "student.json").write_text("{}")
    folder = export(tmp_path / "e", 4)
    assert kgmine("evaluate", folder, "--model", sharp, "--adapter", student, "--out", tmp_path / "o") == 2
    assert f"{student}: this student's training is not done; run its command again" in capsys.readouterr().err
