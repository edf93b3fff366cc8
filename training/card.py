"""The model card: what the student is, on what it was trained and how, and what it cannot be trusted with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml


def card(facts: Mapping[str, Any]) -> str:
    """README.md of a student.

    Args: facts: what student.json says.
    """
    parts = [_front(facts), _opening(facts), _data(facts), _how(facts), _use(facts), _limits(facts)]
    return "\n\n".join(parts) + "\n"


def _front(facts: Mapping[str, Any]) -> str:
    full = facts["recipe"]["method"] == "full"
    front: dict[str, Any] = {
        "base_model": facts["base"]["name"],
        "library_name": "transformers" if full else "peft",
        "pipeline_tag": "text-generation",
        "tags": ["kgmine", "sft", *([] if full else ["lora"]), "knowledge-graph", "synthetic"],
    }
    if facts["languages"]:
        front["language"] = facts["languages"]
    return f"---\n{yaml.safe_dump(front, sort_keys=False, allow_unicode=True)}---"


def _opening(facts: Mapping[str, Any]) -> str:
    what = {"full": "all weights", "lora": "a LoRA adapter", "qlora": "a LoRA adapter over a base in 4 bits"}
    data, wording = facts["data"], facts["recipe"]["wording"]
    own = f" and {data['own']:,} rows of the user's own" if data["own"] else ""
    book = "with the evidence before the question" if wording["evidence"] else "closed book (without the evidence)"
    target = "the answer alone"
    if wording["target"] == "steps":
        target = "the steps of the derivation" + (" as thinking" if wording["thinking"] else "") + ", then the answer"
    return (
        f"# A student of {facts['base']['name']}\n\n{facts['base']['name']} tuned by kgmine "
        f"({what[facts['recipe']['method']]}) on {data['samples']:,} question-answer samples{own}; asked {book}, it "
        f"was taught to say {target}."
    )


def _data(facts: Mapping[str, Any]) -> str:
    data, part, rule = facts["data"], facts["slice"]["report"], facts["slice"]["rule"]
    said = ", ".join(f"{key} {value}" for key, value in rule.items() if value not in ({}, [], None))
    rows = [f"| rows | {data['rows']:,} |", f"| sha256 of data/rows.jsonl | `{data['sha256']}` |"]
    if part["read"]:
        dropped = ", ".join(f"{check} {count}" for check, count in part["dropped"].items()) or "none"
        rows += [
            f"| slice rule | {said} |",
            f"| samples read, in the slice, trained on | {part['read']:,}, {part['kept']:,}, {part['used']:,} |",
            f"| dropped | {dropped} |",
            f"| tasks | {', '.join(f'{name} {count}' for name, count in part['tasks'].items())} |",
            f"| largest task | {part['largest_task_share']:.1%} |",
            f"| largest document | {part['largest_document_share']:.1%} |",
        ]
    if data["own"]:
        rows.append(f"| own rows (share asked for) | {data['own']:,}, {data['share']:.1%} ({data['asked']:.1%}) |")
    rows.append(f"| tokens an epoch: prompt, target | {facts['tokens']['prompt']:,}, {facts['tokens']['target']:,} |")
    table = "\n".join(rows)
    return f"## Data\n\n| | |\n|---|---|\n{table}"


def _how(facts: Mapping[str, Any]) -> str:
    rule, size = facts["recipe"]["optimiser"], facts["parameters"]
    rows = [
        f"| backend, precision | {facts['backend']}, {facts['precision']} |",
        f"| trained weights | {size['trainable']:,} (base {size['base']:,}) |",
        f"| steps (rows each), warm-up | {facts['steps']:,} ({rule['batch']}), {facts['warmup']} |",
        f"| learning rate | {rule['learning_rate']:g}, cosine |",
        f"| loss of the first, last step (nats a token) | {facts['first_loss']:.4f}, {facts['final_loss']:.4f} |",
        f"| seed | {facts['seed']} |",
        f"| versions | {', '.join(f'{name} {number}' for name, number in facts['versions'].items())} |",
    ]
    if facts["lora_scale"] is not None:
        lora = facts["recipe"]["lora"]
        said = f"{lora['rank']}, {lora['alpha']}, {lora['dropout']:g}"
        rows.insert(2, f"| LoRA rank, alpha, dropout; scale | {said}; {facts['lora_scale']:g} |")
    table = "\n".join(rows)
    return f"## Training\n\n`{facts['command']}`\n\n| | |\n|---|---|\n{table}"


def _use(facts: Mapping[str, Any]) -> str:
    base, thinking = facts["base"]["name"], facts["recipe"]["wording"]["thinking"]
    load = (
        'model = AutoModelForCausalLM.from_pretrained("model")'
        if facts["recipe"]["method"] == "full"
        else f'model = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained("{base}"), "adapter")'
    )
    return (
        f"## Use\n\n```python\n{load}\n```\n\nAsk as it was taught (`data/rows.jsonl` has the prompts): with the "
        f"base's own chat template and `enable_thinking={thinking}` where the template knows it. `kgmine evaluate` "
        "does so."
    )


def _limits(facts: Mapping[str, Any]) -> str:
    named = ", ".join(facts["licenses"]) or "not stated"
    own = (
        "\n* The user's own rows were taken as they are; nothing proves them, and their licence is the user's to know."
        if facts["data"]["own"]
        else ""
    )
    return (
        "## Limits\n\n"
        "* The samples' answers are computed and checked against the corpus. They are as good as the corpus is: what "
        "the documents state wrongly, or state no longer truly, was learnt as stated.\n"
        "* A low loss is no measure of knowledge. Only a comparison with the base on held-out splits is "
        "(`kgmine evaluate --compare`); facts that no row states cannot be expected.\n"
        "* What the base could do before may have suffered; replay of own rows counters it, and is to be measured, too."
        f"{own}\n"
        f"* Licence of the corpus rows: {named}. It may bind what is made from them, beside the licence of "
        f"{facts['base']['name']}."
    )
