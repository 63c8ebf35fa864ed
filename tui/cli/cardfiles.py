"""`fabletop card import|export|convert`: what the commands do with cards of other programs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from rich.progress import Progress, TextColumn

from tui.cards import Card, find_card, read_card
from tui.cards.formats.importing import Imported, import_cards
from tui.cards.formats.limits import MAX_PICTURE, MAX_TEXT
from tui.cards.formats.lorebooks import read_lorebook
from tui.cards.formats.writing import Belongings, belongings_of, write_card
from tui.cards.lorebook import Lorebook
from tui.cli.lines import Lines
from tui.cli.listing import say
from tui.game.program import Program
from tui.machine import at_home
from tui.store import StoreError
from tui.store.files import in_words


def take_in(program: Program, paths: list[Path]) -> bool:
    """Take cards of other programs in, as they are; whether there were some, and all could be read.

    Raises StoreError.
    """
    folder = program.paths.characters
    done: list[Imported] = []
    console = Lines(stderr=True)
    bar = Progress(TextColumn("{task.description}"), console=console, transient=True)
    with bar as progress:
        task = progress.add_task("Looking for cards")
        for one in _imported(paths, folder):
            done.append(one)
            progress.update(task, description=f"{len(done)} files")
            tell(one, alone=len(paths) == 1 and not paths[0].is_dir())
    summarise(done)
    bad = any(one.problem and one.is_card for one in done)
    return not bad and any(one.target for one in done)


def _imported(paths: list[Path], folder: Path) -> Iterator[Imported]:
    with in_words("Could not write into", folder):
        yield from import_cards((at_home(path) for path in paths), folder)


def tell(one: Imported, *, alone: bool) -> None:
    """What came of one file, in a line; of a folder's files that are no cards, nothing."""
    if one.target is not None:
        where = "was there already as" if one.already else "is now"
        say(f"{one.name} {where} {one.target.name} ({one.kept})")
        for text in one.warnings:
            say(f"  {text}.")
    elif one.is_card or alone:
        say(f"{one.problem}.")


def summarise(done: list[Imported]) -> None:
    """What came of all files, where there were several."""
    new = sum(one.target is not None and not one.already for one in done)
    others = sum(not one.is_card for one in done)
    bad = sum(bool(one.problem) and one.is_card for one in done)
    parts = [f"{new} card{'' if new == 1 else 's'} taken in"]
    parts += [f"{others} other file{'' if others == 1 else 's'} passed by"] if others else []
    parts += [f"{bad} that could not be read"] if bad else []
    if len(done) != 1:
        say(f"{', '.join(parts)}.")


def convert(
    program: Program,
    card: str,
    to: Path,
    *,
    picture: Path | None,
    lorebook: Path | None = None,
    v2: bool = False,
) -> None:
    """Write a card as another kind of file, with a picture and a lorebook where they are given.

    Raises CardNotFound, CardError and StoreError.
    """
    source = find_card(program.paths.card_folders, card)
    found = read_card(source)
    if lorebook is not None:
        found = with_book(found, read_lorebook(content_of(lorebook, MAX_TEXT), lorebook.name))
    save_as(source, to, found, picture, v2=v2)


def with_book(card: Card, book: Lorebook) -> Card:
    """The card with a lorebook's entries behind its own."""
    own = card.character_book
    both = book if own is None else own.model_copy(update={"entries": own.entries + book.entries})
    data = {**card.data, "character_book": both.model_dump(mode="json", exclude_unset=True)}
    return card.model_copy(update={"character_book": both}).known_as(card.id, data)


def save_as(source: Path, to: Path, card: Card, picture: Path | None, *, v2: bool) -> None:
    """Write the card with what came with it. Raises CardError and StoreError."""
    own = belongings_of(source, source.name)
    if picture is not None:
        own = replace(own, picture=content_of(picture, MAX_PICTURE))
    made = write_card(card, to.suffix, own, "V2" if v2 else "V3")
    write_new_file(at_home(to), made.content)
    left = f", without {' and '.join(made.left)}" if made.left else ""
    plain = to.suffix.lower() == ".png" and own == Belongings(files=own.files)
    say(f"Written: {to}{left}{' (with a plain picture; --picture takes another)' if plain else ''}")


def content_of(path: Path, most: int) -> bytes:
    """A file's bytes. Raises StoreError."""
    with in_words("Could not read", path):
        if path.stat().st_size > most:
            raise StoreError(f"{path} is bigger than {most // 1024 // 1024} MB.")
        return path.read_bytes()


def write_new_file(path: Path, content: bytes) -> None:
    """Write a file that isn't there yet. Raises StoreError."""
    with in_words("Could not write", path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as new:
            new.write(content)
