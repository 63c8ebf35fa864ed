"""The commented card that `fabletop card new` starts from."""

from __future__ import annotations

from tui.cards.card import Kind

SCHEMA_PATH = "../docs/card.schema.json"
"""Where the schema is, seen from `characters/` in a checkout."""

HEAD = """\
# A card for Fabletop. Lines that begin with # are notes; delete them as you like.
# Put longer texts into a block: `field: |`, then the text on the next lines, indented.
# `fabletop card check FILE` finds mistakes, with their lines.
"""

COMPANION = """\
name: {name}
kind: companion
tags: [friendly, harbour]
creator: ""
creator_notes: ""            # your word to the player; the model never sees it

# Who it is. {{{{char}}}} is the companion, {{{{user}}}} the player.
description: |
  {{{{char}}}} mends nets on the quay and has an opinion about every ship.
personality: dry, kind, curious
scenario: |
  {{{{user}}}} has come to the quay to wait for a ferry that is late.

# The greeting, and others to pick from.
first_mes: |
  "The ferry?" {{{{char}}}} does not look up from the net. "Late. Sit down, then."
alternate_greetings:
  - |
    "You again." {{{{char}}}} moves a coil of rope to make room.

# How it talks. Every block begins with <START>.
mes_example: |
  <START>
  {{{{user}}}}: Have you lived here long?
  {{{{char}}}}: "Long enough to know every gull by its voice."

# Who the player is until they say otherwise.
persona:
  user_name: Wren
  user_persona: a traveller between two ferries

# What may be said first.
things_to_say:
  - Ask about the ferry
  - Ask what there is to eat here
  - Say nothing and watch the water

# All that it knows, hides, and refuses to speak of.
facts:
  - topic: the ferry
    words: [boat, ship]
    knows: it is late because of the fog
  - topic: the fog
    knows: it came down three nights ago and has not lifted
    hides: somebody on the far shore makes it
    after: [the ferry]
"""

TALE = """\
name: {name}
kind: tale
genre: mystery
tone: quiet
length: about 15 turns
tags: [coast]
creator: ""
creator_notes: ""            # your word to the player; the model never sees it

# Where things stand: one to four sentences that every prompt begins with.
scenario: >
  The shed by the water has been locked since the old keeper left. Tonight there is a light in it.

# What the player reads first.
first_mes: |
  The light in the shed goes out as you come up the path, as if it had heard you.

# Who the player is until they say otherwise.
persona:
  user_name: Wren
  user_persona: the keeper's grandchild

choices: 3

# The world: the program simulates it, the model tells it. See the page on worlds.
world:
  start:
    place: path
    carry: [lantern]
  clock:
    start: "21:00"
    minutes_per_turn: 5
  places:
    path:
      look: Wet grass, and the black water beside it.
      sight: the grass bends under the wind
      preposition: "on"
      outdoors: true
      exits:
        shed: {{to: shed, door: shed_door, name: the shed}}
    shed:
      look: Nets, a table, and the smell of a lamp just put out.
      dark: true
      exits:
        out: {{to: path, door: shed_door}}
  things:
    shed_door: {{open: false, locked: true, key: iron_key, look: its paint is gone}}
    stone: {{name: flat stone, at: path, fixed: true, look: it has been moved lately}}
    iron_key: {{at: under stone, hidden: true, look: it is warm from a hand}}
    lantern: {{lit: false, look: its glass is clean}}
    table: {{at: shed, fixed: true, holds: "on"}}
    letter: {{at: on table, text: I was never far away}}
  folk: {{}}
  goal:
    text: Find out who is in the shed
    steps:
      - text: Find the key
        when: carried iron_key
        hints: [Stones that were moved lately hide things.]
      - text: Go in
        when: at shed
  endings:
    letter:
      title: Never Far
      when: carried letter
      text: You read it twice by your own light. Then you leave the door open behind you.
"""


def new_card_template(kind: Kind = "tale", name: str = "", schema: str = SCHEMA_PATH) -> str:
    """A commented card to begin with; it can be played as it is.

    `schema` is the path or address that editors find the card's schema under.
    """
    body = TALE if kind == "tale" else COMPANION
    title = name or ("The Light in the Shed" if kind == "tale" else "Ada")
    return (
        f"# yaml-language-server: $schema={schema}\n"
        + HEAD
        + "\n"
        + body.format(name=quoted(title))
    )


def quoted(text: str) -> str:
    """A name as YAML may hold it."""
    plain = text.replace(" ", "").replace("-", "").replace("'", "").isalnum() and text[:1].isalpha()
    return (
        text
        if plain and text.lower() not in {"true", "false", "null"}
        else "'" + text.replace("'", "''") + "'"
    )
