"""The cards that there are: found in folders, listed cheaply, bad ones included."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, cast

from pydantic import TypeAdapter

from tui.cards.card import Card, Kind
from tui.cards.formats.dialects import is_foreign
from tui.cards.formats.limits import NotACard
from tui.cards.formats.opening import CARD_SUFFIXES, container_of, open_card
from tui.cards.lorebook import as_text
from tui.cards.problems import CardError, Problem
from tui.cards.read import YAML_SUFFIXES, check_fields, inspect_card, read_text, without_world
from tui.cards.summaries import Kept, Summaries
from tui.cards.yamlfile import parse_yaml
from tui.machine import at_home

MAX_CARDS = 20_000
PUBLISHER = "Fabletop"
"""The `creator` of the cards that come with the game."""


@dataclass(frozen=True, slots=True)
class CardEntry:
    """What a list says of one card, without its world having been read."""

    id: str
    name: str
    kind: Kind
    path: Path
    tags: tuple[str, ...] = ()
    problem: str = ""
    """The first thing that is wrong with the card, as a sentence; empty where nothing is."""
    genre: str = ""
    length: str = ""
    tone: str = ""
    summary: str = ""
    """The scenario, the author's note or the description, whichever there is."""
    starred: bool = False
    adult: bool = False
    choices: int = 3
    creator: str = ""
    shipped: bool = False
    """Whether it came with the game; any other card wants a bigger model than the pocket one."""


class CardNotFound(Exception):
    """No card of that name; the message is one sentence for the player."""


def find_cards(folders: Iterable[Path], cache: Path | None = None) -> list[CardEntry]:
    """Every card in the folders, the starred first, then tales, then companions, by name.

    A card that can't be read is listed with its problem and never hides another. Of two
    with one id the first folder's keeps it, the other gets a number: `noir-2`. In the file `cache`
    what was found is kept for the next time.
    """
    taken: set[str] = set()
    kept = Summaries(cache, TypeAdapter(Kept[CardEntry]))
    found: list[CardEntry | None] = []
    for path in (path for folder in folders for path in card_files(folder)):
        card_id = free_id(path.stem, taken)
        found.append(kept.get(path, card_id, partial(card_entry, path, card_id)))
    kept.save()
    entries = [entry for entry in found if entry is not None]
    return sorted(
        entries,
        key=lambda entry: (
            not entry.starred,
            entry.kind != "tale",
            entry.name.casefold(),
            entry.id,
        ),
    )


def find_card(folders: Sequence[Path], wanted: str) -> Path:
    """The file of the card that `wanted` names: an id, a name, or a path.

    Raises `CardNotFound`.
    """
    direct = at_home(wanted)
    if direct.suffix.lower() in CARD_SUFFIXES and direct.is_file():
        return direct
    files = card_paths(folders)
    if wanted in files:
        return files[wanted]
    low = wanted.casefold()
    for entry in find_cards(folders):
        if low in (entry.id.casefold(), entry.name.casefold()):
            return entry.path
    if direct.is_file():
        kinds = ", ".join(CARD_SUFFIXES)
        raise CardNotFound(f"{wanted} is not a card; cards are files of these kinds: {kinds}")
    known = ", ".join(list(files)[:5])
    raise CardNotFound(
        f"There is no card named {wanted}; there are {known}"
        if known
        else f"There is no card named {wanted}"
    )


def card_paths(folders: Iterable[Path]) -> dict[str, Path]:
    """Every file that may be a card, by the id that it has in lists; none is opened."""
    taken: set[str] = set()
    return {free_id(path.stem, taken): path for folder in folders for path in card_files(folder)}


def card_files(folder: Path) -> list[Path]:
    """The files of a folder that may be cards, none where there is no such folder.

    YAML comes first, so that a card and its portrait may have one name.
    """
    try:
        found = [
            path
            for path in folder.iterdir()
            if path.suffix.lower() in CARD_SUFFIXES and path.is_file()
        ]
    except OSError:
        return []
    shown = [path for path in found if not path.name.startswith(".")]
    return sorted(shown, key=lambda path: (not is_yaml(path), path))[:MAX_CARDS]


def is_yaml(path: Path) -> bool:
    """Whether a file says that it is YAML."""
    return path.suffix.lower() in YAML_SUFFIXES


def free_id(stem: str, taken: set[str]) -> str:
    """An id that no other card has; `taken` is added to."""
    number, card_id = 1, stem
    while card_id in taken:
        number += 1
        card_id = f"{stem}-{number}"
    taken.add(card_id)
    return card_id


def card_entry(path: Path, card_id: str = "") -> CardEntry | None:
    """What a list says of the card in `path`; what is wrong inside its world is not looked for.

    None where it is a file of another kind: a portrait, say, or a lorebook.
    """
    card_id = card_id or path.stem
    if not is_yaml(path):
        return foreign_entry(path, card_id)
    try:
        text, _ = read_text(path, path.name)
        document = parse_yaml(without_world(text), path.name)
    except CardError as error:
        return CardEntry(card_id, card_id, "companion", path, problem=told(error.problems[0]))
    if is_foreign(document.data):
        card = inspect_card(path).card
        return entry_of(card, path, card_id) if card is not None else None
    if isinstance(document.data, dict) and "\nworld:" in f"\n{text}":
        cast("dict[str, object]", document.data).setdefault("kind", "tale")
    inspection = check_fields(document, path.name)
    problem = told(inspection.errors[0]) if inspection.errors else ""
    if inspection.card is None:
        return broken_entry(document.data, path, card_id, problem)
    return entry_of(inspection.card, path, card_id)


def foreign_entry(path: Path, card_id: str) -> CardEntry | None:
    """The entry of another program's card; None where the file holds none."""
    try:
        container = container_of(path, path.name)
        if container == "text":
            raise NotACard([])
        return entry_of(open_card(path, path.name, container).card, path, card_id)
    except NotACard:
        return None
    except CardError as error:
        return CardEntry(card_id, card_id, "companion", path, problem=told(error.problems[0]))


def broken_entry(data: object, path: Path, card_id: str, problem: str) -> CardEntry:
    """The entry of a card with something wrong in it, under its name if that much is there."""
    fields = cast("Mapping[str, Any]", data) if isinstance(data, dict) else {}
    kind: Kind = "tale" if fields.get("kind") == "tale" else "companion"
    return CardEntry(card_id, word(fields, "name") or card_id, kind, path, problem=problem)


def entry_of(card: Card, path: Path, card_id: str) -> CardEntry:
    """The entry of a card in which all is well."""
    return CardEntry(
        id=card_id,
        name=card.name,
        kind=card.kind,
        path=path,
        tags=card.tags,
        genre=card.genre,
        length=card.length,
        tone=card.tone,
        summary=" ".join((card.scenario or card.creator_notes or card.description).split()),
        starred=card.starred,
        adult=card.adult,
        choices=card.choices,
        creator=card.creator,
        shipped=is_yaml(path) and card.creator == PUBLISHER,
    )


def word(data: Mapping[str, Any], name: str) -> str:
    """A field's text on one line; empty where it has none."""
    value = as_text(data.get(name))
    return " ".join(value.split()) if isinstance(value, str) else ""


def told(problem: Problem) -> str:
    """A problem as a list shows it beside the file's own name: `line 14, name: is given twice`."""
    return Problem("", problem.line, problem.field, problem.text).sentence()
