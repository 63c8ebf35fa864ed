"""Characters that the model invents: what it is given, what is made of its words, and when it can't."""

from __future__ import annotations

import pytest

from tui.cards.formats.yamlout import to_yaml
from tui.cards.read import read_card
from tui.game.inventing import NotInvented, about_blocks, headed, invented
from tui.game.storyteller import Storyteller
from tui.prompt import shipped_templates

SAID = """\
Ada's Persona: Ada mends nets on the quay, and has an opinion. She is tall and

**User's Persona:** User is a sailor who came home.

Scenario: It rains. The ferry is late.

Play no more.
"""


def test_limarp_gets_the_system_sequence_and_the_name_alone() -> None:
    template = shipped_templates()["limarp"]
    parts = template.written(about_blocks(template, "Ada"), "Ada", opens=False)
    assert "".join(part.text for part in parts) == "<<SYSTEM>>\nAda's Persona:"


@pytest.mark.parametrize("name", ["metharme", "chatml", "mistral", "adventure"])
def test_others_are_asked_and_their_answer_is_begun(name: str) -> None:
    template = shipped_templates()[name]
    text = "".join(
        part.text for part in template.written(about_blocks(template, "Ada"), "Ada", opens=False)
    )
    assert "Invent a character called Ada." in text
    assert text.endswith("Ada's Persona:")


def test_what_stands_under_the_headings() -> None:
    assert headed(SAID, "Ada") == {
        "about": "Ada mends nets on the quay, and has an opinion.",
        "persona": "User is a sailor who came home.",
        "scenario": "It rains. The ferry is late.",
    }
    assert headed("Ada's Persona: nonsense without end", "Ada") == {"about": "nonsense without end"}
    assert headed("Ada's Persona:", "Ada") == {}


async def test_a_card_is_made_that_can_be_written_and_read(teller: Storyteller) -> None:
    teller.template_name = "limarp"
    try:
        card = await invented(teller, "Ada", 3)
    except NotInvented as error:
        pytest.fail(str(error))
    assert card.name == "Ada"
    assert card.kind == "companion"
    assert len(card.description) >= 20
    again = read_card(to_yaml(card), "ada.yaml")
    assert (again.description, again.first_mes) == (card.description, card.first_mes)


async def test_a_model_of_ours_says_kindly_that_it_is_too_small(teller: Storyteller) -> None:
    await teller.ready()
    model = teller.backend.model
    assert model is not None
    assert isinstance(model.metadata, dict)
    model.metadata["fabletop.made"] = "here"
    with pytest.raises(NotInvented, match="too small to invent anybody"):
        await invented(teller, "Ada", 3)
