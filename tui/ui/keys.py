"""Bindings made from the table of verbs."""

from __future__ import annotations

from collections.abc import Mapping

from textual.app import App
from textual.binding import Binding, BindingType

from tui.game.verbs import key_label, verbs_at
from tui.game.verbtable import Place, Verb
from tui.ui.host import Host

HELD = ("ctrl+", "f1", "f2", "f3", "f4", "f5")
"""Keys that mean the same wherever the cursor is, in a text too."""


def bindings_at(*places: Place) -> list[BindingType]:
    """A binding for every verb of these places that has a key."""
    return [
        Binding(
            verb.keys,
            verb.id,
            verb.title,
            show=False,
            priority=verb.keys.startswith(HELD),
            tooltip=verb.help,
            id=verb.id,
        )
        for verb in verbs_at(*places)
        if verb.keys
    ]


def library_bindings() -> list[BindingType]:
    """The library's own keys, and its letters for what is asked for anywhere."""
    letters = [
        Binding(
            verb.library_key,
            verb.id,
            verb.title,
            show=False,
            tooltip=verb.help,
            id=f"library.{verb.id}",
        )
        for verb in verbs_at("anywhere")
        if verb.library_key
    ]
    return [*bindings_at("library"), *letters]


def label_of(
    verb: Verb, keymap: Mapping[str, str], *, short: bool = True, in_library: bool = False
) -> str:
    """How the verb's key is written, as the player has set it; empty where it has none."""
    if in_library and verb.library_key:
        keys = keymap.get(f"library.{verb.id}", verb.library_key)
    else:
        keys = keymap.get(verb.id, verb.keys)
    return key_label(keys, short=short) if keys else ""


def keymap_of(app: App[object]) -> Mapping[str, str]:
    """The keys that the player has set, by the ids of what they do."""
    return app.settings.keymap if isinstance(app, Host) else {}
