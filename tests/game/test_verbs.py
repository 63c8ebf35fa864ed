from __future__ import annotations

from pathlib import Path

import pytest

from tui.game.verbs import UnknownCommand, key_label, read_command, verb_named
from tui.game.verbtable import VERBS


def test_every_verb_has_an_id_of_its_own_and_says_what_it_does():
    assert len({verb.id for verb in VERBS}) == len(VERBS)
    for verb in VERBS:
        assert verb.id.isidentifier()
        assert verb.title
        assert verb.help
        assert not verb.help.endswith(".")
        assert verb.keys or verb.slash


@pytest.mark.parametrize("place", ["play", "library", "turn"])
def test_no_key_and_no_word_asks_for_two_things(place: str):
    verbs = [verb for verb in VERBS if verb.place in (place, "anywhere")]
    words = [word for verb in verbs for word in verb.slash]
    keys = [key for verb in verbs for key in verb.keys.split(",") if key]
    assert len(set(words)) == len(words)
    assert len(set(keys)) == len(keys)


def test_a_command_is_a_word_and_what_follows():
    command = read_command("  /me  Ada Wren ")
    assert command
    assert (command.verb.id, command.argument) == ("me", "Ada Wren")


@pytest.mark.parametrize("line", ["go north", "//shrug", "", "a /me b"])
def test_other_lines_are_not_commands(line: str):
    assert read_command(line) is None


def test_an_unknown_word_is_told_what_is_near():
    with pytest.raises(UnknownCommand, match="/retry"):
        read_command("/retyr")


def test_plain_mode_does_not_know_screens():
    with pytest.raises(UnknownCommand, match="/map is for the full screen"):
        read_command("/map", plain=True)


@pytest.mark.parametrize(
    ("keys", "short", "label"),
    [
        ("ctrl+r", True, "^R"),
        ("ctrl+r", False, "Ctrl+R"),
        ("f1", True, "F1"),
        ("escape", True, "Esc"),
        ("c", True, "c"),
        ("left,h", True, "←"),
    ],
)
def test_keys_are_written_as_players_know_them(keys: str, short: bool, label: str):
    assert key_label(keys, short=short) == label


def test_a_verb_is_found_by_its_id():
    assert verb_named("retry").slash[0] == "retry"
    with pytest.raises(KeyError):
        verb_named("nothing")


def test_the_page_of_keys_names_every_verb():
    page = (Path(__file__).resolve().parents[2] / "docs" / "keys.md").read_text(encoding="utf-8")
    for verb in VERBS:
        assert f"`{verb.id}`" in page
        assert verb.help in page
