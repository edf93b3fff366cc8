"""Any OpenAI-compatible server: vLLM, llama.cpp, Ollama, SGLang, `transformers serve`, and hosted ones.

The `openai` package retries what may pass (no connection, 408, 409, 429, 5xx) with jitter and honours `Retry-After`; a
reply that is cut off or has no choice is asked for again here. The key comes from the environment and is never written.
"""

from __future__ import annotations

import os
import random
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, final
from urllib.parse import urlsplit

from runtime.llm import Completion, Decoding
from schemas.conversation import Message
from schemas.errors import RefusedError, TransportError, UsageError

KEYS: Final = ("KGMINE_API_KEY", "OPENAI_API_KEY")
"""Environment variables that may hold the key; the first one that is set counts."""
_REFUSED: Final = re.compile(
    r"context.{0,20}(?:length|window|size)|maximum.{0,30}(?:length|tokens)|too (?:long|many tokens)|content.filter",
    re.IGNORECASE,
)
_MOST_SAID: Final = 300


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class HttpLLM:
    """One model of one server; may be used by several threads at once."""

    server: str
    """Base URL, for errors."""
    model: str
    client: Any
    """`openai.OpenAI`."""
    retries: int
    template: Mapping[str, Any] = field(default_factory=dict)
    """Arguments of the server's chat template (`chat_template_kwargs`); empty: not sent."""

    def complete(self, messages: Sequence[Message], decoding: Decoding) -> Completion:
        """See `LLM.complete`."""
        for attempt in range(self.retries + 1):
            reply = self._ask(messages, decoding)
            if reply is not None:
                return reply
            if attempt < self.retries:
                time.sleep(min(0.5 * 2**attempt, 8.0) * (1 - 0.25 * random.random()))  # noqa: S311
        raise TransportError(f"cut off or without an answer, {self.retries + 1} times")

    def _ask(self, messages: Sequence[Message], decoding: Decoding) -> Completion | None:
        """One reply; None where it is not a whole completion."""
        import openai

        more: dict[str, Any] = {"chat_template_kwargs": dict(self.template)} if self.template else {}
        sampled = {"top_p": decoding.top_p, "seed": decoding.seed} if decoding.temperature else {}
        try:
            reply = self.client.chat.completions.create(
                model=self.model,
                messages=[message.model_dump() for message in messages],
                max_tokens=decoding.max_new_tokens,
                temperature=decoding.temperature,
                extra_body=more,
                **sampled,
            )
        except openai.APITimeoutError:
            raise TransportError(f"no answer within {self.client.timeout:g} s") from None
        except openai.APIStatusError as error:
            raise self._said(error.status_code, _words(error.body) or str(error)) from None
        except openai.APIConnectionError as error:
            raise TransportError(f"no connection ({error.__cause__ or error})") from None
        except (openai.APIError, ValueError):  # JSON that ends too early
            return None
        return _completion(reply)

    def _said(self, status: int, text: str) -> TransportError | RefusedError | UsageError:
        """What a status means."""
        said = " ".join(text.replace(self.client.api_key, "***").split())[:_MOST_SAID]
        if status in (400, 413, 422) and _REFUSED.search(said):
            return RefusedError(f"the server refuses this prompt: {said}")
        if status in (408, 409, 425, 429) or status >= 500:
            return TransportError(f"HTTP {status}: {said}")
        hint = ""
        if status in (401, 403):
            hint = f"; the key comes from {' or '.join(KEYS)}"
        elif status == 404:
            hint = f"; is {self.model} a model of this server?"
        elif "chat_template_kwargs" in said:
            hint = "; --no-template-flags leaves chat_template_kwargs out"
        return UsageError(f"{self.server}: HTTP {status}: {said}{hint}")


def connect(
    server: str, model: str, *, timeout: float = 120.0, retries: int = 5, template: Mapping[str, Any] | None = None
) -> HttpLLM:
    """A model of a server.

    Args:
        server: base URL; without a path, `/v1` is added.
        model: name that the server knows.
        timeout: seconds for one request.
        retries: after the first try.
        template: see `HttpLLM.template`.
    Raises: UsageError: not a URL, or the `openai` package is absent.
    """
    try:
        import openai
    except ImportError:
        raise UsageError("--server needs openai: pip install 'kgmine[llm]'") from None
    parts = urlsplit(server)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError(f"--server {server}: expected http://HOST:PORT or https://HOST/v1")
    if parts.username or parts.password:
        raise UsageError(f"--server: no user and password in the address; the key comes from {' or '.join(KEYS)}")
    base = server.rstrip("/") + ("" if parts.path.strip("/") else "/v1")
    key = next((os.environ[name] for name in KEYS if os.environ.get(name)), "no-key")
    client = openai.OpenAI(base_url=base, api_key=key, timeout=timeout, max_retries=retries)
    return HttpLLM(server=base, model=model, client=client, retries=retries, template=template or {})


def _words(body: Any) -> str:
    """What an error body says, as OpenAI or FastAPI write one."""
    if isinstance(body, dict):
        body = body.get("message") or body.get("detail") or body.get("error") or ""
    return str(body or "")


def _completion(reply: Any) -> Completion | None:
    """None where there is no choice with a message, whatever else came with status 200."""
    choices: Any = getattr(reply, "choices", None)
    message = getattr(choices[0], "message", None) if choices else None
    if message is None:
        return None
    text = message.content or ""
    thought = getattr(message, "reasoning_content", None) or getattr(message, "reasoning", None)
    if thought:
        text = f"<think>\n{thought}\n</think>\n\n{text}"
    usage = getattr(reply, "usage", None)
    return Completion(
        text=text,
        finish="length" if getattr(choices[0], "finish_reason", None) == "length" else "stop",
        tokens=getattr(usage, "completion_tokens", None),
    )
