"""The promises of a prompt, for any session, card, lorebook, talk and context from 256 up."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.game.letters import letters
from tui.cards import Card, card_from_data
from tui.game import recap
from tui.game.prompting import PromptWriter
from tui.prompt import CannotFit, Prompt, shipped_templates
from tui.story import Session, new_header

TEMPLATES = shipped_templates()
WORDS = st.text(st.sampled_from("abc xyz.“”*\n{}@<|>é"), max_size=120)
ENTRIES = st.lists(
    st.fixed_dictionaries(
        {
            "keys": st.lists(st.sampled_from(["a", "xy", "/(a+)+$/", "zz"]), max_size=2),
            "content": WORDS,
            "constant": st.booleans(),
        }
    ),
    max_size=6,
)
CARDS = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["Marta", "Odo Pinch"]),
        "kind": st.just("companion"),
        "description": WORDS,
        "scenario": WORDS,
        "mes_example": WORDS.map(lambda text: f"<START>\n{{{{char}}}}: {text}"),
        "system_prompt": st.sampled_from(["", "Be {{char}}. {{original}}"]),
        "post_history_instructions": st.sampled_from(["", "Short, {{user}}."]),
        "character_book": st.fixed_dictionaries({"entries": ENTRIES}),
    }
)


def story(card: Card, turns: list[tuple[str, str]], note: str) -> Session:
    session = Session()
    session.apply(new_header(session_id="s", name="x", card_id="x", card=card.data, persona="Ann"))
    session.apply(session.lay("model", "Hello.", name=card.name, root=True))
    for said, told in turns:
        session.apply(session.say(said or "…", name="Ann", at=1e6))
        session.apply(session.reply_started(parent=session.here, name=card.name))
        session.apply(session.reply_ended(session.here or 0, told))
    if note:
        session.apply(session.note(note))
        session.apply(session.pin(session.here or 0, note))
        session.apply(session.remember(note))
        for record in recap.rewritten(session, note, 0.0):
            session.apply(record)
    session.apply(session.say("LAST WORDS", name="Ann", at=1e6))
    return session


async def written(writer: PromptWriter, session: Session) -> Prompt | str:
    try:
        return await writer.prompt(session, session.path())
    except CannotFit as error:
        return str(error)


@settings(deadline=None, max_examples=60)
@given(
    name=st.sampled_from(sorted(TEMPLATES)),
    data=CARDS,
    other=st.booleans(),
    turns=st.lists(st.tuples(WORDS, WORDS), max_size=12),
    note=WORDS,
    context=st.integers(256, 4096),
)
async def test_a_prompt_keeps_its_promises(
    name: str,
    data: dict[str, object],
    other: bool,
    turns: list[tuple[str, str]],
    note: str,
    context: int,
) -> None:
    card = card_from_data(data, "one")
    company = (card, card_from_data({"name": "Ben", "kind": "companion"}, "ben")) if other else ()
    writer = PromptWriter(card, TEMPLATES[name], letters(), context, company=company)
    session = story(card, turns, note)
    prompt = await written(writer, session)
    again = PromptWriter(card, TEMPLATES[name], letters(), context, company=company)
    repeated = await written(again, session)
    if isinstance(prompt, str):
        assert prompt == repeated
        assert "needs" in prompt
        assert "\n" not in prompt
        return
    assert isinstance(repeated, Prompt)
    assert prompt.tokens == repeated.tokens
    assert len(prompt.tokens) <= prompt.room < context
    assert "LAST WORDS" in prompt.text or "last words" in prompt.text.lower()
    kept = [turn.id for turn in session.path() if turn.role == "player"]
    shown = sorted({one.turn for one in prompt.sections if one.kind == "player" and one.turn})
    assert shown == kept[len(kept) - len(shown) :], "the oldest go first"
    session.apply(session.reply_started(parent=session.here, name=card.name))
    first = {"first_turn": float(prompt.first_turn or 0)}
    session.apply(session.reply_ended(session.here or 0, "Yes.", stats=first))
    session.apply(session.say("MORE", name="Ann", at=2e6))
    later = await written(writer, session)
    if isinstance(later, Prompt):
        stable = min(prompt.stable_tokens, later.stable_tokens)
        examples = any(one.kind == "example" for one in (*prompt.left_out, *later.left_out))
        assert examples or later.tokens[:stable] == prompt.tokens[:stable]


@pytest.mark.parametrize("context", [256, 512])
async def test_a_description_longer_than_the_context_is_one_sentence(context: int) -> None:
    card = card_from_data({"name": "Marta", "description": "long " * 100_000}, "marta")
    writer = PromptWriter(card, TEMPLATES["metharme"], letters(), context)
    said = await written(writer, story(card, [], ""))
    assert isinstance(said, str)
    assert said.startswith("This story needs 500,")
    assert "shorten the card" in said
