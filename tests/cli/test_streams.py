"""The command line where the world around it is odd: streams, encodings, names, Ctrl+C."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pexpect
import pytest

from tests.cli.conftest import Home


def shell(home: Home, line: str, **environ: str) -> subprocess.CompletedProcess[bytes]:
    """What a line of the shell comes to; `$F` in it is the program."""
    program = f"{sys.executable} -m tui"
    return subprocess.run(
        ["bash", "-c", line.replace("$F", program)],
        capture_output=True,
        check=False,
        timeout=60,
        env={**home.environment, **environ},
    )


@pytest.mark.parametrize("line", ["$F <&-", "$F play quay --plain <&-", "$F saves >&- 2>&- <&-"])
def test_streams_that_are_closed_are_empty(home: Home, line: str) -> None:
    ran = shell(home, line)
    assert (ran.returncode, ran.stderr) == (0, b"")


def test_a_reader_who_has_enough_is_no_error(home: Home) -> None:
    ran = shell(home, "$F cards | true; exit ${PIPESTATUS[0]}")
    assert (ran.returncode, ran.stderr) == (0, b"")


def test_output_that_cannot_be_written_is_one_sentence(home: Home) -> None:
    ran = shell(home, "$F cards > /dev/full")
    assert ran.returncode == 1
    assert ran.stderr == b"fabletop: Could not write: the disk is full; free some space.\n"


def test_letters_that_the_terminal_lacks_stop_nothing(home: Home) -> None:
    tale = home.folder / "characters" / "quay.yaml"
    tale.write_text(tale.read_text().replace("the quay,", "the “Möwe”,"), encoding="utf-8")
    ran = shell(home, "$F play quay --plain < /dev/null", PYTHONIOENCODING="ascii")
    assert ran.returncode == 0
    assert b"You stand on the ?M?we?" in ran.stdout


def test_bytes_that_are_no_text_are_read_as_well_as_may_be(home: Home) -> None:
    ran = shell(home, r"printf '\xff look\n' | $F play quay --plain", PYTHONIOENCODING="utf-8")
    assert ran.returncode == 0, ran.stderr
    assert "� look" in next((home.folder / "saves").glob("*.jsonl")).read_text(encoding="utf-8")


def test_a_name_that_no_system_takes_is_one_sentence(home: Home) -> None:
    ran = home.run("card", "show", f"{'x' * 300}.yaml")
    assert ran.returncode == 1
    assert ran.stderr.endswith("that name is too long.\n")
    assert ran.stderr.count("\n") == 1


def test_a_home_that_nobody_has_is_a_name_like_others(home: Home) -> None:
    ran = home.run("card", "show", "~nobody-at-all/x.yaml")
    assert ran.returncode == 1
    assert ran.stderr.startswith("fabletop: There is no card named ~nobody-at-all/x.yaml")


def test_ctrl_c_at_the_prompt_leaves_at_once_and_the_story_is_saved(home: Home) -> None:
    words = home.command("play", "quay", "--plain")
    played = pexpect.spawn(words[0], words[1:], env=home.environment, encoding="utf-8", timeout=30)
    played.expect(r"3\. Wait\r\n")
    played.sendintr()
    played.expect(r"Saved\. `fabletop resume the-quay` goes on\.")
    played.expect(pexpect.EOF)
    played.close()
    assert played.exitstatus == 130


def test_a_file_where_the_folders_should_be_is_found(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("no folder")
    ran = shell(home, "$F doctor", FABLETOP_HOME=str(file))
    assert ran.returncode == 1
    assert f"There is a file at {file}: move it away.".encode() in ran.stdout
    played = shell(home, "$F play --plain < /dev/null", FABLETOP_HOME=str(file))
    assert played.returncode == 0, played.stderr
    assert b"Saved." not in played.stdout
    assert b"Could not make the folder" in played.stdout


def test_settings_with_a_mistake_are_found(home: Home) -> None:
    settings = home.folder / "settings.yaml"
    settings.write_text("model: tiny.gguf\ncolour: red\n")
    ran = home.run("doctor")
    assert ran.returncode == 1
    assert f"BAD  settings: {settings}: “colour” is not a setting" in ran.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["card", "new", " "], "a card needs a name"),
        (["model", "bench", "tiny.gguf", "--threads", "0"], "greater than or equal to 1"),
        (["world", "explore", "quay", "--states", "0"], "greater than or equal to 1"),
    ],
)
def test_values_that_make_no_sense_are_wrong_usage(home: Home, words: list[str], said: str) -> None:
    ran = home.run(*words)
    assert ran.returncode == 2
    assert said in ran.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["model", "check", "nowhere"], "nowhere is no folder; name the folder itself."),
        (["model", "merge", "nowhere", "tiny.gguf", "x.gguf"], "nowhere does not exist"),
        (["model", "quantise", "tiny.gguf", ".", "q4_0"], "is a folder; name a file."),
    ],
)
def test_paths_of_the_wrong_kind_are_said_to_be(home: Home, words: list[str], said: str) -> None:
    ran = home.run(*words)
    assert ran.returncode == 1
    assert said in ran.stderr
