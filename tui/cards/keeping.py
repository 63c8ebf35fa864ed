"""Keeping the player's cards: copied, opened for writing, thrown away and taken back.

Nothing is written over, and a card that came with the game stays as it is.
"""

from __future__ import annotations

from pathlib import Path

from tui.cards.formats.importing import copied, free_target, stem_of
from tui.cards.formats.opening import YAML_SUFFIXES
from tui.cards.formats.writing import belongings_of, write_card
from tui.cards.read import read_card

WRITABLE = (*YAML_SUFFIXES, ".json")
"""Kinds of card that an editor opens."""
TRASH = "trash"


def duplicate_card(source: Path, folder: Path) -> Path:
    """Copy a card's file into the player's folder under a free name. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    return copied(source, folder, stem_of(source.stem), source.suffix.lower())


def own_text(source: Path, folder: Path) -> Path:
    """The card as a text of the player's own, for their editor: itself, or else a copy.

    A card in a picture is written out as YAML, with the picture beside it.

    Raises:
        CardError: It can't be read.
        OSError: The copy can't be written.
    """
    suffix = source.suffix.lower()
    if source.parent == folder and suffix in WRITABLE:
        return source
    if suffix in WRITABLE:
        return duplicate_card(source, folder)
    folder.mkdir(parents=True, exist_ok=True)
    target = free_target(folder, stem_of(source.stem), ".yaml")
    target.write_bytes(write_card(read_card(source), ".yaml").content)
    if picture := belongings_of(source, source.name).picture:
        target.with_suffix(".png").write_bytes(picture)
    return target


def throw_card(path: Path) -> Path:
    """Move a card into the trash beside it; returns where it is now. Raises OSError."""
    trash = path.parent / TRASH
    trash.mkdir(exist_ok=True)
    return path.rename(free_target(trash, path.stem, path.suffix))


def take_card_back(thrown: Path) -> Path:
    """Move a card out of the trash, to where it was; returns its file. Raises OSError."""
    return thrown.rename(free_target(thrown.parent.parent, thrown.stem, thrown.suffix))
