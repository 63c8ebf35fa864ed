"""The program in a real (pseudo-)terminal, as a player starts it."""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path

import pexpect
import pytest

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60
INSTALLED = shutil.which("fabletop", path=str(Path(sys.executable).parent))
COMMAND = [INSTALLED] if INSTALLED else [sys.executable, "-m", "tui"]
"""The command as it is installed beside this Python, else the package that is started by it."""


def start(home: Path, model: Path, **environ: str) -> pexpect.spawn[bytes]:
    (home / "models").mkdir(parents=True)
    shutil.copy(model, home / "models" / "pocket.gguf")
    (home / "settings.yaml").write_text("user_name: Robin\nreveal: off\nmotion: false\n")
    env = (
        dict(os.environ)
        | {"FABLETOP_HOME": str(home), "TERM": "xterm-256color", "COLORTERM": "truecolor"}
        | environ
    )
    if "NO_COLOR" not in environ:
        env.pop("NO_COLOR", None)
    return pexpect.spawn(
        COMMAND[0],
        COMMAND[1:],
        env=env,
        cwd=str(ROOT),
        dimensions=(30, 100),
        timeout=PATIENCE,
    )


def test_the_command_plays_and_leaves_one_line(tmp_path: Path, tiny_model: Path):
    program = start(tmp_path, tiny_model)
    program.expect("The Borrowed Hour")
    program.expect("ready")
    program.send("\r")
    program.expect("eleven at night in Underwick")
    program.expect("ay or do anything")
    program.send("2")
    program.expect("turn 1")
    program.send("\x11")
    program.expect("Saved. `fabletop resume` goes on.")
    program.expect(pexpect.EOF)
    program.close()
    assert program.exitstatus == 0
    assert len(list((tmp_path / "saves").glob("*.jsonl"))) == 1


@pytest.mark.parametrize(
    ("environ", "colors"),
    [
        ({"NO_COLOR": "1"}, re.compile(rb"\x1b\[[0-9;]*[34]8;")),
        ({"TERM": "xterm", "COLORTERM": ""}, re.compile(rb"\x1b\[[0-9;]*[34]8;[25];")),
    ],
    ids=["no colour", "sixteen colours"],
)
def test_a_terminal_is_sent_no_more_colours_than_it_has(
    tmp_path: Path, tiny_model: Path, environ: dict[str, str], colors: re.Pattern[bytes]
):
    program = start(tmp_path, tiny_model, **environ)
    program.expect("The Borrowed Hour")
    program.expect("ready")
    program.send("\x11")
    program.expect(pexpect.EOF)
    shown = bytes(program.before or b"")
    program.close()
    assert not colors.search(shown)
