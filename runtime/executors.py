"""Work in processes that can be killed: one task at a time per process, a clock and a memory bound on each.

A task that crashes its process, overruns its clock or its memory costs that task alone: the process is replaced and the
result is a `Killed` with its cause. Results come back in the order of the tasks, whatever the number of workers.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, Generic, TypeVar

from schemas.errors import DocumentError, KgmineError

T = TypeVar("T")
A = TypeVar("A")

_POLL_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Killed:
    """A task that did not come back: `clock`, `memory` or `crash`."""

    cause: str
    reason: str


@dataclass(frozen=True, slots=True)
class Failed:
    """A task that raised one of our own errors; `check` names the rule (errors themselves do not travel well)."""

    check: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Bounds on one task; None = unbounded."""

    seconds: float | None = None
    memory_bytes: int | None = None


@dataclass(slots=True)
class _Worker:
    process: Any
    pipe: Connection
    task: int | None = None
    started: float = 0.0


@dataclass(slots=True, kw_only=True)
class Pool(Generic[A, T]):
    """`jobs` processes that run `function(argument)`; must be importable at top level."""

    function: Callable[[A], T]
    jobs: int = 1
    bounds: Bounds = field(default_factory=Bounds)

    def run(self, arguments: Sequence[A]) -> Iterator[tuple[int, T | Killed | Failed]]:
        """Yields (index, result) as tasks end, in order of completion; the caller orders them."""
        context = multiprocessing.get_context("spawn")
        waiting = list(range(len(arguments)))[::-1]
        workers: list[_Worker] = []
        try:
            workers.extend(self._start(context) for _ in range(min(self.jobs, len(arguments))))
            while waiting or any(worker.task is not None for worker in workers):
                for worker in workers:
                    if worker.task is None and waiting:
                        self._give(worker, waiting.pop(), arguments)
                yield from self._collect(context, workers)
        finally:
            for worker in workers:
                worker.process.kill()
                worker.process.join()

    def _start(self, context: Any) -> _Worker:
        ours, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(theirs, self.function), daemon=True)
        process.start()
        theirs.close()
        return _Worker(process, ours)

    def _give(self, worker: _Worker, task: int, arguments: Sequence[A]) -> None:
        worker.task, worker.started = task, time.monotonic()
        worker.pipe.send(arguments[task])

    def _collect(self, context: Any, workers: list[_Worker]) -> Iterator[tuple[int, T | Killed | Failed]]:
        busy = [worker for worker in workers if worker.task is not None]
        ready = set(wait([worker.pipe for worker in busy], timeout=_POLL_SECONDS))
        for worker in busy:
            task = worker.task
            if task is None:
                continue
            result: Any = None
            if worker.pipe in ready:
                try:
                    result = worker.pipe.recv()
                except (EOFError, ConnectionResetError):
                    worker.process.join()
                    result = Killed("crash", f"the worker died with exit code {worker.process.exitcode}")
            else:
                result = self._overrun(worker)
                if result is None:
                    continue
            worker.task = None
            if isinstance(result, Killed):
                worker.process.kill()
                worker.process.join()
                workers[workers.index(worker)] = self._start(context)
            yield task, result

    def _overrun(self, worker: _Worker) -> Killed | None:
        seconds = time.monotonic() - worker.started
        if self.bounds.seconds is not None and seconds > self.bounds.seconds:
            return Killed("clock", f"stopped after {self.bounds.seconds:.0f} s (limits.seconds)")
        memory = _resident_bytes(worker.process.pid)
        if self.bounds.memory_bytes is not None and memory > self.bounds.memory_bytes:
            return Killed("memory", f"stopped at {memory / 2**30:.1f} GiB (limits.memory_gib)")
        return None


def _resident_bytes(pid: int) -> int:
    """Resident memory of a process; 0 where the system does not tell (no /proc)."""
    try:
        pages = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]
    except (OSError, IndexError):
        return 0
    return int(pages) * 4096


def _serve(pipe: Connection, function: Callable[[Any], Any]) -> None:
    """A worker's loop: our own errors travel back as results; anything else is a bug and ends the process loudly."""
    while True:
        try:
            argument = pipe.recv()
        except (EOFError, KeyboardInterrupt):
            return
        try:
            result = function(argument)
        except DocumentError as error:
            result = Failed(error.check, error.reason)
        except KgmineError as error:
            result = Failed(type(error).__name__, str(error))
        except MemoryError:
            result = Killed("memory", "out of memory")
        pipe.send(result)
