"""Whatever path a text took through the caches, what comes next is as if it had been read anew."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.engine.inside import Fresh, Inside, distribution, divergence, worst
from tests.tiny_model import make_tiny_model
from tui.engine import LoadSettings, Request, Sampling
from tui.engine.worker.context import DONE
from tui.engine.worker.library import Library, api
from tui.engine.worker.model import Model
from tui.engine.worker.scoring import log_softmax

N_CTX = 256
SAME = 1e-5
"""Nats: what batch sizes alone do to this model stays below it, and any fault is far above.

The model is an F16 one: with Q8_0 llama.cpp rounds activations too, and a difference in the
last bit of an attention score can become one of 5e-4 nats.
"""

ENDLESS = Sampling(ban_eos=True)


@pytest.fixture(scope="module")
def fresh(inside: Inside) -> Iterator[Fresh]:
    fresh = Fresh(inside.loaded.model, 2 * N_CTX)
    yield fresh
    fresh.close()


@pytest.fixture(scope="module")
def inside(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Inside:
    path = make_tiny_model(tmp_path_factory.mktemp("models") / "exact.gguf", kind="F16")
    return Inside(library, path, LoadSettings(n_ctx=N_CTX, n_threads=1, flash_attention=False))


def story(length: int, seed: int = 1) -> tuple[int, ...]:
    return (1, *np.random.default_rng(seed).integers(259, 1900, length - 1).tolist())


def all_exact(inside: Inside, fresh: Fresh) -> bool:
    """Whether every sequence of every lane goes on as its tokens do when read anew."""
    return (
        worst(
            (distribution(lane.context, seq), fresh.read(lane.context.sequences.tokens(seq)))
            for lane in inside.lanes()
            for seq in range(len(lane.context.sequences))
            if lane.context.sequences.length(seq)
        )
        < SAME
    )


def test_batch_sizes_alone_stay_below_the_bound(fresh: Fresh) -> None:
    whole = fresh.read(story(200))
    for size in (1, 3, 7, 32):
        assert divergence(whole, fresh.read(story(200), size)) < SAME / 2


@pytest.mark.parametrize("fault", ["a token dropped", "a token changed", "a position off by one"])
def test_planted_faults_are_far_above_the_bound(fresh: Fresh, fault: str) -> None:
    tokens = list(story(200))
    whole = fresh.read(tokens)
    if fault == "a token dropped":
        found = fresh.read(tokens[:150] + tokens[151:])
    elif fault == "a token changed":
        found = fresh.read([*tokens[:150], 300, *tokens[151:]])
    else:
        context = fresh.context
        fresh.read(tokens[:199])
        api.llama_memory_seq_add(api.llama_get_memory(context.pointer), 0, 150, -1, 1)
        context.batch.clear()
        output = context.batch.add(0, 200, tokens[199:], output=True)
        assert context.decode() == DONE
        found = log_softmax(context.logits(output))
    assert divergence(whole, found) > 100 * SAME


def test_retry_undo_and_branches_are_exact(inside: Inside, fresh: Fresh) -> None:
    prompt = story(80)
    first = inside.start(Request(prompt, 20, ENDLESS, seed=1))
    inside.work()
    for seed in (2, 3):
        inside.start(Request(prompt, 12, ENDLESS, seed=seed))
        inside.work()
        assert all_exact(inside, fresh)
    inside.start(Request((*prompt, *inside.sampled(first)[:10], 400, 401), 8, ENDLESS))
    inside.work()
    assert all_exact(inside, fresh)
    inside.start(Request(prompt[:40], 5, ENDLESS))
    inside.work()
    assert all_exact(inside, fresh)


def test_batches_and_idle_rows_are_exact(inside: Inside, fresh: Fresh) -> None:
    prompt = story(60, seed=2)
    inside.start(Request(prompt, 15, ENDLESS, count=4))
    inside.work()
    assert all_exact(inside, fresh)
    for index in range(4):
        inside.start(Request((*prompt, 300 + index), 15, ENDLESS, priority="idle", key=str(index)))
    inside.work(9)
    inside.ask("promote", key="2")
    inside.work(3)
    assert all_exact(inside, fresh)
    inside.work()
    assert all_exact(inside, fresh)


def test_reading_ahead_and_swapping_is_exact(inside: Inside, fresh: Fresh) -> None:
    prompt = story(150, seed=3)
    inside.start(Request(prompt, 5, ENDLESS))
    inside.ask("ahead", tokens=[prompt[0], *prompt[80:]])
    inside.work()
    inside.start(Request((prompt[0], *prompt[80:], 500, 501), 5, ENDLESS))
    inside.work()
    assert inside.loaded.main.context.sequences.length(inside.loaded.main.live) == 71 + 2 + 4
    assert all_exact(inside, fresh)


def test_a_stopped_step_leaves_exactly_what_it_says(inside: Inside, fresh: Fresh) -> None:
    prompt = story(240, seed=4)
    inside.start(Request(prompt, 5, ENDLESS))
    for _ in range(3):
        inside.alarm.sound()
        inside.engine.step()
        assert all_exact_now(inside, fresh)
        inside.alarm.lower()
        inside.engine.step()
    inside.work()
    assert all_exact(inside, fresh)


def all_exact_now(inside: Inside, fresh: Fresh) -> bool:
    inside.alarm.lower()
    return all_exact(inside, fresh)


class Story(RuleBasedStateMachine):
    """A story told, retried, undone, branched, trimmed, read ahead, kept and brought back."""

    inside: Inside
    fresh: Fresh
    cache: Path

    def __init__(self) -> None:
        super().__init__()
        self.path = list(story(20, seed=9))
        self.imagined: list[str] = []
        self.numbers = 0
        self.seen: dict[tuple[int, int], tuple[int, ...]] = {}
        self.inside.forget()
        for state in self.cache.rglob("*.state"):
            state.unlink()

    def say(self, count: int, *, steps: int = 1 << 30) -> None:
        """Ask for a reply to the story so far, trimmed if it is too long, and keep it."""
        if len(self.path) > N_CTX - 40:
            del self.path[20 : len(self.path) // 2]
        id_ = self.inside.start(Request(tuple(self.path), 6, ENDLESS, seed=count, count=count))
        self.inside.work(steps)
        if steps < 1 << 30:
            self.inside.ask("cancel", target=id_)
        self.path += self.inside.sampled(id_, count - 1)

    @rule(
        words=st.lists(st.integers(259, 1900), min_size=1, max_size=30),
        count=st.sampled_from([1, 1, 3]),
    )
    def go_on(self, words: list[int], count: int) -> None:
        self.path += words
        self.say(count)

    @rule(back=st.integers(1, 40))
    def undo(self, back: int) -> None:
        del self.path[max(10, len(self.path) - back) :]
        self.say(1)

    @rule(steps=st.integers(0, 4), words=st.lists(st.integers(259, 1900), min_size=20, max_size=60))
    def cancel(self, steps: int, words: list[int]) -> None:
        self.path += words
        self.say(1, steps=steps)

    @rule(choices=st.integers(1, 5), steps=st.integers(0, 12), cut=st.booleans())
    def imagine(self, choices: int, steps: int, cut: bool) -> None:
        path = self.after_a_cut() if cut else self.path
        if len(path) < N_CTX - 20:
            for _ in range(choices):
                self.numbers += 1
                tokens = (*path, 300 + self.numbers % 1000)
                key = f"choice {self.numbers}"
                self.inside.start(Request(tokens, 9, ENDLESS, priority="idle", key=key))
                self.imagined.append(key)
            self.inside.work(steps)

    @precondition(lambda self: self.imagined)
    @rule(which=st.integers(0, 100))
    def pick(self, which: int) -> None:
        self.inside.ask("promote", key=self.imagined[which % len(self.imagined)])
        self.inside.work(which % 7)
        for key in self.imagined:
            self.inside.ask("cancel_key", key=key)
        self.imagined.clear()

    @rule(steps=st.integers(0, 6))
    def read_ahead(self, steps: int) -> None:
        self.inside.ask("ahead", tokens=self.after_a_cut()[: N_CTX - 1])
        self.inside.work(steps)

    def after_a_cut(self) -> list[int]:
        """The story as a cut would leave it."""
        return [*self.path[:20], *self.path[max(20, len(self.path) // 2) :]]

    @rule()
    def trim(self) -> None:
        del self.path[20 : max(20, len(self.path) // 2)]
        self.say(1)

    @rule()
    def keep(self) -> None:
        self.inside.ask("save", tokens=self.path)

    @rule(again=st.booleans())
    def bring_back(self, again: bool) -> None:
        if again:
            self.inside.load()
            self.imagined.clear()
        self.inside.ask("restore", tokens=self.path)

    def teardown(self) -> None:
        for key in self.imagined:
            self.inside.ask("cancel_key", key=key)
        self.inside.work()
        assert all_exact(self.inside, self.fresh)

    @invariant()
    def what_has_changed_goes_on_as_if_read_anew(self) -> None:
        held = {
            (id(lane), seq): tuple(lane.context.sequences.tokens(seq))
            for lane in self.inside.lanes()
            for seq in range(len(lane.context.sequences))
        }
        changed = [place for place, tokens in held.items() if tokens != self.seen.get(place)]
        lanes = {id(lane): lane for lane in self.inside.lanes()}
        assert (
            worst(
                (distribution(lanes[place[0]].context, place[1]), self.fresh.read(held[place]))
                for place in changed[-3:]
                if held[place]
            )
            < SAME
        )
        self.seen = held


@pytest.mark.timeout(400)
def test_a_story_through_all_its_paths(
    library: Library, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Thousands of steps in all, each compared with fresh reads of the same weights."""
    path = make_tiny_model(tmp_path / "tiny.gguf", kind="F16", n_layer=1)
    settings_ = LoadSettings(n_ctx=N_CTX, n_threads=1, flash_attention=False)
    cache = tmp_path_factory.mktemp("cache")
    inside = Inside(library, path, settings_, cache)
    model = Model(library, path, settings_, lambda _done: None, plain_weights=False)
    fresh = Fresh(model, 2 * N_CTX)
    machine = type("ThisStory", (Story,), {"inside": inside, "fresh": fresh, "cache": cache})
    run_state_machine_as_test(
        machine, settings=settings(max_examples=40, stateful_step_count=50, deadline=None)
    )
    fresh.close()
    model.close()
