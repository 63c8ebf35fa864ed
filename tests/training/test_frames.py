"""The frames of the telling grammar, and what checks and fills them."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from training.frames_check import (
    SLOTS,
    Frame,
    Name,
    check,
    faults,
    fill,
    main,
    read_frames,
    read_line,
    sample,
)
from tui.world.checking import check_words, prose_of
from tui.world.hearing import compiled
from tui.world.values import FACT_KINDS, REFUSALS


def test_every_frame_is_sound() -> None:
    assert check(read_frames()) == []


def test_every_kind_of_fact_has_frames_enough() -> None:
    frames = read_frames()
    few = {kind: len(frames[kind]) for kind in FACT_KINDS if len(frames[kind]) < 25}
    assert few == {}


def test_the_kinds_are_the_worlds() -> None:
    assert {kind: set(slots) for kind, slots in SLOTS.items() if kind != "_join"} == {
        kind: set(slots) for kind, slots in FACT_KINDS.items()
    }
    assert set(FACT_KINDS) >= REFUSALS


def test_every_frame_can_be_filled_in() -> None:
    chance = random.Random(3)
    for stock in read_frames().values():
        for frame in stock:
            text = sample(frame, chance)
            assert "{" not in text
            assert "}" not in text
            assert "  " not in text


def test_the_worlds_check_hears_every_frame() -> None:
    chance = random.Random(5)
    heard = check_words().heard
    unheard = [
        f"{kind}: {frame.text}"
        for kind, stock in read_frames().items()
        for frame in stock
        if heard.get(kind)
        and not compiled(heard[kind]).search(prose_of(sample(frame, chance)).text)
    ]
    assert unheard == []


def test_facts_with_empty_slots_have_frames() -> None:
    frames = read_frames()
    for kind, tag in [
        ("absent", "one"),
        ("absent", "none"),
        ("impossible", "one"),
        ("impossible", "none"),
        ("not_of_world", "one"),
        ("not_of_world", "none"),
        ("handle", "lone"),
        ("comes", "unseen"),
        ("leaves", "unseen"),
    ]:
        assert [frame for frame in frames[kind] if frame.tags == {tag}], (kind, tag)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("You take what there is to take and go on.", "does not name {thing}"),
        ("You take {thing} and the {lamp}, and go on.", "has no slot {lamp}"),
        ("You take {thing}, which {thing.am} yours from now on.", "no helper is called am"),
        ("[tone=loud] You take {thing} and keep {thing.them} by you.", "no tag is called"),
        ("You try to take {thing}, and it comes away.", "says 'try to'"),
        ("You take {thing}, though {thing.it} will not come.", "of what succeeds"),
        ("You take {thing}! It is yours to carry now.", "says '!'"),
        ("You take {thing}. “Mine, you say, and keep it.", "quotation mark astray"),
        ("You take {thing}.", "words long"),
        ("you take {thing} and keep {thing.them} by you.", "begin with a capital"),
        ("You take {thing} and keep {thing.them} by you", "full stop"),
        ("You reach, and {thing} go{thing.s} into your hand.", "ends a verb wrongly"),
    ],
)
def test_a_bad_frame_is_named(line: str, fault: str) -> None:
    assert any(fault in one for one in faults(read_line("take", line)))


def test_a_refusal_has_to_refuse() -> None:
    assert faults(read_line("locked", "You stand in front of {thing} and admire the carving."))
    assert not faults(read_line("locked", "{Thing} {thing.is} locked, and will not open for you."))


def test_a_frame_that_comes_twice_is_named() -> None:
    one = Frame("wait", "You wait, and time goes by at its own pace.")
    two = Frame("wait", "You wait and time goes by, at its own pace.")
    assert any("twice" in fault for fault in check({"wait": [one, two]}))


def test_filling_agrees_in_number_and_keeps_one_mark() -> None:
    frame = Frame("take", "{Thing} come{thing.s} free, and {thing.it} {thing.is} yours.")
    assert (
        fill(frame, {"thing": Name("the oars", "they")})
        == "The oars come free, and they are yours."
    )
    told = Frame("tell", "“{Words},” you tell {person}.")
    names = {"words": Name("where is it?"), "person": Name("Marta", "she")}
    assert fill(told, names) == "“Where is it?” you tell Marta."


def test_the_check_reads_aloud(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["--read", "3", "--kind", "take"]) == 0
    assert capsys.readouterr().out.count("take: ") == 3
    (tmp_path / "take.txt").write_text("# none yet\n\n", "utf-8")
    assert read_frames(tmp_path) == {"take": ()}
