"""The client of OpenAI-compatible servers, against a scripted double (a real server: tests/training/test_serve.py)."""

from __future__ import annotations

from typing import Any

import pytest

from runtime.llm import Decoding
from runtime.llm.http import HttpLLM, connect
from schemas.conversation import Message
from schemas.errors import RefusedError, TransportError, UsageError
from tests.llm.double import Double, Reply, failed, said, serve

pytest.importorskip("openai", reason="the extra `llm` is not installed")

TURNS = (Message(role="system", content="Be brief."), Message(role="user", content="2 + 2?"))
GREEDY = Decoding(max_new_tokens=16)


def client(double: Double, **more: Any) -> HttpLLM:
    return connect(double.url, "m", **{"retries": 1, "timeout": 5.0, **more})


def test_a_completion_comes_with_its_end_and_tokens() -> None:
    with serve(lambda n, body: said("4")) as double:
        made = client(double).complete(TURNS, GREEDY)
    assert (made.text, made.finish, made.tokens) == ("4", "stop", 2)
    assert double.asked[0]["messages"] == [m.model_dump() for m in TURNS]


def test_greedy_asks_for_temperature_0_and_no_draw() -> None:
    with serve(lambda n, body: said("4", finish="length")) as double:
        made = client(double, template={"enable_thinking": False}).complete(TURNS, GREEDY)
    asked = double.asked[0]
    assert made.finish == "length"
    assert (asked["temperature"], asked["max_tokens"]) == (0.0, 16)
    assert asked["chat_template_kwargs"] == {"enable_thinking": False}
    assert "seed" not in asked
    assert "top_p" not in asked


def test_a_draw_carries_its_seed_and_nucleus_and_flags_can_be_left_out() -> None:
    with serve(lambda n, body: said("4")) as double:
        client(double).complete(TURNS, Decoding(temperature=0.7, top_p=0.9, seed=11))
    asked = double.asked[0]
    assert (asked["temperature"], asked["top_p"], asked["seed"]) == (0.7, 0.9, 11)
    assert "chat_template_kwargs" not in asked


@pytest.mark.parametrize("field", ["reasoning_content", "reasoning"])
def test_thinking_that_a_server_sets_apart_stands_before_the_answer(field: str) -> None:
    with serve(lambda n, body: said("4", **{field: "two and two"})) as double:
        assert client(double).complete(TURNS, GREEDY).text == "<think>\ntwo and two\n</think>\n\n4"


def test_thinking_that_never_ended_is_an_output_too() -> None:
    with serve(lambda n, body: said(None, reasoning_content="two and", finish="length")) as double:
        assert client(double).complete(TURNS, GREEDY).text.startswith("<think>\ntwo and")


def test_retry_after_is_honoured() -> None:
    with serve(lambda n, body: said("4") if n else failed(429, "slow down", Retry_After="1")) as double:
        assert client(double).complete(TURNS, GREEDY).text == "4"
    assert double.times[1] - double.times[0] >= 1.0


LOST = {
    "500": (failed(500, "boom"), "^HTTP 500: boom$"),
    "429": (failed(429, "too many requests", Retry_After="0.01"), "^HTTP 429: too many requests$"),
    "truncated JSON": (Reply('{"id": "1", "choices": [{"mess'), "cut off or without an answer, 2 times"),
    "body cut on the wire": (Reply('{"id"', cut=40), "no connection"),
    "no choices": (Reply('{"id": "1", "choices": []}'), "cut off or without an answer"),
    "no message": (Reply('{"id": "1", "choices": [{}]}'), "cut off or without an answer"),
    "not JSON at all": (Reply("<html>", headers={"Content-Type": "text/html"}), "cut off or without an answer"),
    "too late": (Reply("{}", delay=0.6), "no answer within 0.3 s"),
}


@pytest.mark.parametrize("name", LOST)
def test_what_may_pass_is_asked_again_and_then_missing(name: str) -> None:
    lost, words = LOST[name]
    more = {"timeout": 0.3} if name == "too late" else {}
    with serve(lambda n, body: said("4") if n else lost) as double:
        assert client(double, **more).complete(TURNS, GREEDY).text == "4"
    assert len(double.asked) == 2
    with serve(lambda n, body: lost) as double, pytest.raises(TransportError, match=words):
        client(double, **more).complete(TURNS, GREEDY)
    assert len(double.asked) == 2


def test_nobody_there_is_a_lost_request() -> None:
    with serve(lambda n, body: said("4")) as double:
        url = double.url
    with pytest.raises(TransportError, match="no connection"):
        connect(url, "m", retries=0).complete(TURNS, GREEDY)


@pytest.mark.parametrize(
    "words",
    [
        "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens",
        "the request exceeds the available context size",
        "Input is too long for requested model",
    ],
)
def test_a_prompt_that_does_not_fit_is_refused_and_not_asked_again(words: str) -> None:
    with serve(lambda n, body: failed(400, words)) as double, pytest.raises(RefusedError, match="refuses this prompt"):
        client(double).complete(TURNS, GREEDY)
    assert len(double.asked) == 1


@pytest.mark.parametrize(
    ("reply", "line"),
    [
        (
            failed(401, "bad key s3cret"),
            r"HTTP 401: bad key \*\*\*; the key comes from KGMINE_API_KEY or OPENAI_API_KEY",
        ),
        (failed(404, "no such model"), r"HTTP 404: no such model; is m a model of this server\?"),
        (failed(400, "unknown field chat_template_kwargs"), r"; --no-template-flags leaves chat_template_kwargs out"),
        (failed(422, "bad request"), r"HTTP 422: bad request"),
    ],
)
def test_what_no_prompt_will_mend_is_the_users_to_mend(monkeypatch: Any, reply: Reply, line: str) -> None:
    monkeypatch.setenv("KGMINE_API_KEY", "s3cret")
    with serve(lambda n, body: reply) as double, pytest.raises(UsageError, match=line) as raised:
        client(double).complete(TURNS, GREEDY)
    assert len(double.asked) == 1
    assert double.headers[0]["authorization"] == "Bearer s3cret"
    assert "s3cret" not in str(raised.value)


def test_kgmines_own_key_comes_first(monkeypatch: Any) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "theirs")
    with serve(lambda n, body: said("4")) as double:
        client(double).complete(TURNS, GREEDY)
        monkeypatch.setenv("KGMINE_API_KEY", "ours")
        client(double).complete(TURNS, GREEDY)
    assert [headers["authorization"] for headers in double.headers] == ["Bearer theirs", "Bearer ours"]


@pytest.mark.parametrize(
    ("server", "line"),
    [
        ("localhost:8000", r"--server localhost:8000: expected http://HOST:PORT"),
        ("ftp://host", r"--server ftp://host: expected http://HOST:PORT"),
        ("http://me:pass@host", r"--server: no user and password in the address"),
    ],
)
def test_an_address_that_is_none_is_refused_without_repeating_a_password(server: str, line: str) -> None:
    with pytest.raises(UsageError, match=line) as raised:
        connect(server, "m")
    assert "pass@" not in str(raised.value)


def test_without_a_path_the_address_gets_v1() -> None:
    assert connect("http://host:8000", "m").server == "http://host:8000/v1"
    assert connect("http://host/api/v3/", "m").server == "http://host/api/v3"
