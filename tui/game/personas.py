"""Personas: who the player can be, in a file that they write.

One entry a persona, by the name that stories call the player: a text, or `about` with the
`cards` (ids) that it is worn with unless something else is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import yaml

from tui.store.files import in_words, write_whole
from tui.store.yamltext import read_yaml

MOST_BYTES = 1 << 20
BEGINNING = """\
# Who you can be in stories: `/persona NAME` in a story, or `fabletop play CARD --persona NAME`.
# Each is a name, and who that is, as a clause. With `cards` it is worn there by itself.

# Wren: a traveller between two ferries
# Captain Ash:
#   about: a captain without a ship, polite and broke
#   cards: [hester-quill, odo-pinch]
"""


class NoPersona(ValueError):
    """There is no persona of that name; the text says which there are."""


@dataclass(frozen=True, slots=True)
class Worn:
    """One persona: what the player is called, who they are, and the cards that it is for."""

    name: str
    about: str = ""
    cards: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Personas:
    """Every persona in the file, in its order, and a sentence for each entry that is none."""

    path: Path
    every: tuple[Worn, ...] = ()
    problems: tuple[str, ...] = ()

    @classmethod
    def read(cls, path: Path) -> Personas:
        """The personas of a file; none where there is no such file. Raises StoreError."""
        if not path.exists():
            return cls(path)
        with in_words("Could not read", path), path.open("rb") as file:
            text = file.read(MOST_BYTES).decode("utf-8-sig", errors="replace")
        try:
            found: object = read_yaml(text)
        except (yaml.YAMLError, RecursionError, ValueError) as error:
            mark = getattr(error, "problem_mark", None)
            where = f", line {mark.line + 1}" if mark is not None else ""
            return cls(
                path, problems=(f"{path}{where}: it can't be read as YAML; mend that line.",)
            )
        if found is None:
            return cls(path)
        if not isinstance(found, Mapping):
            return cls(path, problems=(f"{path}: it should be lines of “name: who that is”.",))
        return _checked(path, cast("Mapping[object, object]", found))

    @staticmethod
    def begin(path: Path) -> None:
        """Write a commented file to begin with. Raises StoreError."""
        with in_words("Could not write", path):
            path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, BEGINNING.encode())

    def named(self, name: str) -> Worn | None:
        """The persona of that name, or whose name begins so; None where that is none."""
        wanted = name.strip().casefold()
        found = [one for one in self.every if one.name.casefold().startswith(wanted)]
        same = [one for one in found if one.name.casefold() == wanted]
        return next(iter(same or found), None) if wanted else None

    def called(self, name: str) -> Worn:
        """The persona of that name. Raises NoPersona."""
        if worn := self.named(name):
            return worn
        there = ", ".join(one.name for one in self.every) or "none yet"
        why = " ".join([f"There is no persona {name}. In {self.path}: {there}.", *self.problems])
        raise NoPersona(why)

    def for_card(self, card_id: str) -> Worn | None:
        """The persona that is worn with a card by itself."""
        return next((one for one in self.every if card_id in one.cards), None)


def _checked(path: Path, found: Mapping[object, object]) -> Personas:
    every: list[Worn] = []
    problems: list[str] = []
    for key, value in found.items():
        name = " ".join(str(key).split())
        fields = cast("Mapping[str, object]", value) if isinstance(value, Mapping) else None
        about = fields.get("about", "") if fields is not None else value
        cards = fields.get("cards", []) if fields is not None else []
        ids = [cards] if isinstance(cards, str) else cards
        if not name or not isinstance(about, str | None) or not isinstance(ids, list):
            problems.append(f"{path}: “{name}” wants a text, or `about` and `cards`.")
            continue
        known = tuple(str(one) for one in cast("list[object]", ids))
        every.append(Worn(name, " ".join((about or "").split()), known))
    return Personas(path, tuple(every), tuple(problems))
