"""Talks of several: who speaks, what each is sent, and that a save keeps them all."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator

import pytest

from tui.cards import Card, card_from_data
from tui.game.events import Event, Failed, ReplyStarted
from tui.game.group import held, joining, meant_by, named, next_in_turn
from tui.game.narrator import Narrator
from tui.game.opening import Beginning, begin, resume
from tui.game.program import Program
from tui.game.replying import Replying
from tui.game.storyteller import Storyteller
from tui.story import Turn
from tui.story.turn import Role


def card(name: str, **more: object) -> Card:
    data = {"name": name, "kind": "companion", "first_mes": f"{name} nods.", **more}
    return card_from_data(data, name.lower().replace(" ", "-"))


MARTA = card("Marta", description="{{char}} rows.", system_prompt="Be terse, {{char}}.")
ANSELM = card(
    "Brother Anselm",
    description="{{char}} writes bad verse.",
    mes_example="<START>\n{{user}}: A rhyme?\n{{char}}: Moon, soon.",
    group_only_greetings=["{{char}} bows to {{user}}."],
)
ODO = card("Odo Pinch", scenario="The ferry waits.")
CARDS = (MARTA, ANSELM, ODO)


@pytest.fixture
async def talk(program: Program, teller: Storyteller) -> AsyncIterator[Narrator]:
    how = Beginning(seed=5, company=(ANSELM, ODO))
    narrator = await begin(MARTA, program.paths.saves, teller, program.clock, how)
    yield narrator
    await narrator.close()


async def told(events: AsyncGenerator[Event, None]) -> list[str]:
    """Who spoke."""
    return [event.turn.name async for event in events if isinstance(event, ReplyStarted)]


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("Hello there", []),
        ("marta, row on", ["Marta"]),
        ("What does Anselm think of Marta?", ["Brother Anselm", "Marta"]),
        ("brother, can you hear?", []),
        ("a pinch of salt", []),
        ("Ask Pinch", ["Odo Pinch"]),
        ("odo!", ["Odo Pinch"]),
        ("Martas boat", []),
    ],
)
def test_who_is_meant(words: str, names: list[str]) -> None:
    assert [one.name for one in meant_by(CARDS, words)] == names


def test_the_next_in_turn_comes_after_the_one_who_spoke_last() -> None:
    def turn(role: Role, name: str) -> Turn:
        return Turn(0, None, role, name, "x", "said")

    greetings = [turn("model", "Marta"), turn("model", "Odo Pinch")]
    assert next_in_turn(CARDS, greetings) is MARTA
    spoken = [*greetings, turn("player", "Robin"), turn("model", "Marta"), turn("player", "Robin")]
    assert next_in_turn(CARDS, spoken) is ANSELM
    assert next_in_turn(CARDS, [*spoken, turn("model", "Odo Pinch")]) is MARTA
    assert next_in_turn(CARDS, [*spoken, turn("model", "Nobody")]) is MARTA


@pytest.mark.parametrize(
    ("name", "found"),
    [("anselm", ANSELM), ("MARTA", MARTA), ("od", ODO), ("brother anselm", ANSELM), ("x", None)],
)
def test_a_card_is_found_by_a_part_of_its_name(name: str, found: Card | None) -> None:
    assert named(CARDS, name) is found


def test_who_can_join() -> None:
    assert joining((MARTA,), ANSELM) == ""
    assert "is here already" in joining((MARTA,), card("marta"))
    assert "is a tale" in joining((MARTA,), card_from_data({"name": "T", "kind": "tale"}, "t"))
    assert "own people" in joining((card_from_data({"name": "T", "kind": "tale"}, "t"),), MARTA)
    assert "as many as can talk" in joining([card(f"C{n}") for n in range(8)], MARTA)


async def test_everybody_greets_and_those_who_are_named_answer(talk: Narrator) -> None:
    assert [turn.text for turn in talk.session.path()] == [
        "Marta nods.",
        "Brother Anselm bows to Robin.",
        "Odo Pinch nods.",
    ]
    assert await told(talk.take_turn("Hello")) == ["Marta"]
    assert await told(talk.take_turn("Hello again")) == ["Brother Anselm"]
    assert await told(talk.take_turn("Odo and Marta?")) == ["Odo Pinch", "Marta"]
    assert await told(talk.retry()) == ["Marta"]
    assert await told(talk.let_speak(ANSELM)) == ["Brother Anselm"]
    assert await talk.undo()
    assert talk.session.path()[-1].name == "Marta"


async def test_each_is_sent_the_same_beginning_and_their_own_name_last(talk: Narrator) -> None:
    first = await talk.preview("Hello, Marta")
    other = await talk.preview("Hello, Odo")
    assert first.text.startswith(
        "<|system|>Enter RP mode. You are Marta, Brother Anselm and Odo Pinch, one at a time: the "
        "name that a reply begins with says who speaks. Write for nobody else.\n"
        "Marta: Be terse, Marta. Marta rows.\nBrother Anselm: Brother Anselm writes bad verse.\n"
        "The ferry waits.\nStay in character and answer in one to three sentences."
        "<|user|>Robin: A rhyme?<|model|>Brother Anselm: Moon, soon.<|model|>Marta: Marta nods."
    )
    assert first.text.endswith("<|user|>Robin: Hello, Marta<|model|>Marta:")
    assert other.text.endswith("<|user|>Robin: Hello, Odo<|model|>Odo Pinch:")
    assert first.tokens[: first.stable_tokens] == other.tokens[: first.stable_tokens]


async def test_every_other_name_ends_a_reply(talk: Narrator) -> None:
    writer = await talk.teller.writer(ANSELM, talk.cards)
    replying = Replying(talk.book, ANSELM, writer, talk.teller.sampling, talk.clock)
    drawing = await replying.drawing(talk.session.path(), talk.session.next_id)
    stop = drawing.request(1).stop
    assert {"\nRobin:", "\nMarta:", "\nOdo Pinch:"} <= set(stop)
    assert "\nBrother Anselm:" not in stop


async def test_a_save_keeps_them_all_and_who_came_can_be_taken_back(
    talk: Narrator, teller: Storyteller, program: Program
) -> None:
    await talk.book.record(talk.session.set("company", held([ANSELM])))
    assert [one.name for one in talk.cards] == ["Marta", "Brother Anselm"]
    assert await talk.undo()
    assert [one.name for one in talk.cards] == ["Marta", "Brother Anselm", "Odo Pinch"]
    path = talk.book.path
    await talk.close()
    again = resume(path, teller, program.clock)
    assert [one.data for one in again.cards] == [one.data for one in CARDS]
    await again.close()


async def test_what_a_save_holds_in_place_of_a_card_is_passed_over(talk: Narrator) -> None:
    record = talk.session.set("company", ["x", {"card": 3}, {"card": {"nothing": 1}}, *held([ODO])])
    await talk.book.record(record)
    assert [one.name for one in talk.cards] == ["Marta", "Odo Pinch"]


async def test_other_templates_say_it_their_way(talk: Narrator) -> None:
    for template in ("limarp", "pygmalion", "chatml", "mistral", "alpaca"):
        talk.teller.template_name = template
        text = (await talk.preview("Hello, Anselm")).text
        assert text.endswith("Brother Anselm:"), template
        assert "Marta rows." in text
        assert "Brother Anselm writes bad verse." in text
        named_lines = 2 if template in ("limarp", "pygmalion") else 0
        assert text.count("'s Persona: ") == named_lines
        assert text.count("The ferry waits.") == 1


async def test_a_talk_that_cannot_be_told_says_so_once(talk: Narrator) -> None:
    words = "Marta, Odo, " + "and so on, " * 3000
    events = [event async for event in talk.take_turn(words)]
    assert [isinstance(event, Failed) for event in events].count(True) == 1
