"""Cards in the player's own editor."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Mapping
from pathlib import Path

EDITORS = ("nano", "vim", "vi", "emacs")
TEMPLATE = """\
# A card of your own. Save it, and it stands in the library.
# The lines that begin with # are notes to you; nobody else reads them.
name: {name}

# companion: somebody to talk with; tale: a text adventure.
kind: companion

# Who they are, as the storyteller should know it.
description: |
  ...

# How they are, in a few words.
personality: curious, slow to trust

# Where things stand when the talk begins.
scenario: |
  ...

# The first thing that they say. {{{{user}}}} is the player's name.
first_mes: |
  “...”

# A few lines that show how they talk.
mes_example: |
  <START>
  {{{{user}}}}: ...
  {{{{char}}}}: “...”

tags: []
"""


def editor_command(environ: Mapping[str, str]) -> list[str]:
    """The player's editor as a command line; empty where there is none."""
    for name in ("VISUAL", "EDITOR"):
        if words := shlex.split(environ.get(name, "")):
            return words
    return next(([path] for name in EDITORS if (path := shutil.which(name))), [])


def new_card(folder: Path) -> Path:
    """Write a card to begin with, under a name that is free; return its file."""
    folder.mkdir(parents=True, exist_ok=True)
    number = 1
    while (path := folder / f"new-card{f'-{number}' if number > 1 else ''}.yaml").exists():
        number += 1
    path.write_text(
        TEMPLATE.format(name="New card" if number == 1 else f"New card {number}"), encoding="utf-8"
    )
    return path
