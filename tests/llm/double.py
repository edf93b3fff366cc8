"""A scripted double of an OpenAI-compatible server, for what no real server does when asked to: 429, 500, cut-off bodies."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Reply:
    """What the double says to one request."""

    body: str
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    cut: int = 0
    """Bytes that are announced and never sent."""


@dataclass
class Double:
    """Where it listens, and what it was asked."""

    url: str
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    times: list[float] = field(default_factory=list)


def said(text: str | None, **message: Any) -> Reply:
    """A completion."""
    finish = message.pop("finish", "stop")
    choice = {"index": 0, "message": {"role": "assistant", "content": text, **message}, "finish_reason": finish}
    usage = {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5}
    return Reply(
        json.dumps(
            {"id": "1", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice], "usage": usage}
        )
    )


def failed(status: int, message: str, **headers: str) -> Reply:
    """An error as OpenAI words it."""
    return Reply(json.dumps({"error": {"message": message, "type": "x", "code": None}}), status, headers)


@contextmanager
def serve(script: Callable[[int, dict[str, Any]], Reply]) -> Iterator[Double]:
    """The double on a free port.

    Args:
        script: number of the request from 0, and its body -> reply.
    """
    double = Double("")
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with lock:
                number = len(double.asked)
                double.asked.append(body)
                double.headers.append({name.lower(): value for name, value in self.headers.items()})
                double.times.append(time.monotonic())
            reply = script(number, body)
            time.sleep(reply.delay)
            data = reply.body.encode()
            try:
                self.send_response(reply.status)
                for name, value in {"Content-Type": "application/json", **reply.headers}.items():
                    self.send_header(name.replace("_", "-"), value)
                self.send_header("Content-Length", str(len(data) + reply.cut))
                self.end_headers()
                self.wfile.write(data)
            except (BrokenPipeError, ConnectionResetError):  # the client gave up
                return

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    double.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield double
    finally:
        server.shutdown()
        server.server_close()
