"""How a session begins and how it is taken up again."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tui.cards import Card, card_from_data
from tui.game import cast, recap
from tui.game.book import Book
from tui.game.group import held
from tui.game.narrator import Narrator
from tui.game.stage import Stage, stage_of
from tui.game.storyteller import Storyteller
from tui.prompt import Names, listed, resolve
from tui.store.files import free_path, slug
from tui.store.journal import SUFFIX
from tui.story import Choice, new_header

START = "Start!"
"""What the player says at the root of every tale, as Metharme's card has it."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a new session is begun with; `persona` is empty where the card's own is wanted."""

    seed: int | None = None
    persona: str = ""
    persona_text: str = ""
    greeting: int = 0
    """0 is `first_mes`, 1 and up the alternate greetings."""
    choices: int | None = None
    recap: bool = True
    """Whether what leaves the storyteller's memory is summed up."""
    company: tuple[Card, ...] = ()
    """Who else is in a talk of several."""


async def begin(
    card: Card,
    folder: Path,
    teller: Storyteller,
    clock: Callable[[], float],
    beginning: Beginning | None = None,
) -> Narrator:
    """A new session of `card`, its opening laid down and saved in `folder`.

    Raises StoreError where the save cannot be made and WorldError where the card's world is wrong.
    """
    how = beginning or Beginning()
    seed = secrets.randbelow(2**31) if how.seed is None else how.seed
    user = how.persona or card.user_name or cast.SOMEBODY
    title = listed([one.name for one in (card, *how.company)])
    header = new_header(
        session_id=secrets.token_hex(8),
        name=title,
        card_id=card.id,
        card=card.data,
        model=str(teller.path),
        persona=user,
        persona_text=how.persona_text or card.user_persona,
        created_at=clock(),
        world_seed=seed,
        company=held(how.company),
    )
    stage = stage_of(card, user, seed)
    book = Book.create(_new_save(folder, title), header)
    narrator = Narrator(book, card, teller, clock, stage)
    if how.choices is not None:
        await book.record(book.session.set("choices", how.choices, step="none", at=clock()))
    if how.greeting:
        await book.record(book.session.set("greeting", how.greeting, step="none", at=clock()))
    if not how.recap:
        await book.record(book.session.set(recap.KEY, False, step="none", at=clock()))
    await _lay_opening(narrator, how.greeting)
    return narrator


def resume(
    save: Path,
    teller: Storyteller,
    clock: Callable[[], float],
    *,
    card: Card | None = None,
    read_only: bool = False,
) -> Narrator:
    """The session in the file `save`, with its own copy of its card unless `card` is given.

    Raises StoreError where the file cannot be opened.
    """
    book = Book.open(save, read_only=read_only)
    session = book.session
    own = card or card_from_data(session.card, session.header.card_id)
    stage = stage_of(own, cast.user_name(session, own), session.header.world_seed)
    return Narrator(book, own, teller, clock, stage)


def opening_of(card: Card, user: str, greeting: int = 0, *, several: bool = False) -> str:
    """The text that a session of `card` begins with, its names filled in."""
    texts = (card.first_mes, *card.alternate_greetings)
    if several and not greeting and card.group_only_greetings:
        texts = card.group_only_greetings
    text = texts[greeting] if 0 <= greeting < len(texts) else card.first_mes
    return resolve(text, Names(user, cast.teller(card))).strip()


def opening_choices(card: Card, stage: Stage | None, user: str, count: int) -> tuple[Choice, ...]:
    """The choices under an opening: what the World offers first, else the card's own lines."""
    if not count:
        return ()
    if stage:
        options = stage.world.options(stage.start, count)[:count]
        return tuple(Choice(option.phrasings[0], option.action.id) for option in options)
    written = card.opening_choices if card.kind == "tale" else card.things_to_say
    known = Names(user, cast.teller(card))
    return tuple(Choice(resolve(text, known)) for text in written[:count])


def _new_save(folder: Path, name: str) -> Path:
    """A path in `folder` that no save has yet."""
    paths = free_path(folder, slug(name), SUFFIX)
    return next(path for path in paths if not path.exists())


async def _lay_opening(narrator: Narrator, greeting: int) -> None:
    """Put down the root and the opening; they are not steps that undo takes back."""
    session, card, stage = narrator.session, narrator.card, narrator.stage
    user = cast.user_name(session, card)
    if card.kind == "tale":
        scene = (
            stage.world.scene_line(stage.start, stage.world.opening(stage.start)) if stage else ""
        )
        await narrator.book.record(session.lay("player", START, name=user, scene=scene, root=True))
    choices = opening_choices(card, stage, user, cast.choice_count(session, card))
    others = narrator.cards[1:]
    text = opening_of(card, user, greeting, several=bool(others))
    told = [(card, text), *((one, opening_of(one, user, several=True)) for one in others)]
    told = [one for one in told if one[1]] or told[:1]
    for place, (who, words) in enumerate(told, 1):
        laid = session.lay(
            "model",
            words,
            name=cast.teller(who),
            choices=choices if place == len(told) else (),
            root=place == 1 and card.kind != "tale",
        )
        await narrator.book.record(laid)
