"""One tree of errors. The CLI turns each into one clear line and an exit code.

KgmineError                    exit 1: the run failed or yielded nothing
├── UsageError                 exit 2: the user's configuration, arguments or template are wrong
│   ├── ConfigError                    unknown key, wrong type: names the key
│   └── TemplateError                  file:line:column, caret, what to write instead
├── DocumentError              the document becomes one `rejected.jsonl` row, the rest goes on
│   └── TransientError                 killed by clock or memory: retried on the next run, exit 3
├── TransportError             a model's server did not answer: the row is missing, not wrong; the next run asks again
├── RefusedError               a model's server will not answer this prompt, e.g. it is longer than the context
├── GraphError                 a store, a snapshot or a table is damaged or missing
│   └── CountOverflowError             more than 9e18 matches
└── DerivationError            a derivation cannot be executed: the draft becomes a reject
"""

from __future__ import annotations


class KgmineError(Exception):
    """Anything that kgmine knows how to say in one line."""

    exit_code = 1


class UsageError(KgmineError):
    """The user's configuration, arguments or template are wrong."""

    exit_code = 2


class ConfigError(UsageError):
    """A key of the configuration is unknown or has the wrong type."""


class TemplateError(UsageError):
    """A template does not compile. `str()` is `file:line:column: message` with the source line and a caret."""

    def __init__(self, message: str, *, path: str = "", line: int = 0, column: int = 0, source: str = "") -> None:
        self.message, self.path, self.line, self.column, self.source = message, path, line, column, source
        super().__init__(message)

    def __str__(self) -> str:
        head = f"{self.path or 'template'}:{self.line}:{self.column}: {self.message}"
        if not self.source:
            return head
        return f"{head}\n  {self.source}\n  {' ' * max(self.column - 1, 0)}^"


class DocumentError(KgmineError):
    """One document cannot be read; `check` is the name of the rule, e.g. `encrypted`, `truncated`, `empty`."""

    def __init__(self, check: str, reason: str) -> None:
        self.check, self.reason = check, reason
        super().__init__(f"{check}: {reason}")


class TransientError(DocumentError):
    """Killed by clock or memory: retried on the next run."""

    exit_code = 3


class TransportError(KgmineError):
    """A model's server did not answer. Such a row is missing, which is not wrong; the next run asks again."""


class RefusedError(KgmineError):
    """A model's server will not answer this prompt, however often it is asked: longer than the context, filtered."""


class GraphError(KgmineError):
    """A store, a snapshot or a canonical table is damaged or missing."""


class CountOverflowError(GraphError):
    """More than 9e18 matches; the caller falls back to float64 weights."""


class DerivationError(KgmineError):
    """A derivation cannot be executed on these rows."""
