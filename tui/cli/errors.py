"""What a player can cause, and is told in one sentence."""

from __future__ import annotations

from tui.cards import CardError, CardNotFound
from tui.engine.backend import BackendError
from tui.game.program import NoModel
from tui.prompt import CannotFit, TemplateError
from tui.store import StoreError
from tui.world import WorldError

SENTENCES = (
    BackendError,
    CannotFit,
    CardError,
    CardNotFound,
    NoModel,
    StoreError,
    TemplateError,
    WorldError,
)
