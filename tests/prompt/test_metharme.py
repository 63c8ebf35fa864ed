"""Metharme's prompts, byte for byte as its model card has them."""

from __future__ import annotations

from collections.abc import Sequence

from tui.prompt import Block, Template, list_of, shipped_templates
from tui.story import Choice

SYSTEM = (
    "This is a text adventure game. Describe the scenario to the user and give him three "
    "options to pick from on each turn."
)
REPLY = (
    "You are standing in front of an old, abandoned house. The windows are boarded up, and "
    "there's no sign of life around it. As you approach, you notice a strange feeling emanating "
    "from within. Suddenly, you hear a voice calling out to you... 'Come inside!'"
)
CHOICES = (
    Choice("Go inside the house."),
    Choice("Ignore the call and move away."),
    Choice("Run as fast as you can."),
)
FIRST = f"<|system|>{SYSTEM}<|user|>Start!<|model|>"
SECOND = (
    f"{FIRST}{REPLY}\n\n- Go inside the house.\n- Ignore the call and move away.\n"
    "- Run as fast as you can.<|user|>go inside<|model|>"
)


def metharme() -> Template:
    return shipped_templates()["metharme"]


def written(blocks: Sequence[Block]) -> str:
    template = metharme()
    return "".join(part.text for part in (*template.parts(blocks), *template.opening()))


def test_the_cards_first_prompt() -> None:
    blocks = [Block("system", "system", SYSTEM), Block("player", "player", "Start!", turn=1)]
    assert written(blocks) == FIRST


def test_the_cards_second_prompt() -> None:
    blocks = [
        Block("system", "system", SYSTEM),
        Block("player", "player", "Start!", turn=1),
        Block("model", "reply", REPLY, turn=2),
        Block("model", "choices", list_of(CHOICES, metharme().choice), turn=2),
        Block("player", "player", "go inside", turn=3),
    ]
    assert written(blocks) == SECOND


def test_a_scene_line_is_a_system_block_of_its_own_after_the_words() -> None:
    blocks = [
        Block("system", "system", "A tale."),
        Block("player", "player", "Start!", turn=1),
        Block("system", "scene", "Scene: the quay. Now: you arrive.", turn=1),
    ]
    assert written(blocks) == (
        "<|system|>A tale.<|user|>Start!<|system|>Scene: the quay. Now: you arrive.<|model|>"
    )


def test_a_reply_ends_at_every_role_word() -> None:
    assert set(metharme().stop_strings()) == {"<|system|>", "<|user|>", "<|model|>"}
