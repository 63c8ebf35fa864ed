"""Plain mode through pipes: the real program, the real engine, a real save."""

from __future__ import annotations

import json

import pexpect
import pytest

from tests.cli.conftest import Home
from tui.game.book import Book
from tui.game.verbs import verbs_at


def said(output: str) -> list[str]:
    return [line for line in output.splitlines() if line.strip()]


def test_three_turns_then_left_and_resumed_with_the_same_text(home: Home) -> None:
    first = home.run("play", "quay", "--seed", "7", lines=["1", "go on", "2", "/quit"])
    assert first.returncode == 0, first.stderr
    assert "You stand on the quay" in first.stdout
    assert "fabletop resume the-quay" in first.stdout
    second = home.run("resume", lines=["/quit"])
    assert second.returncode == 0, second.stderr
    choices = [line for line in said(first.stdout) if line.startswith(("1. ", "2. ", "3. "))][-3:]
    assert choices == [
        line for line in said(second.stdout) if line.startswith(("1. ", "2. ", "3. "))
    ]


def test_the_same_seed_and_words_give_the_same_story(home: Home) -> None:
    one = home.run("play", "quay", "--seed", "11", lines=["1", "2"])
    two = home.run("play", "quay", "--seed", "11", lines=["1", "2"])
    assert said(one.stdout)[:-1] == said(two.stdout)[:-1]


def test_undo_and_retry(home: Home) -> None:
    run = home.run(
        "play", "quay", "--seed", "7", lines=["1", "/retry", "/undo", "/undo", "/undo", "/help"]
    )
    assert run.returncode == 0
    assert "There is nothing to take back." in run.stdout
    assert "/retry" in run.stdout


def test_what_is_written_down_beside_the_story_is_kept(home: Home) -> None:
    lines = ["1", "/edit The lamp is red.", "/pin a red lamp", "/note short", "/memory It rains."]
    lines += ["/memory", "/mark gate", "/me Ada", "/rename Red Lamp", "/export text", "/export x"]
    run = home.run("play", "quay", "--seed", "7", lines=lines)
    assert run.returncode == 0, run.stderr
    after = run.stdout.partition("The reply is changed")[2]
    for words in ("Pinned.", "Noted.", "\nIt rains.\n", "Bookmarked: gate.", "You are Ada"):
        assert words in after
    assert "There is no format “x”" in after
    assert "The lamp is red." in (home.folder / "saves" / "red-lamp.txt").read_text()
    prompt = home.run("prompt", "--say", "go on").stdout
    assert all(words in prompt for words in ("a red lamp", "short", "It rains.", "Ada"))


def test_every_command_that_plain_mode_names_does_something(home: Home) -> None:
    plain = [verb for verb in verbs_at("play", "anywhere") if verb.plain]
    lines = ["1", *(f"/{verb.slash[0]}" for verb in plain if verb.id != "quit")]
    run = home.run("play", "quay", lines=lines)
    assert run.returncode == 0, run.stderr
    assert all(f"/{verb.slash[0]}: {verb.help}." in run.stdout for verb in plain)


def test_the_end_of_input_saves_and_leaves(home: Home) -> None:
    run = home.run("play", "quay", lines=[])
    assert run.returncode == 0
    assert "Saved." in run.stdout


def test_lists_as_json(home: Home) -> None:
    home.run("play", "quay", lines=["1"])
    saves = json.loads(home.run("saves", "--json").stdout)
    assert {"name", "path", "card", "turns", "updated", "last_line"} <= set(saves[0])
    assert saves[0]["card"] == "quay"
    assert saves[0]["turns"] == 1
    cards = json.loads(home.run("cards", "--json").stdout)
    quay = next(card for card in cards if card["id"] == "quay")
    assert quay["kind"] == "tale"
    assert quay["problem"] == ""


def test_what_has_to_be_typed_is_not_shortened_in_a_list(home: Home) -> None:
    name = "the-long-night-on-the-ferry-to-ashlock"
    card = f"name: {name.replace('-', ' ')}\ntags: a tale of a long night\nfirst_mes: Hello.\n"
    (home.folder / "characters" / f"{name}.yaml").write_text(card)
    home.run("play", name)
    assert f" {name} " in home.run("cards").stdout
    assert f" {name} " in home.run("saves").stdout


def test_the_prompt_as_it_was_sent(home: Home) -> None:
    home.run("play", "quay", "--seed", "7", lines=["1"])
    sent = json.loads(home.run("prompt", "--json").stdout)
    text = "".join(section["text"] for section in sent["sections"])
    assert text.startswith("<|system|>This is a text adventure game. A quay at night.")
    assert text.endswith("<|user|>Walk to the boat<|model|>")
    assert sum(section["tokens"] for section in sent["sections"]) == len(sent["token_ids"])
    would = home.run("prompt", "--say", "hello").stdout
    assert "<|user|>hello<|model|>" in would
    saves = json.loads(home.run("saves", "--json").stdout)
    assert saves[0]["turns"] == 1


