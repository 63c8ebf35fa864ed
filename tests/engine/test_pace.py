"""Threads that have come to wait for each other are taken away for a while."""

from __future__ import annotations

import pytest

from tui.engine.worker.pace import PATIENCE_SECONDS, WINDOW_STEPS, Pace

STEP = 0.01


@pytest.fixture
def pace() -> Pace:
    """Four threads that write a hundred tokens a second."""
    return Pace(4, STEP)


def note(pace: Pace, *seconds: float, tokens: int = 1) -> None:
    """Several steps of one size."""
    for one in seconds:
        pace.note(one, tokens)


def test_steps_as_measured_change_nothing(pace: Pace) -> None:
    for tokens in (1, 4, 64, 1):
        note(pace, *[2 * STEP * tokens] * 100, tokens=tokens)
    assert pace.n_threads == 4


def test_several_steps_that_take_much_too_long_halve_the_threads(pace: Pace) -> None:
    for threads in (4, 4, 2, 2, 2, 1):
        note(pace, 100 * STEP)
        assert pace.n_threads == threads
    note(pace, *[100 * STEP] * 4)
    assert pace.n_threads == 1


def test_a_slow_step_now_and_then_is_no_reason(pace: Pace) -> None:
    note(pace, *[20 * STEP, *[STEP] * (WINDOW_STEPS - 1)] * 3)
    assert pace.n_threads == 4


def test_a_step_of_many_tokens_may_take_longer(pace: Pace) -> None:
    note(pace, *[100 * STEP] * 10, tokens=64)
    assert pace.n_threads == 4


def test_quick_steps_among_slow_ones_halve_the_threads(pace: Pace) -> None:
    """A third of the steps wait for a thread that another program has displaced."""
    note(pace, *[STEP, STEP, 6 * STEP] * WINDOW_STEPS)
    assert pace.n_threads < 4


def test_longer_steps_as_the_story_grows_are_no_reason(pace: Pace) -> None:
    note(pace, *[STEP * (1 + place / 100) for place in range(300)])
    assert pace.n_threads == 4


def test_all_threads_are_tried_again_and_then_later_each_time(pace: Pace) -> None:
    tries: list[float] = []
    computed = 0.0
    while len(tries) < 3:
        before = pace.n_threads
        seconds = 100 * STEP if before == 4 else STEP
        pace.note(seconds, 1)
        computed = 0.0 if before == 4 else computed + seconds
        if before < 4 and pace.n_threads == 4:
            tries.append(round(computed))
    assert tries == [PATIENCE_SECONDS, 2 * PATIENCE_SECONDS, 4 * PATIENCE_SECONDS]
