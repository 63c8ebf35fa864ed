"""A home folder of its own, with a tiny model and a small tale, and the installed command."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

TALE = """\
name: The Quay
kind: tale
scenario: A quay at night.
tone: plain
first_mes: You stand on the quay, and the tide is going out.
opening_choices: [Walk to the boat, Call out, Wait]
"""


@dataclass(frozen=True)
class Home:
    """Where a run keeps its things, and how it is started."""

    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "FABLETOP_HOME": str(self.folder), "NO_COLOR": "1", "COLUMNS": "200"}

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "tui", *words]

    def run(self, *words: str, lines: Sequence[str] = ()) -> subprocess.CompletedProcess[str]:
        """Run a command to its end, with these lines on its standard input."""
        return subprocess.run(
            self.command(*words),
            input="".join(f"{line}\n" for line in lines),
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
            env=self.environment,
        )


@pytest.fixture
def home(tmp_path: Path, tiny_model: Path) -> Home:
    """A home folder with one tale of its own and one tiny model."""
    (tmp_path / "characters").mkdir()
    (tmp_path / "characters" / "quay.yaml").write_text(TALE, encoding="utf-8")
    (tmp_path / "models").mkdir()
    shutil.copy(tiny_model, tmp_path / "models" / "tiny.gguf")
    (tmp_path / "settings.yaml").write_text("model: tiny.gguf\n", encoding="utf-8")
    return Home(tmp_path)
