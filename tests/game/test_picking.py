"""The pocket model tells what it can't copy by itself; what it can't tell at all the game says."""

from __future__ import annotations

from dataclasses import dataclass

from tests.world.tales import card_of, tale_world
from tui.engine import LlamaBackend, Request, Run, Sampling
from tui.game.guards import said_before
from tui.game.judge import FactJudge, WorldJudge
from tui.game.picking import ENOUGH, Picking
from tui.game.replies import BATCH, batch
from tui.game.sentences import sentences
from tui.prompt import factline
from tui.prompt.factline import FactLine
from tui.world import State, World

TALE = "the-borrowed-hour"
HARD = ("go:north", "go:west", "go:up")
"""To Maud’s room: the model knows no name like it, and begins `Maud’s hand` or `Maud’s bread`."""
EASY = ("take:matches",)


@dataclass
class Asked:
    """A player's last deed, ready to be told."""

    world: World
    before: State
    last: str

    def __post_init__(self) -> None:
        self.state, self.outcome = self.world.apply(self.before, [self.world.action(self.last)])
        self.judge = WorldJudge(self.world, self.state, self.outcome)
        line = self.world.scene_line(self.state, self.outcome)
        premise = f"This is a text adventure game. {card_of(TALE).scenario}"
        self.sent = f"<|system|>{premise}<|user|>{self.last}<|system|>{line}<|model|>"

    async def picking(self, pocket: LlamaBackend, *earlier: str) -> tuple[Picking, Request]:
        tokens = await pocket.encode([Run(self.sent)])
        request = Request(tokens, 120, Sampling(temperature=0.7), seed=11, stop=("\n-",))
        return Picking(pocket, pocket.generate, self.judge, self.sent, earlier), request


def asked(*ids: str) -> Asked:
    world = tale_world(TALE)
    state = world.start(7)
    for id_ in ids[:-1]:
        state, _ = world.apply(state, [world.action(id_)])
    return Asked(world, state, ids[-1])


async def test_an_easy_deed_is_told_with_a_few_and_nothing_garbled(pocket: LlamaBackend) -> None:
    deed = asked(*EASY)
    picking, request = await deed.picking(pocket)
    best, origin = await picking.best(request, 6)
    assert origin == "sampled"
    assert deed.judge.passes(best.text)
    assert deed.judge.phrases.missing(best.text) == []
    assert ENOUGH <= best.stats["passed"] <= best.stats["drawn"]


async def test_a_name_that_goes_astray_is_written_out_and_the_model_goes_on(
    pocket: LlamaBackend,
) -> None:
    deed = asked(*HARD)
    picking, request = await deed.picking(pocket)
    best, origin = await picking.best(request, 6)
    assert (origin, best.stats["mended"]) == ("sampled", 1.0)
    assert "Maud’s room" in best.text
    assert deed.judge.passes(best.text)
    pieces = b"".join(await pocket.pieces(best.tokens)).decode()
    assert pieces.strip() == best.text


async def test_where_none_passes_the_program_says_it_in_words_that_are_new(
    pocket: LlamaBackend,
) -> None:
    deed = asked(*HARD)
    ways = {deed.judge.tells(11 + number) for number in range(6)}
    old, *others = sorted(ways)
    assert others
    picking, request = await deed.picking(pocket, old)
    best, origin = await picking.best(request, 1)
    assert origin == "told"
    assert best.stats["passed"] == 0
    assert best.stats["drawn"] == BATCH
    assert best.text in others
    assert deed.judge.passes(best.text)


async def test_of_replies_that_pass_one_is_told_that_says_nothing_again(
    pocket: LlamaBackend,
) -> None:
    deed = asked(*EASY)
    picking, request = await deed.picking(pocket)
    once = (await picking.best(request, 6))[0].text
    picking, request = await deed.picking(pocket, once)
    twice = (await picking.best(request, 6))[0].text
    assert said_before([once])(once) == len(sentences(once)) > 0
    assert said_before([once])(twice) == 0


async def test_plain_talk_is_not_the_same_few_sentences_every_time(pocket: LlamaBackend) -> None:
    sent = "<|system|>Enter RP mode. You are Odo. Odo cooks.<|user|>Good evening.<|system|>"
    sent += f"{factline.talk('Robin', 'Odo')}<|model|>"
    tokens = await pocket.encode([Run(sent)])
    judge, told = FactJudge(FactLine("talk"), "Odo"), set[str]()
    for seed in range(8):
        request = Request(tokens, 120, Sampling(temperature=0.7), seed=100 * seed, stop=("\n-",))
        picking = Picking(pocket, pocket.generate, judge, sent, ())
        told.add((await picking.best(request, 6))[0].text)
    assert len(told) >= 7


async def test_where_every_reply_ends_in_words_of_before_those_are_left_out(
    pocket: LlamaBackend,
) -> None:
    deed = asked(*EASY)
    picking, request = await deed.picking(pocket)
    drawn = [one.text for one in await batch(pocket.generate, request)]
    ends = [sentences(text)[-1] for text in drawn]
    picking, request = await deed.picking(pocket, *ends)
    best, origin = await picking.best(request, 1)
    assert origin == "sampled"
    assert any(text.startswith(best.text) for text in drawn)
    assert not {*ends} & {*sentences(best.text)}
