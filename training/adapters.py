"""What was trained, on disk: saved so that equal weights give equal bytes, merged, read back and compared."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from runtime.artefacts import read_json, write_json
from schemas.errors import KgmineError
from training import disk
from training.models import weights
from training.models.weights import Precision
from training.rows.lines import Line, padded

BOUNDS: Final = {"float32": 1e-4, "bf16": 0.05}
"""Largest difference of a logit after merging, as a share of the largest logit (at least 1): sums are taken in another
order, and bf16 keeps eight bits of a merged weight."""
PROBES: Final = 4
"""Rows that models are compared on."""


def save(model: Any, folder: Path, base: str) -> None:
    """An adapter as a PEFT folder, marked with the base it belongs to; whole or absent."""
    with disk.room(folder), disk.whole(folder) as partial:
        model.save_pretrained(str(partial), safe_serialization=True)
        (partial / "README.md").unlink(missing_ok=True)  # PEFT's empty card; the student has one
        path = partial / "adapter_config.json"
        config = read_json(path)
        # sets come in any order, and a path says nothing on another machine
        settled = {key: sorted(value) if isinstance(value, list) else value for key, value in config.items()}
        write_json(path, {**settled, "base_model_name_or_path": weights.called(base)})
        weights.mark(partial, base)


def save_model(model: Any, tokenizer: Any, folder: Path, precision: Precision) -> None:
    """A plain model that `transformers` loads, in the training precision; whole or absent."""
    with disk.room(folder), disk.whole(folder) as partial:
        _write(model, tokenizer, partial, precision)


def merge(
    base: str, adapter: Path, merged: Path, lines: Sequence[Line], *, device: str, precision: Precision
) -> tuple[float, float]:
    """Put an adapter into its base for good, read the result back and compare.

    Args:
        base: folder or hub name.
        adapter: PEFT folder.
        merged: where to; it is there afterwards only if it answers as base and adapter do.
        lines: rows to compare on.
        device: where to compute.
        precision: of the merged weights.
    Returns: the largest difference of a logit, and the bound that it had to keep.
    Raises: KgmineError: it is larger. WeightsError: see `weights.with_adapter`.
    """
    tokenizer = weights.tokenizer(base)
    pad = int(tokenizer.pad_token_id)
    model = weights.with_adapter(weights.base(base, device=device, precision=precision), adapter, base)
    before = logits(model, lines, pad, device)
    with disk.room(merged), disk.whole(merged) as partial:
        _write(model.merge_and_unload(), tokenizer, partial, precision)
        del model
        gc.collect()
        after = logits(weights.base(str(partial), device=device, precision=precision), lines, pad, device)
        difference = float((before - after).abs().max())
        bound = BOUNDS[precision] * max(1.0, float(before.abs().max()))
        if not difference <= bound:
            raise KgmineError(
                f"{merged}: the merged model differs from base and adapter by {difference:.3g} in a logit, more than "
                f"{bound:.3g}; it was not kept"
            )
    return difference, bound


def _write(model: Any, tokenizer: Any, folder: Path, precision: Precision) -> None:
    import torch

    model.to(torch.bfloat16 if precision == "bf16" else torch.float32).save_pretrained(str(folder))
    tokenizer.padding_side = "right"  # as it came
    tokenizer.save_pretrained(str(folder))


def logits(model: Any, lines: Sequence[Line], pad: int, device: str) -> Any:
    """Of a few rows, where there are tokens. shape: (tokens, vocabulary), float32, on the CPU."""
    import torch

    batch = {key: torch.from_numpy(value).to(device) for key, value in padded(lines[:PROBES], pad).items()}
    with torch.no_grad():
        made = model.eval()(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"], use_cache=False)
    return made.logits[batch["attention_mask"].bool()].float().cpu()
