"""Prompts of a companion in play: lore, notes, pins, recall and macros, each in its place."""

from __future__ import annotations

import pytest

from tui.cards import Card, card_from_data
from tui.cards.lorebook import Lorebook
from tui.game.opening import Beginning, begin
from tui.game.program import Program
from tui.game.prompting import PromptWriter
from tui.game.storyteller import Storyteller
from tui.prompt import Prompt
from tui.story import Session

CARD = card_from_data(
    {
        "name": "Marta",
        "description": "{{char}} rows the ferry. {{pick:She hums,She spits,She waits}}.",
        "personality": "gruff",
        "scenario": "It is night.",
        "first_mes": "“Over?” she asks {{user}}.",
        "mes_example": "<START>\n{{user}}: Cold.\n{{char}}: “Always.”",
        "system_prompt": "Be terse. {{original}}",
        "post_history_instructions": "{{original}}Answer as {{char}}, on {{isodate}}.",
        "extensions": {"depth_prompt": {"prompt": "The river is high.", "depth": "4"}},
        "character_book": {
            "entries": [
                {"keys": ["x"], "content": "The river is the Ister.", "constant": True},
                {"keys": ["lamp"], "content": "@@odd 1\nLamps burn {{random:oil}}."},
                {"keys": ["/(a+)+$/"], "content": "never", "name": "bad"},
            ]
        },
    },
    "marta",
)


async def written(teller: Storyteller, session: Session, card: Card = CARD) -> Prompt:
    writer = await teller.writer(card)
    return await writer.prompt(session, session.path())


async def begun(program: Program, teller: Storyteller) -> Session:
    narrator = await begin(CARD, program.paths.saves, teller, program.clock)
    session = narrator.session
    await narrator.book.close()
    return session


def say(session: Session, text: str, at: float = 1_000_000.0) -> None:
    session.apply(session.say(text, name="Robin", at=at))


def answer(session: Session, text: str, **stats: float) -> None:
    here = session.here
    assert here is not None
    session.apply(session.reply_started(parent=here, name="Marta"))
    turn = session.here
    assert turn is not None
    session.apply(session.reply_ended(turn, text, finish="end", stats=stats))


async def test_everything_stands_in_its_place(program: Program, teller: Storyteller) -> None:
    session = await begun(program, teller)
    say(session, "Is the lamp lit?")
    answer(session, "It is.")
    say(session, "Good. " + "a" * 30 + "!")
    session.apply(session.pin(session.path()[1].id, "The lamp is lit."))
    session.apply(session.note("Be kind to {{user}}.", depth=2))
    text = (await written(teller, session)).text
    system, _, rest = text.partition("<|user|>")
    assert system.startswith("<|system|>Be terse. Enter RP mode. You are Marta.")
    assert "Marta rows the ferry. She " in system
    assert system.endswith("It is night.\nThe river is the Ister.")
    assert "{{" not in text
    assert rest.startswith(
        "Cold.<|model|>“Always.”<|model|>“Over?” she asks Robin."
        "<|system|>The river is high.<|user|>Is the lamp lit?<|model|>It is."
        "<|system|>Lamps burn oil.<|system|>Remember: The lamp is lit."
        "<|system|>Be kind to Robin.<|user|>Good. "
    )
    assert text.endswith("<|system|>Answer as Marta, on 1970-01-12.<|model|>")


async def test_every_fate_is_in_the_prompt(program: Program, teller: Storyteller) -> None:
    session = await begun(program, teller)
    say(session, "The lamp! " + "a" * 30 + "!")
    prompt = await written(teller, session)
    fates = {fate.entry: (fate.state, fate.word) for fate in prompt.lore}
    assert fates["x"] == ("constant", "")
    assert fates["lamp"] == ("fired", "lamp")
    assert all(len(one.why) < 120 for one in prompt.left_out)


