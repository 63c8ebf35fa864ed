"""What a player can cause, and is told in one sentence."""

from __future__ import annotations


def sentences() -> tuple[type[Exception], ...]:
    """The errors whose text is for the player; the rooms that raise them are imported only now."""
    from tui.cards import CardError, CardNotFound
    from tui.engine.backend import BackendError
    from tui.game.group import NoCompany
    from tui.game.inventing import NotInvented
    from tui.game.personas import NoPersona
    from tui.game.program import NoModel
    from tui.modelfiles.errors import ModelFileError
    from tui.prompt import CannotFit, TemplateError
    from tui.store import StoreError
    from tui.story.chats import ChatError
    from tui.world import WorldError

    return (
        BackendError,
        CannotFit,
        CardError,
        CardNotFound,
        ChatError,
        ModelFileError,
        NoCompany,
        NoModel,
        NoPersona,
        NotInvented,
        StoreError,
        TemplateError,
        WorldError,
    )


def refused(error: OSError) -> str:
    """What the system would not do, with which file, and why."""
    from tui.store.errors import reason

    where = f"use {error.filename}" if error.filename else "write"
    return f"Could not {where}: {reason(error)}."
