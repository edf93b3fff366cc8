"""Tiny random-initialised students made on the spot: the real architectures and templates, half a million weights."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

SPECIAL = (
    "<|endoftext|>", "<|im_start|>", "<|im_end|>", "<tool_call>", "</tool_call>", "<tool_response>", "</tool_response>",
    "<think>", "</think>", "<|begin_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>", "<|end_of_text|>",
)  # fmt: skip
QWEN_SPLIT = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
TEXTS = (
    "What is the length of day of Mars, in hours? 24.7",
    "Answer with the final answer only.",
    "Work it out step by step, then give the final answer.",
    "1. Mars: length of day = 24.7 hours\nAnswer: 24.7",
    "user system assistant Saturn Titan Jupiter Io moons planet discovered by Christiaan Huygens in 1655",
)
FAMILIES = {
    "qwen3": ("Qwen3ForCausalLM", "Qwen3Config", "<|im_end|>", "<|endoftext|>"),
    "qwen2_5": ("Qwen2ForCausalLM", "Qwen2Config", "<|im_end|>", "<|endoftext|>"),
    "llama3_2": ("LlamaForCausalLM", "LlamaConfig", "<|eot_id|>", "<|end_of_text|>"),
}
"""Chat template (as trl ships it) -> classes, end of turn, padding."""


@cache
def template(name: str) -> str:
    """A chat template as the installed trl ships it."""
    import trl

    return (Path(trl.__file__).parent / "chat_templates" / f"{name}.jinja").read_text(encoding="utf-8")


def tokenizer(family: str = "qwen3", texts: Iterable[str] = TEXTS, vocabulary: int = 600) -> Any:
    """A byte-level BPE with Qwen's way to split, trained on the spot."""
    from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    made = Tokenizer(models.BPE())
    made.normalizer = normalizers.NFC()
    made.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(QWEN_SPLIT), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    made.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary,
        special_tokens=list(SPECIAL),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    made.train_from_iterator(texts, trainer)
    _, _, end, pad = FAMILIES[family]
    wrapped = PreTrainedTokenizerFast(tokenizer_object=made, eos_token=end, pad_token=pad, model_max_length=4096)
    if family == "llama3_2":
        wrapped.bos_token = "<|begin_of_text|>"
    wrapped.chat_template = template(family)
    return wrapped


def model(made: Any, family: str = "qwen3", *, hidden: int = 64, layers: int = 2, seed: int = 0) -> Any:
    """A random-initialised model for a tokenizer; hidden=128 is about half a million weights."""
    import torch
    import transformers

    torch.manual_seed(seed)
    architecture, configuration, _, _ = FAMILIES[family]
    more = {"head_dim": 16} if family == "qwen3" else {}
    config = getattr(transformers, configuration)(
        vocab_size=len(made),
        hidden_size=hidden,
        intermediate_size=3 * hidden,
        num_hidden_layers=layers,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=2048,
        tie_word_embeddings=True,
        bos_token_id=None,
        eos_token_id=made.eos_token_id,
        pad_token_id=made.pad_token_id,
        **more,
    )
    return getattr(transformers, architecture)(config)


def folder(path: Path, family: str = "qwen3", *, texts: Iterable[str] = TEXTS, seed: int = 0, **shape: int) -> Path:
    """A model folder as people have them: config, tokenizer with template, safetensors."""
    made = tokenizer(family, texts)
    model(made, family, seed=seed, **shape).save_pretrained(path)
    made.save_pretrained(path)
    return path
