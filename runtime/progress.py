"""One progress line on standard error: counts, rate and time left. Silent where nobody looks."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, field
from typing import Self, TextIO


@dataclass(slots=True)
class Progress:
    """`with Progress("ingest", 18) as bar: bar.step("file.pdf")`; plain lines every 10 s where there is no terminal."""

    title: str
    total: int
    unit: str = "documents"
    out: TextIO = field(default_factory=lambda: sys.stderr)
    done: int = 0
    started: float = 0.0
    _shown: float = 0.0
    _before: int = 0

    def __enter__(self) -> Self:
        self.started = time.monotonic()
        return self

    def __exit__(self, *_: object) -> None:
        self._show("", last=True)
        if self.out.isatty():
            self.out.write("\n")

    def resume(self, done: int) -> None:
        """So many were done by an earlier run: they count, but not for the rate."""
        self.done = self._before = done

    def step(self, what: str = "", count: int = 1) -> None:
        """Count and show, at most ten times a second."""
        self.done += count
        self._show(what)

    def _show(self, what: str, *, last: bool = False) -> None:
        now = time.monotonic()
        terminal = self.out.isatty()
        if not last and now - self._shown < (0.1 if terminal else 10.0):
            return
        self._shown = now
        rate = (self.done - self._before) / max(now - self.started, 1e-9)
        left = (self.total - self.done) / rate if rate > 0 else 0.0
        line = f"{self.title} {self.done}/{self.total} {self.unit}, {rate:.2g}/s"
        if self.done < self.total:
            line += f", {_clock(left)} left"
        if what:
            line += f", {what}"
        self.out.write(f"\r\x1b[2K{line[:118]}" if terminal else f"{line}\n")
        self.out.flush()


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"
