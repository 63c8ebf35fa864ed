"""Cards in the player's own editor."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from tui.cards.card import Kind
from tui.cards.template import new_card_template

EDITORS = ("nano", "vim", "vi", "emacs")
KINDS = (
    ("companion", "Somebody to talk with"),
    ("tale", "A tale to play, with a world of its own"),
    ("invented", "Somebody whom the storyteller invents"),
)


def editor_command(environ: Mapping[str, str]) -> list[str]:
    """The player's editor as a command line; empty where there is none."""
    for name in ("VISUAL", "EDITOR"):
        if words := shlex.split(environ.get(name, "")):
            return words
    return next(([path] for name in EDITORS if (path := shutil.which(name))), [])


def write_new_card(folder: Path, kind: Kind) -> Path:
    """Write a card to begin with, under a name that is free; return its file."""
    folder.mkdir(parents=True, exist_ok=True)
    number = 1
    while (path := folder / f"new-{kind}{f'-{number}' if number > 1 else ''}.yaml").exists():
        number += 1
    path.write_text(new_card_template(kind), encoding="utf-8")
    return path


def run_editor(command: Sequence[str], file: Path) -> None:
    """Run the player's editor on a file, in the terminal, until they leave it."""
    subprocess.run([*command, str(file)], check=False)
