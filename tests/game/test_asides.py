"""What is asked beside a story: who talks, who the player is, how the model is spoken to."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tui.game.asides import Asides
from tui.game.group import NoCompany
from tui.game.personas import NoPersona, Personas
from tui.game.program import Program
from tui.game.storyteller import Storyteller
from tui.store import SettingsFile

PERSONAS = """\
Wren: a traveller
Captain Ash:
  about: a captain without a ship.
  cards: [ada, lamp]
Broken: {about: 3}
"""


@pytest.fixture
async def asides(program: Program, teller: Storyteller) -> AsyncIterator[Asides]:
    for name in ("Ada", "Ben"):
        path = program.paths.characters / f"{name.lower()}.yaml"
        path.write_text(f"name: {name}\nfirst_mes: Hello from {name}.\n", encoding="utf-8")
    narrator = await program.begin(program.card("ada"), teller, seed=1)
    yield Asides(program, narrator)
    await narrator.close()


async def test_somebody_comes_in_and_leaves_again(asides: Asides) -> None:
    assert await asides.invite("") == "In this talk: Ada. /invite CARD brings in somebody else."
    assert (await asides.invite("ben")).startswith("Ben has come in")
    assert asides.names() == ("Ada", "Ben")
    assert await asides.invite("ben") == "Ben is here already."
    assert "is a tale" in await asides.invite("lamp")
    assert "no card named nowhere" in await asides.invite("nowhere")
    assert await asides.dismiss("Cid") == "There is no Cid here, only Ada and Ben."
    assert "Ada's story" in await asides.dismiss("ada")
    assert (await asides.dismiss("be")).startswith("Ben has left")
    assert asides.names() == ("Ada",)
    assert await asides.narrator.undo()
    assert asides.names() == ("Ada", "Ben")


async def test_a_persona_is_taken_and_given_back_in_one_step(asides: Asides) -> None:
    path = asides.program.paths.personas
    assert (
        await asides.persona("") == f"Written: {path}. Put your personas there, then /persona NAME."
    )
    assert not Personas.read(path).problems
    path.write_text(PERSONAS, encoding="utf-8")
    listing = await asides.persona("")
    assert listing.startswith(f"You are Robin. In {path}: Wren, Captain Ash.")
    assert "“Broken” wants a text" in listing
    assert "There is no persona Moth" in await asides.persona("Moth")
    told = await asides.persona("capt")
    assert told == "You are Captain Ash, a captain without a ship, from here on."
    session = asides.narrator.session
    assert (session.persona, session.persona_text) == ("Captain Ash", "a captain without a ship.")
    text = (await asides.narrator.preview("hello")).text
    assert "Captain Ash is a captain without a ship." in text
    assert await asides.narrator.undo()
    assert (session.persona, session.persona_text) == ("Robin", "")


async def test_a_persona_is_worn_with_its_cards_by_itself(
    asides: Asides, program: Program, teller: Storyteller
) -> None:
    program.paths.personas.write_text(PERSONAS, encoding="utf-8")
    for card, wanted, worn in (
        ("ada", "", "Captain Ash"),
        ("ada", "wren", "Wren"),
        ("ben", "", "Robin"),
    ):
        narrator = await program.begin(program.card(card), teller, persona=wanted)
        assert narrator.session.persona == worn
        await narrator.close()
    with pytest.raises(NoPersona, match="There is no persona Moth"):
        await program.begin(program.card("ada"), teller, persona="Moth")
    with pytest.raises(NoCompany, match="is a tale"):
        await program.begin(program.card("ada"), teller, company=[program.card("lamp")])


@pytest.mark.parametrize("text", ["a: [", "- a", "7", "", "# nothing\n"])
async def test_a_file_that_is_none_never_stops_a_story(asides: Asides, text: str) -> None:
    path = asides.program.paths.personas
    path.write_text(text, encoding="utf-8")
    found = Personas.read(path)
    assert found.every == ()
    assert all(str(path) in problem for problem in found.problems)
    assert (await asides.persona("x")).count("\n") == 0


async def test_another_template_is_kept_for_this_model(asides: Asides, program: Program) -> None:
    assert "is spoken to as metharme" in await asides.template("")
    assert "Perhaps alpaca" in await asides.template("alpacka")
    assert "as alpaca now: chosen in the settings" in await asides.template("alpaca")
    assert "### Response:" in (await asides.narrator.preview("hello")).text
    assert SettingsFile.read(program.paths.settings).values.models["tiny.gguf"].template == "alpaca"
    assert program.storyteller().template.name == "alpaca"
    assert "as metharme now" in await asides.template("auto")
    assert SettingsFile.read(program.paths.settings).values.models["tiny.gguf"].template == ""
    assert [name for name, _ in asides.templates()][:2] == ["auto", "adventure"]


async def test_the_story_so_far_is_rewritten_and_switched(asides: Asides) -> None:
    assert "Nothing has left" in await asides.recap("")
    assert "is yours now" in await asides.recap("Ada owes them a boat.")
    assert await asides.recap("") == "Ada owes them a boat."
    text = (await asides.narrator.preview("hello")).text
    assert "<|system|>The story so far: Ada owes them a boat.<|user|>hello" in text
    assert "no longer told" in await asides.recap("off")
    assert "owes" not in (await asides.narrator.preview("hello")).text
    assert (await asides.recap("")).endswith("(It is off: /recap on.)")
    assert await asides.narrator.undo()
    assert "owes" in (await asides.narrator.preview("hello")).text


async def test_a_setting_keeps_the_recap_off(program: Program, asides: Asides) -> None:
    program.settings = program.settings.model_copy(update={"recap": False})
    narrator = await program.begin(program.card("ada"), asides.narrator.teller)
    assert narrator.session.settings["recap"] is False
    assert not narrator.session.can_undo
    await narrator.close()