def test_a_bad_card_never_hides_the_good_ones(home: Home) -> None:
    (home.folder / "characters" / "broken.yaml").write_text("name: [oops\n", encoding="utf-8")
    cards = json.loads(home.run("cards", "--json").stdout)
    assert {"quay", "broken"} <= {card["id"] for card in cards}
    assert next(card for card in cards if card["id"] == "broken")["problem"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("play", "nowhere"), 1),
        (("resume", "nothing"), 1),
        (("resume",), 1),
        (("play", "quay", "--model", "missing.gguf"), 1),
        (("play", "--nonsense"), 2),
        (("frobnicate",), 2),
    ],
)
def test_errors_are_one_sentence_and_a_code(home: Home, words: tuple[str, ...], code: int) -> None:
    run = home.run(*words)
    assert run.returncode == code
    assert "Traceback" not in run.stderr
    if code == 1:
        assert run.stderr.startswith("fabletop: ")
        assert run.stderr.count("\n") == 1


def test_hostile_words_never_reach_the_terminal_raw(home: Home) -> None:
    hostile = ["\x1b[31mred\x1b[0m \x1b]0;title\x07[b]x[/b]", "x" * 100_000, "\x00\x08 hm", ""]
    run = home.run("play", "quay", "--seed", "3", lines=[*hostile, "/quit"])
    assert run.returncode == 0, run.stderr
    assert "\x1b" not in run.stdout
    assert "\x00" not in run.stdout


def locked(home: Home) -> tuple[Book, str]:
    """A story that another program has open."""
    home.run("play", "quay", "--seed", "7", lines=["1"])
    save = next((home.folder / "saves").glob("*.jsonl"))
    return Book.open(save), save.stem


def test_a_story_open_elsewhere_is_said_with_what_can_be_done(home: Home) -> None:
    _book, name = locked(home)
    run = home.run("resume", name, lines=["1"])
    assert run.returncode == 1
    assert "is open in another window" in run.stderr
    assert "--copy" in run.stderr
    assert "--read" in run.stderr


def test_a_story_open_elsewhere_is_read_or_gone_on_with_in_a_copy(home: Home) -> None:
    book, name = locked(home)
    before = book.path.read_bytes()
    read = home.run("resume", name, "--read", lines=["1"])
    assert read.returncode == 0, read.stderr
    assert "> Walk to the boat" in read.stdout
    assert f"fabletop resume {name} --copy" in read.stdout
    copied = home.run("resume", name, "--copy", lines=["2"])
    assert copied.returncode == 0, copied.stderr
    assert book.path.read_bytes() == before
    saves = json.loads(home.run("saves", "--json").stdout)
    assert [(save["name"], save["turns"]) for save in saves] == [
        ("The Quay, a copy", 2),
        ("The Quay", 1),
    ]


def test_at_a_terminal_the_player_is_asked(home: Home) -> None:
    _book, name = locked(home)
    terminal = pexpect.spawn(
        home.command("resume", name, "--plain")[0],
        home.command("resume", name, "--plain")[1:],
        env=home.environment,
        timeout=30,
    )
    terminal.expect_exact("2. Read it here")
    terminal.sendline("2")
    terminal.expect_exact("Only to read.")
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 0


def test_a_changed_card_is_said_and_taken_where_that_is_wanted(home: Home) -> None:
    home.run("play", "quay", "--seed", "7", lines=["1"])
    card = home.folder / "characters" / "quay.yaml"
    card.write_text(card.read_text().replace("A quay at night.", "A quay at noon."))
    said = home.run("resume", lines=[])
    assert "The card has changed since" in said.stdout
    taken = home.run("resume", "--new-card", lines=["2"])
    assert taken.returncode == 0, taken.stderr
    assert "The card has changed since" not in taken.stdout
    assert "A quay at noon." in home.run("prompt").stdout


def test_a_damaged_save_is_said_and_played_on(home: Home) -> None:
    home.run("play", "quay", "--seed", "7", lines=["1"])
    save = next((home.folder / "saves").glob("*.jsonl"))
    save.write_bytes(save.read_bytes() + b'{"t": "to')
    run = home.run("resume", lines=["2"])
    assert run.returncode == 0, run.stderr
    assert "its last line was cut off" in run.stdout
    again = home.run("resume", lines=[]).stdout
    assert "cut off" not in again
    assert "can't be read" not in again
