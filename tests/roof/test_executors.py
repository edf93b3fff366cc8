import os
import time

from runtime.executors import Bounds, Failed, Killed, Pool
from schemas.errors import DocumentError


def work(argument: str) -> str:
    if argument == "sleep":
        time.sleep(60)
    if argument == "die":
        os._exit(7)
    if argument == "refuse":
        raise DocumentError("encrypted", "needs a password")
    return argument.upper()


def test_a_task_that_dies_hangs_or_fails_costs_that_task_alone() -> None:
    tasks = ["a", "die", "sleep", "refuse", "b"]
    results = dict(Pool(function=work, jobs=2, bounds=Bounds(seconds=3)).run(tasks))
    assert results[0] == "A"
    assert results[4] == "B"
    assert results[3] == Failed("encrypted", "needs a password")
    died, hung = results[1], results[2]
    assert isinstance(died, Killed)
    assert (died.cause, "7" in died.reason) == ("crash", True)
    assert isinstance(hung, Killed)
    assert hung.cause == "clock"
