"""What the first picture waits for: Textual, the library and the settings, and nothing of a story."""

from __future__ import annotations

import subprocess
import sys

LATER = (
    "PIL",
    "jinja2",
    "llama_cpp",
    "rapidfuzz",
    "regex",
    "sqlite3",
    "textual_image",
    "tui.engine",
    "tui.game.narrator",
    "tui.prompt",
    "tui.story",
    "tui.ui.screens.play",
    "tui.world",
)


def test_the_library_brings_nothing_of_a_story() -> None:
    code = f"import sys, tui.cli, tui.app; print([m for m in {LATER!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_commands_bring_no_screens() -> None:
    code = "import sys, tui.cli; print([m for m in ('textual', 'tui.ui.host') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
