"""Playing: which front end opens; each is imported only where it does, so that none waits for another."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass

from tui.cards import CardNotFound
from tui.game.program import Program


@dataclass(frozen=True, slots=True)
class Resuming:
    """How a story is gone on with: in a copy, only read, with the card as it is now."""

    copy: bool = False
    read: bool = False
    new_card: bool = False


def library(program: Program) -> None:
    """Open the library; with no terminal, the starred tale in plain mode."""
    if on_terminal():
        screens(program)
    else:
        play(program, plain=True)


def play(
    program: Program,
    *wanted: str,
    model: str = "",
    seed: int | None = None,
    persona: str = "",
    plain: bool = False,
) -> None:
    """A new session of a card, or a talk of several, on the screens or in plain mode."""
    names = wanted or (starred(program),)
    cards = [program.card(name) for name in names]
    if plain or not on_terminal():
        from tui.cli.plainly import begin_plainly

        begin_plainly(program, cards, model, seed, persona)
    else:
        screens(program, cards=names, persona=persona, model=model, seed=seed)


def resume(
    program: Program, wanted: str, how: Resuming, *, model: str = "", plain: bool = False
) -> None:
    """An earlier session, on the screens or in plain mode."""
    save = program.save(wanted)
    if how.copy:
        save = program.copy(save)
    if plain or not on_terminal():
        from tui.cli.plainly import resume_plainly

        resume_plainly(program, save, model, how)
    else:
        screens(program, save=str(save), model=model, read_only=how.read)


def starred(program: Program) -> str:
    """The id of the tale to start with. Raises CardNotFound."""
    for entry in program.cards():
        if not entry.problem:
            return entry.id
    raise CardNotFound(f"There is no card to play: put one into {program.paths.characters}.")


def on_terminal() -> bool:
    """Whether the screens can be shown."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def screens(
    program: Program,
    *,
    cards: Sequence[str] = (),
    persona: str = "",
    save: str = "",
    model: str = "",
    seed: int | None = None,
    read_only: bool = False,
) -> None:
    """The full-screen program."""
    from tui.app import run

    run(
        program,
        cards=cards,
        persona=persona,
        save=save,
        model=model,
        seed=seed,
        read_only=read_only,
    )
