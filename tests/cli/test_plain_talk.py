"""A talk of several in plain mode, through pipes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Home


@pytest.fixture
def talk(home: Home) -> Home:
    for name in ("Ada", "Ben", "Cid"):
        path = Path(home.folder) / "characters" / f"{name.lower()}.yaml"
        path.write_text(f"name: {name}\nfirst_mes: Hello from {name}.\n", encoding="utf-8")
    (home.folder / "personas.yaml").write_text("Wren: a traveller\n", encoding="utf-8")
    return home


def test_two_cards_talk_and_the_save_knows_both(talk: Home) -> None:
    lines = ["Hello, Ben", "/speak ada", "/invite cid", "/persona wren", "/impersonate", "/speak x"]
    run = talk.run("play", "ada", "ben", "--seed", "3", "--plain", lines=lines)
    assert run.returncode == 0, run.stderr
    assert run.stdout.startswith("Ada and Ben\n\nAda: Hello from Ada.\nBen: Hello from Ben.\n")
    said = run.stdout.split("\n")
    assert any(line.startswith("Ben: ") and "Hello" not in line for line in said)
    assert any(line.startswith("Ada: ") and "Hello" not in line for line in said)
    assert "Cid has come in" in run.stdout
    assert "You are Wren, a traveller, from here on." in run.stdout
    assert "You might say: " in run.stdout
    assert "There is no x here, only Ada, Ben and Cid." in run.stdout
    again = talk.run("resume", "--plain", lines=["/invite"])
    assert "In this talk: Ada, Ben and Cid." in again.stdout


def test_a_persona_is_worn_from_the_beginning(talk: Home) -> None:
    run = talk.run("play", "ada", "--persona", "wren", "--plain", lines=["/persona"])
    assert "You are Wren." in run.stdout


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("ada", "quay"), "The Quay is a tale; only companions can join a talk."),
        (("ada", "ada"), "Ada is here already."),
        (("ada", "--persona", "moth"), "There is no persona moth."),
    ],
)
def test_what_cannot_be_is_one_sentence(talk: Home, words: tuple[str, ...], says: str) -> None:
    run = talk.run("play", *words, "--plain")
    assert run.returncode == 1
    assert says in run.stderr
    assert run.stderr.count("\n") == 1
