"""Answers by an `LLM` behind a server, several requests at once. What the transport loses is missing, not wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import final

from runtime.llm import LLM, Decoding
from schemas.errors import RefusedError, TransportError
from training.answerers import Answer, Ask, Key, draw_seed


@dataclass(slots=True)
class _Breaker:
    """After so many lost requests in a row there is no use in asking on."""

    limit: int
    lost: int = 0
    last: str = ""
    lock: Lock = field(default_factory=Lock)

    def came(self) -> None:
        with self.lock:
            self.lost = 0

    def failed(self, error: str) -> None:
        with self.lock:
            self.lost, self.last = self.lost + 1, error

    def open(self) -> bool:
        with self.lock:
            return self.lost >= self.limit


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteAnswerer:
    """A model behind an `LLM`."""

    llm: LLM
    decoding: Decoding = field(default_factory=Decoding)
    concurrency: int = 8
    """Requests at once."""

    def answer(self, asks: Sequence[Ask], known: AbstractSet[Key] = frozenset()) -> Iterator[Answer]:
        """See `Answerer.answer`; after 2 x concurrency lost requests in a row (at least 8) the rest is not asked."""
        breaker = _Breaker(max(8, 2 * self.concurrency))
        pool = ThreadPoolExecutor(self.concurrency)
        try:
            futures = [pool.submit(self._one, ask, breaker) for ask in asks if ask.key not in known]
            for future in as_completed(futures):
                yield future.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

    def _one(self, ask: Ask, breaker: _Breaker) -> Answer:
        name, attempt = ask.key
        if breaker.open():
            error = f"not asked: {breaker.limit} requests in a row were lost ({breaker.last})"
            return Answer(id=name, attempt=attempt, output=None, finish="error", error=error)
        decoding = replace(self.decoding, seed=draw_seed(self.decoding.seed, ask.key))
        try:
            made = self.llm.complete(ask.conversation.prompt, decoding)
        except TransportError as error:
            breaker.failed(str(error))
            return Answer(id=name, attempt=attempt, output=None, finish="error", error=str(error))
        except RefusedError as error:
            breaker.came()
            return Answer(id=name, attempt=attempt, output=None, finish="unanswerable", reason=str(error))
        breaker.came()
        return Answer(id=name, attempt=attempt, output=made.text, finish=made.finish, tokens=made.tokens)
