"""Threads that have come to wait for each other are taken away; a slow step or two takes none."""

from __future__ import annotations

import pytest

from tui.engine.worker.measure import Measured, Pace

STEP = 0.01


@pytest.fixture
def pace() -> Pace:
    """Four threads that write a hundred tokens a second."""
    return Pace(Measured(4, 1000.0, 1 / STEP))


def test_steps_as_measured_change_nothing(pace: Pace) -> None:
    for tokens in (1, 4, 64, 1):
        for _ in range(10):
            pace.note(2 * STEP * tokens, tokens)
    assert pace.n_threads == 4


def test_several_steps_that_take_much_too_long_halve_the_threads(pace: Pace) -> None:
    for threads in (4, 4, 2, 2, 2, 1):
        pace.note(100 * STEP, 1)
        assert pace.n_threads == threads
    for _ in range(9):
        pace.note(100 * STEP, 1)
    assert pace.n_threads == 1


def test_a_slow_step_now_and_then_is_no_reason(pace: Pace) -> None:
    for _ in range(10):
        pace.note(100 * STEP, 1)
        pace.note(100 * STEP, 1)
        pace.note(STEP, 1)
    assert pace.n_threads == 4


def test_a_step_of_many_tokens_may_take_longer(pace: Pace) -> None:
    for _ in range(10):
        pace.note(100 * STEP, 64)
    assert pace.n_threads == 4
