"""The player's own templates: files in a folder of theirs."""

from __future__ import annotations

from pathlib import Path

from tui.prompt import Loaded, read_templates, shipped_templates

MOST_BYTES = 256 << 10


def templates_in(folder: Path) -> Loaded:
    """The templates that ship with those in `folder`; one of the same name stands in for ours.

    A file that can't be used is a sentence in `problems`, and the game goes on without it.
    """
    texts: list[tuple[str, str]] = []
    problems: list[str] = []
    found = sorted(folder.glob("*.y*ml")) if folder.is_dir() else []
    for path in found:
        try:
            data = path.read_bytes()[:MOST_BYTES]
            texts.append((path.name, data.decode("utf-8-sig")))
        except OSError as error:
            problems.append(f"Could not read {path}: {error.strerror or error}.")
        except UnicodeDecodeError:
            problems.append(f"{path.name} is not a text in UTF-8: save it as one.")
    loaded = read_templates(texts, shipped_templates())
    return Loaded(loaded.templates, (*problems, *loaded.problems))