async def test_what_never_changes_is_the_same_in_every_turn(
    program: Program, teller: Storyteller
) -> None:
    session = await begun(program, teller)
    prompts: list[Prompt] = []
    for turn in range(4):
        say(session, f"Turn {turn}, lamp.", at=1_000_000.0 + turn * 90_000)
        prompts.append(await written(teller, session))
        answer(session, "Yes.")
    stable = prompts[0].stable_tokens
    assert all(one.tokens[:stable] == prompts[0].tokens[:stable] for one in prompts)
    assert (await written(teller, session)).tokens == (await written(teller, session)).tokens


async def test_recall_brings_back_what_left_the_window(
    program: Program, teller: Storyteller
) -> None:
    session = await begun(program, teller)
    say(session, "My sister's name is Edda.")
    answer(session, "A good name.")
    say(session, "We row.")
    start = session.here
    assert start is not None
    answer(session, "We do.", first_turn=start)
    say(session, "What is my sister called?")
    prompt = await written(teller, session)
    recalled = [one.text for one in prompt.sections if one.kind == "recall"]
    assert recalled == ["<|system|>Earlier: Robin: My sister's name is Edda."]
    session.apply(session.set("recall", False))
    assert "Edda" not in (await written(teller, session)).text


async def test_macros_too_deep_are_told_and_the_game_goes_on(
    program: Program, teller: Storyteller
) -> None:
    session = await begun(program, teller)
    say(session, "hello")
    nested = "{{reverse:" * 1000 + "x" + "}}" * 1000
    card = CARD.model_copy(update={"description": nested, "mes_example": ""})
    await teller.ready()
    writer = PromptWriter(card, teller.template, teller.backend, 100_000)
    prompt = await writer.prompt(session, session.path())
    assert any("nested more than" in one.why for one in prompt.left_out)


@pytest.mark.parametrize("template", ["limarp-3", "limarp"])
async def test_the_length_is_the_sessions(
    program: Program, teller: Storyteller, template: str
) -> None:
    session = await begun(program, teller)
    say(session, "hello")
    session.apply(session.set("length", "huge"))
    teller.template_name = template
    text = (await written(teller, session)).text
    wanted = "### Response: (length = huge)\nMarta:" if template == "limarp-3" else "huge length."
    assert wanted in text


async def test_a_fact_stands_where_its_decorator_wants_it(
    program: Program, teller: Storyteller
) -> None:
    entries = [
        {"keys": ["one"], "content": "@@reverse_depth 2\nFrom the start."},
        {"keys": ["one"], "content": "@@role user\nThe player knows."},
        {"keys": [], "content": "@@position after_desc\nLast.", "constant": True},
        {"keys": [], "content": "@@position before_desc\nFirst.", "constant": True},
    ]
    card = CARD.model_copy(update={"character_book": Lorebook.model_validate({"entries": entries})})
    session = await begun(program, teller)
    for number in range(3):
        say(session, f"Words {number}.")
        answer(session, "Yes.")
    say(session, "One?")
    text = (await written(teller, session, card)).text
    assert "First.\nLast.<|user|>Cold." in text
    assert "<|model|>Yes.<|system|>From the start.<|user|>Words 1." in text
    assert "<|user|>The player knows.<|user|>One?" in text


async def test_a_fact_of_one_greeting_stays_out_of_the_others(
    program: Program, teller: Storyteller
) -> None:
    book = {"entries": [{"keys": ["one"], "content": "@@is_greeting 1\nOf the second."}]}
    data = {"name": "Ada", "first_mes": "A", "alternate_greetings": ["B"], "character_book": book}
    card = card_from_data(data, "ada")
    for greeting in (0, 1):
        how = Beginning(greeting=greeting)
        narrator = await begin(card, program.paths.saves, teller, program.clock, how)
        assert ("Of the second." in (await narrator.preview("one")).text) is bool(greeting)
        assert not narrator.session.can_undo
        await narrator.close()
