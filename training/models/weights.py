"""Weights from a local folder or a hub name: what is wrong with them is one line, and nothing that they bring is run.

Only safetensors are read (a pickle can run code), and `trust_remote_code` stays off.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Literal

from runtime.artefacts import fingerprint, read_json, write_json
from schemas.errors import UsageError

Precision = Literal["bf16", "float32"]
ORIGIN: Final = "kgmine.json"
"""In an adapter's folder: which base it was trained on."""
_EDGE: Final = 1 << 20


class WeightsError(UsageError):
    """A model, tokenizer or adapter that cannot be used."""


def needed(what: str = "training") -> None:
    """Raises UsageError where torch and its kin are not installed."""
    from importlib.util import find_spec

    missing = [name for name in ("torch", "transformers", "peft") if find_spec(name) is None]
    if missing:
        raise UsageError(f"{what} needs {', '.join(missing)}: pip install 'kgmine[train]'")


def device_of(asked: str) -> str:
    """`cpu` or `cuda`.

    Args:
        asked: auto, cpu, cuda or cuda:N.
    Raises: UsageError: CUDA is asked for and absent.
    """
    import torch

    if asked == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    if asked.startswith("cuda") and not torch.cuda.is_available():
        raise UsageError(f"--device {asked}: this machine has no CUDA device that torch {torch.__version__} can use")
    return asked


def precision_of(asked: str, device: str) -> Precision:
    """auto: bf16 on CUDA, float32 on a CPU."""
    if asked == "auto":
        return "bf16" if device.startswith("cuda") else "float32"
    return "bf16" if asked == "bf16" else "float32"


def tokenizer(name: str) -> Any:
    """The tokenizer of a model, padding on the left as batched generation needs it."""
    from transformers import AutoTokenizer

    with _said(name, "tokenizer"):
        found = AutoTokenizer.from_pretrained(name)
    found.padding_side = "left"
    if found.pad_token_id is None:
        found.pad_token = found.eos_token
    return found


def config(name: str) -> Any:
    """The architecture of a causal language model."""
    from transformers import AutoConfig

    with _said(name, "configuration"):
        return AutoConfig.from_pretrained(name)


def base(name: str, *, device: str, precision: Precision, quantised: bool = False) -> Any:
    """A causal language model in evaluation mode.

    Args:
        name: folder or hub name.
        device: see `device_of`.
        precision: of the weights.
        quantised: in 4 bits (NF4), on CUDA only.
    Raises: WeightsError: no weights, damaged weights, or another kind of model.
    """
    import torch
    from transformers import AutoModelForCausalLM

    check(name)
    dtype = torch.bfloat16 if precision == "bf16" else torch.float32
    more: dict[str, Any] = {"quantization_config": four_bits(), "device_map": {"": device}} if quantised else {}
    with _said(name, "weights"):
        model, found = AutoModelForCausalLM.from_pretrained(
            name, dtype=dtype, use_safetensors=True, output_loading_info=True, **more
        )
    if missing := sorted(found["missing_keys"]):
        raise WeightsError(
            f"{name}: {len(missing)} tensors are missing from its weights, the first is {missing[0]}; the download is "
            "not whole, or config.json is of another model"
        )
    return (model if quantised else model.to(device)).eval()


def check(name: str) -> None:
    """Raises WeightsError: a folder without weights."""
    folder = Path(name)
    if folder.is_dir() and not any(folder.glob("*.safetensors")):
        raise WeightsError(
            f"{name}: no weights in this folder (*.safetensors); only config and tokenizer do not suffice"
        )


def four_bits() -> Any:
    """NF4 with double quantisation, computing in bf16 (Dettmers et al. 2023, arXiv 2305.14314, section 3)."""
    import torch
    from transformers import BitsAndBytesConfig

    return BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=torch.bfloat16,
    )


def with_adapter(model: Any, adapter: Path, name: str) -> Any:
    """The model with an adapter on it.

    Args:
        model: of `base`.
        adapter: PEFT folder.
        name: of the base, for the check that the adapter was trained on it.
    Raises: WeightsError: no adapter, a damaged one, or one of another base.
    """
    from peft import PeftModel

    if not (adapter / "adapter_config.json").exists():
        raise WeightsError(f"{adapter}: no adapter in this folder (adapter_config.json)")
    if (adapter / ORIGIN).exists():
        origin = read_json(adapter / ORIGIN)
        if origin["base"] != identity(name):
            raise WeightsError(f"{adapter}: trained on another base ({origin['name']}), not on {name}")
    with _said(str(adapter), f"adapter for {name}"):
        return PeftModel.from_pretrained(model, str(adapter)).eval()


def mark(adapter: Path, name: str) -> None:
    """Write into an adapter's folder which base it belongs to."""
    write_json(adapter / ORIGIN, {"name": called(name), "base": identity(name)})


def called(name: str) -> str:
    """A base as others may know it: a hub name as it is, of a folder its name, not the path on this machine."""
    return Path(name).resolve().name if Path(name).is_dir() else name


def fetch(name: str) -> None:
    """Bring a hub model into the local cache, so that `identity` sees its weights; a folder is there already.

    Raises: WeightsError: no such folder, and no model of this name in the cache or on the hub.
    """
    if Path(name).is_dir():
        return
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError

    with _said(name, "weights"):
        try:
            snapshot_download(name, allow_patterns=["*.json", "*.safetensors", "*.jinja", "*.txt", "*.model"])
        except HFValidationError:
            raise WeightsError(f"{name}: no such folder, and no name of a model on the hub") from None


def identity(name: str) -> str:
    """What a base is: of its configuration, vocabulary and weights (head and tail of each file, which hold the
    tensors' names, shapes and some values); 16 hex characters.
    """
    parts = [(path.name, path.stat().st_size, _edges(path)) for path in _files(name)]
    return fingerprint(parts) if parts else fingerprint(name)


def _files(name: str) -> list[Path]:
    folder = Path(name)
    if not folder.is_dir():
        from transformers.utils import cached_file

        found = cached_file(name, "config.json", _raise_exceptions_for_missing_entries=False, local_files_only=True)
        if not found:
            return []
        folder = Path(found).parent
    named = [folder / "config.json", folder / "tokenizer.json", *sorted(folder.glob("*.safetensors"))]
    return [path for path in named if path.exists()]


def _edges(path: Path) -> str:
    with path.open("rb") as data:
        digest = hashlib.sha256(data.read(_EDGE))
        if path.stat().st_size > 2 * _EDGE:
            data.seek(-_EDGE, os.SEEK_END)
            digest.update(data.read())
    return digest.hexdigest()


@contextmanager
def _said(name: str, what: str) -> Iterator[None]:
    """What transformers, peft and safetensors raise, in one line."""
    from safetensors import SafetensorError

    try:
        yield
    except (OSError, ValueError, KeyError, RuntimeError, ImportError, SafetensorError) as error:
        lines = [line.strip() for line in str(error).splitlines() if line.strip()] or [type(error).__name__]
        raise WeightsError(f"{name}: no usable {what}: {lines[0][:300]}") from None
