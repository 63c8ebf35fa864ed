"""Pieces: what telling a story takes, put together for a Program.

With this come the engine's client, the prompts, the worlds and the Narrator, so that `Program`
imports it only when a story or a model is asked for, and the library is up before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from tui.cards import Card, CardError, CardNotFound
from tui.engine.backend import BackendError, LoadSettings
from tui.engine.client import LlamaBackend
from tui.engine.memory import available_bytes
from tui.game.ahead import POWER, on_battery, worth_it
from tui.game.changes import Change, other_card, other_model
from tui.game.group import company_of
from tui.game.modelshelf import ModelShelf
from tui.game.narrator import Narrator
from tui.game.opening import Beginning, begin, resume
from tui.game.personas import NoPersona
from tui.game.storyteller import Storyteller
from tui.game.templatefiles import templates_in
from tui.prompt import CannotFit, TemplateError
from tui.store import Settings, StoreError
from tui.store.migrate import bring_up
from tui.story import Session
from tui.world import WorldError

if TYPE_CHECKING:
    from tui.game.program import Program


def shelf_of(program: Program) -> ModelShelf:
    """The models on this machine, and what the player wants of each."""
    paths = program.paths
    return ModelShelf(
        paths.model_folders,
        paths.cache,
        program.settings,
        program.places,
        paths.log,
        program.memory or available_bytes,
    )


def storyteller(program: Program, model: str) -> Storyteller:
    """The storyteller on that model; nothing is loaded yet. Raises NoModel."""
    settings, paths, shelf = program.settings, program.paths, shelf_of(program)
    found = shelf.find(model)
    choice = shelf.choice(found)
    load = LoadSettings(
        n_ctx=shelf.n_ctx(found),
        gpu_layers=settings.gpu_layers,
        n_threads=settings.n_threads,
        loras=shelf.loras(found),
    )
    return Storyteller(
        LlamaBackend(log=paths.log, cache=paths.cache),
        found.path,
        load,
        template_name=choice.template,
        overrides={**settings.sampling, **choice.sampling},
        templates=templates_in(paths.templates).templates,
        readier=shelf.readier(found),
    )


async def begun(
    program: Program,
    card: Card,
    teller: Storyteller,
    *,
    seed: int | None,
    greeting: int,
    company: Sequence[Card],
    persona: str,
) -> Narrator:
    """A new session. Raises NoCompany, NoPersona, StoreError and WorldError."""
    how = _beginning(program, card, company, seed=seed, greeting=greeting, persona=persona)
    narrator = await begin(card, program.paths.saves, teller, program.clock, how)
    narrator.thinks_ahead = thinks_ahead(program)
    return narrator


def _beginning(
    program: Program,
    card: Card,
    company: Sequence[Card] = (),
    *,
    seed: int | None = None,
    greeting: int = 0,
    persona: str = "",
) -> Beginning:
    """How the player's settings want a story begun. Raises NoCompany, NoPersona and StoreError."""
    others = company_of(card, company)
    worn = program.persona(card, persona)
    settings = program.settings
    return Beginning(
        seed=seed,
        persona=worn.name if worn else settings.user_name,
        persona_text=worn.about if worn else settings.persona,
        greeting=greeting,
        company=others,
        recap=settings.recap,
        choices=settings.choices if settings.choices != Settings().choices else None,
    )


async def foreseen(program: Program, card: Card, teller: Storyteller, greeting: int) -> None:
    """Read what a new story of a card would begin with, where that takes a time that is felt."""
    model = teller.model
    if model is not None and worth_it(model) and thinks_ahead(program):
        with suppress(BackendError, CannotFit, NoPersona, StoreError, TemplateError, WorldError):
            await read_beginning(program, card, teller, greeting)


async def read_beginning(
    program: Program, card: Card, teller: Storyteller, greeting: int = 0
) -> None:
    """Have read, beside the live story, what a new one of a card begins with; no save is made.

    Raises BackendError, CannotFit, NoPersona, StoreError, TemplateError and WorldError.
    """
    how = _beginning(program, card, greeting=greeting)
    with TemporaryDirectory() as folder:
        narrator = await begin(card, Path(folder), teller, program.clock, how)
        await narrator.book.close()
        session = narrator.session
    writer = await teller.writer(card)
    prompt = await writer.upcoming(session, session.path())
    await teller.backend.read_ahead(prompt.tokens)


def resumed(program: Program, save: Path, teller: Storyteller, *, read_only: bool) -> Narrator:
    """The session in a save, with the card as it was. Raises StoreError."""
    if not read_only:
        bring_up(save, program.paths.trash)
    narrator = resume(save, teller, program.clock, read_only=read_only)
    narrator.thinks_ahead = thinks_ahead(program)
    if narrator.stage:
        narrator.stage.at(narrator.session, narrator.session.here)
    if not read_only:
        narrator.changes = tuple(changes(program, narrator.session, teller))
    return narrator


def changes(program: Program, session: Session, teller: Storyteller) -> Iterator[Change]:
    """What is no longer as it was when the story was told last."""
    if change := other_model(session, teller.path):
        yield change
    try:
        card = program.card(session.header.card_id)
    except (CardNotFound, CardError):
        return
    if change := other_card(session, card):
        yield change


def thinks_ahead(program: Program, power: Path = POWER) -> bool:
    """Whether the storyteller may use the time while the player reads."""
    asked = program.settings.ahead
    return asked is True or (asked == "auto" and not on_battery(power))
