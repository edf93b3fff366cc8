"""Answers by `transformers` in this process.

Sampling is the Gumbel-max trick (Maddison et al. 2014, "A* Sampling") with noise that question, attempt and step
decide: an exact draw from softmax(logits / temperature) within the nucleus, whatever else is in the batch.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any, final

from runtime.llm import Decoding
from schemas.errors import UsageError
from training.answerers import Answer, Ask, Key, draw_seed
from training.models.chat import Chat

_THOUGHT = ("<think>", "</think>")


@dataclass(frozen=True, slots=True)
class _Asked:
    ask: Ask
    ids: list[int]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class LocalAnswerer:
    """A causal language model with its chat template."""

    model: Any
    """In evaluation mode, adapter included."""
    chat: Chat
    context: int
    """Tokens of prompt and answer that the model was made for."""
    decoding: Decoding = field(default_factory=Decoding)
    batch: int = 1
    """Prompts at once; padded on the left, which in float32 moves logits by about 1e-6."""

    def answer(self, asks: Sequence[Ask], known: AbstractSet[Key] = frozenset()) -> Iterator[Answer]:
        """See `Answerer.answer`; prompts of like length share a batch."""
        on = self.chat.thinking and self.chat.thinks
        asked = [_Asked(ask, self.chat.prompt_ids(ask.conversation, thinking=on)) for ask in asks]
        for row in asked:
            if len(row.ids) >= self.context and row.ask.key not in known:
                yield self._too_long(row)
        fitting = sorted((row for row in asked if len(row.ids) < self.context), key=lambda row: -len(row.ids))
        for start in range(0, len(fitting), self.batch):
            batch = fitting[start : start + self.batch]
            if any(row.ask.key not in known for row in batch):
                yield from (answer for answer in self._batch(batch) if answer.key not in known)

    def _too_long(self, row: _Asked) -> Answer:
        reason = f"a prompt of {len(row.ids):,} tokens leaves no room in a context of {self.context:,}"
        return Answer(
            id=row.ask.key[0], attempt=row.ask.attempt, output=None, finish="unanswerable", reason=reason, tokens=0
        )

    def _batch(self, batch: Sequence[_Asked]) -> Iterator[Answer]:
        import torch

        width = max(len(row.ids) for row in batch)
        pad = self.chat.tokenizer.pad_token_id
        ids = torch.tensor([[pad] * (width - len(row.ids)) + row.ids for row in batch], device=self.model.device)
        mask = torch.tensor(
            [[0] * (width - len(row.ids)) + [1] * len(row.ids) for row in batch], device=self.model.device
        )
        rooms = [min(self.decoding.max_new_tokens, self.context - len(row.ids)) for row in batch]
        try:
            with torch.inference_mode():
                out = self.model.generate(
                    input_ids=ids,
                    attention_mask=mask,
                    generation_config=self._generation(max(rooms)),
                    logits_processor=self._processors(batch),
                )
        except torch.OutOfMemoryError:
            raise UsageError(
                f"{len(batch)} prompts of up to {width:,} tokens do not fit the device at once: take a smaller --batch"
            ) from None
        for row, room, new in zip(batch, rooms, out[:, width:].tolist(), strict=True):
            yield self._answer(row.ask, new[:room])

    def _answer(self, ask: Ask, new: list[int]) -> Answer:
        """An answer of the tokens up to the first that ends a turn."""
        length = next((place for place, token in enumerate(new) if token in self.chat.ends), None)
        kept = new[:length]
        tokenizer = self.chat.tokenizer
        thought = set(
            tokenizer.convert_tokens_to_ids(list(_THOUGHT))
        )  # some mark them as special; the grader needs them
        special = set(tokenizer.all_special_ids) - thought
        return Answer(
            id=ask.key[0],
            attempt=ask.attempt,
            output=tokenizer.decode([token for token in kept if token not in special]),
            finish="length" if length is None else "stop",
            tokens=len(kept) + (length is not None),
        )

    def _generation(self, most: int) -> Any:
        """Greedy over what the processors leave; nothing of the model's own generation_config."""
        from transformers import GenerationConfig

        return GenerationConfig(
            max_new_tokens=most,
            do_sample=False,
            num_beams=1,
            eos_token_id=list(self.chat.ends),
            pad_token_id=self.chat.tokenizer.pad_token_id,
        )

    def _processors(self, batch: Sequence[_Asked]) -> Any:
        from transformers.generation import LogitsProcessorList, TemperatureLogitsWarper, TopPLogitsWarper

        if not self.decoding.temperature:
            return None
        made = LogitsProcessorList([TemperatureLogitsWarper(self.decoding.temperature)])
        if self.decoding.top_p < 1:
            made.append(TopPLogitsWarper(self.decoding.top_p))
        made.append(_Gumbel.of_seeds([draw_seed(self.decoding.seed, row.ask.key) for row in batch]))
        return made


@dataclass(frozen=True, slots=True)
class _Gumbel:
    """Adds each row's own noise, so that the largest logit is a draw."""

    generators: tuple[Any, ...]

    @classmethod
    def of_seeds(cls, seeds: Sequence[int]) -> _Gumbel:
        import torch

        return cls(tuple(torch.Generator("cpu").manual_seed(seed) for seed in seeds))

    def __call__(self, input_ids: Any, scores: Any) -> Any:
        import torch

        del input_ids
        size = scores.shape[-1]
        noise = torch.stack([torch.empty(size).exponential_(generator=one) for one in self.generators])
        return scores.float() - noise.clamp_min(torch.finfo(torch.float32).tiny).log().to(scores.device)


def load(
    name: str,
    *,
    adapter: Any = None,
    device: str = "auto",
    precision: str = "auto",
    thinking: bool = False,
    decoding: Decoding,
    batch: int | None = None,
) -> LocalAnswerer:
    """A model from a folder or hub name, with its adapter.

    Args:
        name: of the base.
        adapter: PEFT folder, or None.
        device: see `weights.device_of`.
        precision: see `weights.precision_of`.
        thinking: see `Chat.thinking`.
        decoding: how tokens are chosen.
        batch: prompts at once; None: 1 on a CPU, 16 on CUDA.
    Raises: UsageError: see `training.models.weights` and `training.models.chat.of_tokenizer`.
    """
    from transformers import GenerationConfig

    from training.models import chat, weights
    from training.models.quiet import quiet

    place = weights.device_of(device)
    with quiet():
        config = weights.config(name)
        made = chat.of_tokenizer(weights.tokenizer(name), name=name, thinking=thinking)
        model = weights.base(name, device=place, precision=weights.precision_of(precision, place))
        model.generation_config = GenerationConfig()  # a folder may bring sampling of its own
        if adapter is not None:
            model = weights.with_adapter(model, adapter, name)
    context = int(getattr(config.get_text_config(), "max_position_embeddings", 0) or 1 << 30)
    size = batch or (16 if place.startswith("cuda") else 1)
    return LocalAnswerer(model=model, chat=made, context=context, decoding=decoding, batch=size)
