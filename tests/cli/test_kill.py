"""The whole program killed at random moments: nothing that was whole is lost, nothing is left running."""

from __future__ import annotations

import os
import random
import signal
import subprocess
from contextlib import suppress

import psutil
import pytest

from tests.cli.conftest import Home
from tui.store import list_saves

KILLS = 20


@pytest.mark.timeout(900)
def test_killed_twenty_times(home: Home) -> None:
    turns = 0
    for number in range(KILLS):
        words = ("resume",) if number else ("play", "quay", "--seed", "5")
        before = turns
        children = killed_somewhere(home, words, random.Random(number).uniform(0.2, 2.0))
        if listed := list_saves(home.folder / "saves"):
            turns = listed[0].turns
            assert not listed[0].problem
        assert turns >= before
        assert not [pid for pid in children if alive(pid)]
    again = home.run("resume", lines=["1", "/quit"])
    assert again.returncode == 0, again.stderr


def killed_somewhere(home: Home, words: tuple[str, ...], seconds: float) -> list[int]:
    """Start the program, let it play for a while, kill it; its children's process ids."""
    process = subprocess.Popen(
        home.command(*words),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=home.environment,
    )
    assert process.stdin is not None
    process.stdin.write(b"1\n" * 40)
    process.stdin.flush()
    with suppress(subprocess.TimeoutExpired):
        process.wait(seconds)
    children = [child.pid for child in psutil.Process(process.pid).children(recursive=True)]
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdin.close()
    psutil.wait_procs(
        [psutil.Process(pid) for pid in children if psutil.pid_exists(pid)], timeout=5
    )
    return children


def alive(pid: int) -> bool:
    """Whether a process of that id still runs."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
