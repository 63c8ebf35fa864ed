"""Small stories that every template is shown, for golden files."""

from __future__ import annotations

from dataclasses import replace

from tui.prompt import Block, Part, Template, list_of
from tui.prompt.cardtext import CardFacts, card_text
from tui.prompt.examples import example_blocks
from tui.story import Choice

FACTS = CardFacts(
    user="Ann",
    char="Marta",
    about="Marta rows the ferry. She says little.",
    scenario="It is night on the river.",
    persona="a sailor who came home",
)
LISTED = (Choice("Ask about the lock"), Choice("Pay her"), Choice("Wait"))


def system(template: Template, known: CardFacts) -> Block:
    return Block("system", "system", card_text(template, known))


def player(text: str, turn: int, *, unseen: bool = False) -> Block:
    return Block("player", "player", text, "Ann", turn, unseen=unseen)


def reply(text: str, turn: int, name: str = "Marta") -> Block:
    return Block("model", "reply", text, name, turn)


def scene(text: str, turn: int, *, unseen: bool = False) -> Block:
    return Block("system", "scene", text, turn=turn, unseen=unseen)


GREETING = reply("“Over?” she asks.", 1)
TALK = (
    GREETING,
    player("Yes, please.", 2),
    reply("She pushes off.", 3),
    player("How deep is it?", 4),
    reply("“Deep enough.”", 5),
    player("What do you fear?", 6),
)
EXAMPLES = "<START>\n{{user}}: Cold night.\n{{char}}: “They all are.”\nShe spits.\n"
NOTE = Block("system", "note", "Marta is tired.")
LAST = Block("system", "post_history", "Keep it short.")


def stories(template: Template) -> dict[str, list[Part]]:
    """Every story in `template`'s form, by what it shows."""
    named = template.with_length("long") if template.lengths else template
    told = system(template, FACTS)
    tale = system(
        template, replace(FACTS, tale=True, char="Narrator", about="", choices=3, tone="wry")
    )
    begun = [
        tale,
        player("Start!", 1, unseen=True),
        scene("Scene: the quay, dusk. Now: you arrive.", 1, unseen=True),
        reply("You arrive.", 2, "Narrator"),
        Block("model", "choices", list_of(LISTED, template.choice), turn=2),
        player("I wait for my boat", 3),
        scene("Scene: the quay, night. Now: you wait.", 3),
    ]
    later = [reply("Nothing comes.", 4, "Narrator"), player("“Hello?”", 5)]
    return {
        "one turn": template.written([told, GREETING, TALK[1]], "Marta", opens=True),
        "three turns": template.written([told, *TALK], "Marta", opens=True),
        "the player first": template.written([told, TALK[1]], "Marta", opens=True),
        "no persona": template.written(
            [system(template, replace(FACTS, persona="")), GREETING, TALK[1]], "Marta", opens=True
        ),
        "examples, note, last words": template.written(
            [
                told,
                *example_blocks(EXAMPLES, "Ann", "Marta"),
                *TALK[:5],
                NOTE,
                TALK[5],
                LAST,
            ],
            "Marta",
            opens=True,
        ),
        "a tale with scene lines": template.written([*begun, *later], "Narrator", opens=True),
        "a reply to go on with": template.written([told, *TALK[:3]], "Marta", opens=False),
        "another length": named.written(
            [system(named, FACTS), GREETING, TALK[1]], "Marta", opens=True
        ),
    }
