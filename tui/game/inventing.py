"""A character that the model invents, from nothing but a name.

LimaRP's model card: the system sequence and the character's name, and the model writes persona and
scenario. Models that were not trained so are asked for the same, under the same headings.
"""

from __future__ import annotations

import re
from contextlib import aclosing
from pathlib import Path

from tui.cards import Card, card_from_data
from tui.cards.formats.yamlout import to_yaml
from tui.engine.backend import Piece, Request
from tui.game import cast
from tui.game.ours import is_ours
from tui.game.sentences import is_complete, trimmed
from tui.game.storyteller import Storyteller
from tui.prompt import Block, CardFacts, Part, Template, card_text
from tui.prompt.window import joined
from tui.store.files import free_path, in_words, slug, write_whole

SEEDS = 2**31
ABOUT_TOKENS = 420
GREETING_TOKENS = 160
TRIES = 3
SHORTEST = 20
TASK = "You invent characters for stories that are played together."
ASK = (
    "Invent a character called {name}. Write three paragraphs in the third person, each on one "
    "line, under these headings. {name}'s Persona: who {name} is, how they look, talk and live. "
    "User's Persona: whom they meet. Scenario: where the two meet, and what is at stake."
)
TOO_SMALL = (
    "The storyteller that ships is too small to invent anybody. Give it a bigger brother "
    '(--model FILE), or begin by hand: `fabletop card new "{name}" --kind companion`.'
)
_HEADING = re.compile(r"(?mi)^[^\w\n]*([^\n:]{1,60}['’]s persona|scenario)[^\w\n:]*:")
NOTHING = (
    "{model} wrote nothing of {name} that could be used. Another --seed, or another model, may do."
)


class NotInvented(Exception):
    """The model can't invent that character; the text says why, and what to do."""


async def invented(teller: Storyteller, name: str, seed: int) -> Card:
    """A companion called `name`, as the model imagines them.

    Raises NotInvented and BackendError.
    """
    model = await teller.ready()
    if is_ours(model):
        raise NotInvented(TOO_SMALL.format(name=name))
    for number in range(TRIES):
        said = headed(await _about(teller, name, seed + number), name)
        if len(said.get("about", "")) >= SHORTEST:
            break
    else:
        raise NotInvented(NOTHING.format(model=teller.path.name, name=name))
    greeting = await _greeting(teller, name, said, seed)
    return card_from_data(_fields(name, said, greeting), name)


def write_invented(folder: Path, card: Card) -> Path:
    """Write the card as YAML to be changed, under a free name. Raises StoreError."""
    with in_words("Could not make", folder):
        folder.mkdir(parents=True, exist_ok=True)
    paths = free_path(folder, slug(card.name), ".yaml")
    path = next(one for one in paths if not one.exists())
    write_whole(path, to_yaml(card))
    return path


def about_blocks(template: Template, name: str) -> list[Block]:
    """What the model is given to write persona and scenario; the last block is gone on with."""
    persona = next((line for line in template.card if "{about}" in line), "")
    if persona:
        begun = persona.partition("{about}")[0].replace("{char}", name).rstrip()
        return [Block("system", "system", begun)]
    return [
        Block("system", "system", TASK),
        Block("player", "memory", ASK.format(name=name)),
        Block("model", "reply", f"{name}'s Persona:"),
    ]


def headed(text: str, name: str) -> dict[str, str]:
    """What stands under each heading: `about`, `persona` (whom they meet) and `scenario`."""
    parts = _HEADING.split(text)
    found: dict[str, str] = {}
    for head, said in zip(parts[1::2], parts[2::2], strict=True):
        key = "scenario" if head.lower() == "scenario" else "persona"
        if key == "persona" and head.casefold().startswith(name.casefold()):
            key = "about"
        paragraph = said.strip(" *\n").split("\n\n")[0]
        line = " ".join(paragraph.split())
        line = line if is_complete(line) else trimmed(line)
        if line and key not in found:
            found[key] = line
    return found


async def _about(teller: Storyteller, name: str, seed: int) -> str:
    parts = teller.template.written(about_blocks(teller.template, name), name, opens=False)
    stop = (*teller.template.stop_strings("User", name), "Play the role", "<START>")
    text = await _written(teller, parts, ABOUT_TOKENS, seed, stop)
    return f"{name}'s Persona:{text}"


async def _greeting(teller: Storyteller, name: str, said: dict[str, str], seed: int) -> str:
    """What they say first."""
    facts = CardFacts(
        user=cast.SOMEBODY, char=name, about=said["about"], scenario=said.get("scenario", "")
    )
    told = Block("system", "system", card_text(teller.template, facts))
    parts = teller.template.written([told], name, opens=True)
    stop = (*teller.template.stop_strings(cast.SOMEBODY, name), f"\n{cast.SOMEBODY}:")
    text = await _written(teller, parts, GREETING_TOKENS, seed, stop)
    line = text.strip().removeprefix(f"{name}:").strip()
    return line if is_complete(line) else trimmed(line)


async def _written(
    teller: Storyteller, parts: list[Part], most: int, seed: int, stop: tuple[str, ...]
) -> str:
    request = Request(
        tokens=await teller.backend.encode(joined(parts), add_bos=True),
        max_tokens=most,
        sampling=teller.sampling,
        seed=seed,
        stop=stop,
    )
    text = ""
    async with aclosing(teller.backend.generate(request)) as events:
        async for event in events:
            if isinstance(event, Piece):
                text += event.text
    return text


def _fields(name: str, said: dict[str, str], greeting: str) -> dict[str, object]:
    """The card's fields, with names as macros, so that they can be changed in one place."""
    fields: dict[str, object] = {"name": name, "kind": "companion"}
    texts = {
        "description": said["about"],
        "scenario": said.get("scenario", ""),
        "first_mes": greeting,
    }
    for field, text in texts.items():
        if text:
            fields[field] = _with_macros(text, name)
    clause = re.match(r"(?:[\w’' -]{1,40}?) (?:is|was) (.+)", said.get("persona", ""))
    if clause:
        fields["persona"] = {"user_persona": clause[1].rstrip(".")}
    return fields


def _with_macros(text: str, name: str) -> str:
    text = re.sub(rf"\b{re.escape(name)}\b", "{{char}}", text)
    return re.sub(rf"\b(?:{cast.SOMEBODY}|User)\b", "{{user}}", text)
