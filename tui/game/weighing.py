"""Weighing words that no pattern reads by the model's own likelihood of what they would come to.

Each possible deed that shares a word with them is scored as the `Now` after them, against the
same `Now` after words that mean nothing in particular: what is left is how much these words
speak for it. Only a clear lead counts, for a small model knows little of what words mean
(`bench/weighing.py` measures it).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tui.engine.backend import Backend, BackendError, ModelInfo, Run
from tui.game.understanding import Understanding
from tui.prompt import Block, Template
from tui.world import Action, State, World
from tui.world.reading_echo import in_words

LEAD = 5.0
"""By how many nats the likeliest deed must lead, over the next one and over saying nothing."""
EXAMINING = 2.0
"""How much less looking at a thing counts: any word about a thing speaks for looking at it."""
NOTHING_SAID = ("I wait.", "Hm.", "I think about it for a while.")
LIKELY = ", most likely"
"""What the echo of a weighed deed ends in."""
MOST_SECONDS = 3.0
"""What it may take, at the speed that was measured when the model was loaded."""
TOKENS_A_CONTEXT = 200
TOKENS_A_DEED = 14
LIVE_TOKENS = 1000
"""What may have to be read again after it."""


@dataclass(frozen=True, slots=True)
class Scales:
    """What weighs: a model, and how it is told of a tale."""

    backend: Backend
    template: Template
    scenario: str

    async def scores(self, words: str, scene: str, nows: Sequence[str]) -> list[float]:
        """How likely each `Now` is after some words of the player. Raises BackendError."""
        blocks = (
            Block("system", "system", self.scenario),
            Block("player", "player", words),
            Block("system", "scene", f"{scene} Now:"),
        )
        parts = list(self.template.parts(blocks, open_end=True))
        runs = [Run(text=part.text, special=part.special) for part in parts]
        if runs[-1].text == self.template.aside.after:
            runs.pop()
        tokens = await self.backend.encode(runs, add_bos=True)
        return await self.backend.score(tokens, [f" {now}" for now in nows])


async def weighed(
    meant: Understanding, world: World, state: State, scales: Scales
) -> Understanding:
    """`meant`, or the deed that the model finds clearly likelier than any other for its words."""
    deeds = world.likened(state, meant.unread)
    model = scales.backend.model
    if not deeds or model is None or not is_quick(model, len(deeds)):
        return meant
    scene = world.scene_line(state, world.opening(state)).partition(" Now:")[0]
    nows = [now for _, now in deeds]
    try:
        scores = [
            await scales.scores(words, scene, nows) for words in (meant.unread, *NOTHING_SAID)
        ]
    except BackendError:
        return meant
    chosen = clearest([action for action, _ in deeds], scores[0], scores[1:])
    if chosen is None:
        return meant
    said = in_words(world.model, state.place, chosen.id)
    return replace(meant, actions=(chosen,), echo=f"you {said}{LIKELY}")


def is_quick(model: ModelInfo, deeds: int) -> bool:
    """Whether weighing takes no longer than a player waits gladly."""
    contexts = 1 + len(NOTHING_SAID)
    tokens = contexts * (TOKENS_A_CONTEXT + TOKENS_A_DEED * deeds) + LIVE_TOKENS
    return tokens < MOST_SECONDS * model.read_per_second


def clearest(
    actions: Sequence[Action], said: Sequence[float], unsaid: Sequence[Sequence[float]]
) -> Action | None:
    """The deed that leads clearly; `said` are the likelihoods after the words, `unsaid` after none."""
    leads = [
        score - _log_mean(others) - (EXAMINING if action.verb == "examine" else 0.0)
        for action, score, *others in zip(actions, said, *unsaid, strict=True)
    ]
    order = sorted(range(len(leads)), key=lambda at: -leads[at])
    second = max(leads[order[1]], 0.0) if len(order) > 1 else 0.0
    return actions[order[0]] if leads[order[0]] - second >= LEAD else None


def _log_mean(scores: Sequence[float]) -> float:
    most = max(scores)
    return most + math.log(sum(math.exp(score - most) for score in scores) / len(scores))
