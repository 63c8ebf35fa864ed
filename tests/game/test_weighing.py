"""Words that no pattern reads: the pocket model's likelihood names a deed, or leaves them free."""

from __future__ import annotations

from dataclasses import replace

from tests.game.conftest import POCKET
from tests.world.tales import card_of, tale_world
from tui.engine.backend import ModelInfo
from tui.engine.client import LlamaBackend
from tui.game.narrator import Narrator
from tui.game.rates import rates
from tui.game.understanding import UNSPELT, understood
from tui.game.weighing import LEAD, LIKELY, NOTHING_SAID, Scales, clearest, is_quick, weighed
from tui.prompt import shipped_templates, template_for
from tui.world import Action, State, World

TALE = "the-borrowed-hour"
UNREAD = {
    (): {"make the matches mine": "take:matches", "solve the mystery": "", "do my taxes": ""},
    ("take:matches", "go:north", "go:west", "go:up"): {
        "gently broach the subject of orsolya": "ask:maud:orsolya",
        "tuck her in": "",
    },
}


def state_after(world: World, *ids: str) -> State:
    state = world.start(7)
    for id_ in ids:
        state, _ = world.apply(state, [world.action(id_)])
    return state


def scales_of(pocket: LlamaBackend) -> Scales:
    assert pocket.model is not None
    template = template_for(POCKET.name, pocket.model.metadata, shipped_templates())[0]
    return Scales(pocket, template, card_of(TALE).scenario)


async def test_the_pocket_model_is_right_or_says_nothing(pocket: LlamaBackend) -> None:
    world, scales = tale_world(TALE), scales_of(pocket)
    right = 0
    for before, rows in UNREAD.items():
        state = state_after(world, *before)
        scene = world.scene_line(state, world.opening(state)).partition(" Now:")[0]
        for words, meant in rows.items():
            read = understood(world, state, words, (), "")
            assert read.unread == words
            deeds = world.likened(state, words)
            nows = [now for _, now in deeds]
            scores = [await scales.scores(one, scene, nows) for one in (words, *NOTHING_SAID)]
            chosen = clearest([one for one, _ in deeds], scores[0], scores[1:]) if deeds else None
            assert chosen is None or chosen.id == meant, (words, chosen)
            right += chosen is not None
    assert right >= 1


async def test_a_weighed_deed_is_echoed_as_likely_and_a_slow_model_is_not_asked(
    pocket: LlamaBackend,
) -> None:
    assert pocket.model is not None
    world = tale_world(TALE)
    state = state_after(world, "take:matches", "go:north", "go:west", "go:up")
    read = understood(world, state, "gently broach the subject of orsolya", (), "")
    got = await weighed(read, world, state, scales_of(pocket))
    if is_quick(pocket.model, 1):
        assert got.actions == (Action("ask:maud:orsolya"),)
        assert got.echo == f"you ask Maud about Orsolya{LIKELY}"
    else:
        assert got is read


async def test_only_a_quick_model_weighs(pocket: LlamaBackend) -> None:
    assert pocket.model is not None
    quick: ModelInfo = replace(pocket.model, read_per_second=5000.0)
    assert is_quick(quick, 8)
    assert not is_quick(replace(quick, read_per_second=30.0), 1)
    assert not is_quick(replace(quick, read_per_second=0.0), 1)


def test_only_a_clear_lead_counts() -> None:
    deeds = [Action("take:lamp"), Action("light:lamp")]
    assert clearest(deeds, [-9.0 + LEAD, -9.0], [[-9.0, -9.0]]) == deeds[0]
    assert clearest(deeds, [-5.0, -6.0], [[-9.0, -9.0]]) is None  # the other one is as likely
    assert clearest(deeds, [-9.0, -20.0], [[-9.0, -20.0]]) is None  # the words say nothing of it
    alone = [Action("take:lamp")]
    assert clearest(alone, [-9.0 + LEAD], [[-9.0]]) == alone[0]
    looking = [Action("examine:lamp")]
    assert clearest(looking, [-9.0 + LEAD], [[-9.0]]) is None  # any word of it speaks for a look


def test_deeds_are_likened_by_their_words() -> None:
    world = tale_world(TALE)
    state = state_after(world)
    deeds = dict(world.likened(state, "make the matches mine"))
    assert deeds[Action("take:matches")] == "you take the matches from the luggage"
    assert {action.args[0] for action in deeds} == {"matches"}
    assert world.likened(state, "ponder") == ()


def test_what_is_no_word_is_said_and_not_waited_for() -> None:
    world = tale_world(TALE)
    state = state_after(world)
    read = understood(world, state, "xyzqr blorft", (), "")
    assert [action.id for action in read.actions] == [UNSPELT]
    _, outcome = world.apply(state, read.actions)
    assert outcome.now == "you say something that only you understand; nothing comes of it"


async def test_the_rates_count_what_was_typed_and_told(narrator: Narrator) -> None:
    assert list(rates(narrator.session)) == []
    for words in ("grab the key now", "dance a jig", "smell the air now"):
        async for _ in narrator.take_turn(words):
            pass
    typed, told = rates(narrator.session)
    assert typed == (
        "Typed deeds: 3. Read as deeds of the world: 2. "
        "Weighed by the model: 0. Improvised or refused in kind: 1."
    )
    assert told.startswith("Replies drawn: ")
    assert "of 3." in told
