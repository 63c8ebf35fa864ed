from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from textual.pilot import Pilot

from tests.ui.fake_narrator import STORY, FakeNarrator, Reply, companion_card, tale_card
from tests.ui.waiting import page_text, playing, told, until
from tui.app import FabletopApp
from tui.machine import cores
from tui.ui.screens.dialogs import EditDialog
from tui.ui.widgets.choicelist import ChoiceRow
from tui.ui.widgets.rule import Rule
from tui.ui.widgets.turnview import TurnView

MakeApp = Callable[..., FabletopApp]
CHOICES = ("Take the key", "Ask who sent the barge", "Walk to the weir")
SIZES = [(120, 40), (100, 30), (80, 24), (60, 20)]


def narrator(gate: asyncio.Event | None = None) -> FakeNarrator:
    opening = "The lock-house stands dark."
    return FakeNarrator(STORY, tale_card(), opening, opening_choices=CHOICES, gate=gate)


async def type_words(pilot: Pilot[str], words: str) -> None:
    for char in words:
        await pilot.press("space" if char == " " else char)


async def test_a_digit_chooses_and_the_line_is_echoed(make_app: MakeApp):
    async with playing(make_app(model=False), narrator()) as (pilot, screen):
        await pilot.press("2")
        await told(pilot)
        assert "› 2  Ask who sent the barge" in page_text(pilot)
        assert [row.text for row in screen.choice_list.choices] == list(STORY[0].choices)


async def test_words_are_said_and_how_they_were_read_is_echoed(make_app: MakeApp):
    async with playing(make_app(model=False), narrator()) as (pilot, screen):
        await type_words(pilot, "hold lantrn")
        await pilot.press("enter")
        await told(pilot)
        text = page_text(pilot)
        assert "› hold lantrn" in text
        assert "(you look at the door by lantern light)" in text
        assert screen.composer.empty


async def test_a_model_on_every_core_has_the_page_drawn_half_as_often(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
):
    gate, drawn = asyncio.Event(), list[str]()
    long = [Reply(" ".join(["word"] * 200), ("Go on",))]
    story = FakeNarrator(long, tale_card(), opening_choices=CHOICES, gate=gate)
    story.teller.model.n_threads = cores()
    async with playing(make_app(model=False), story) as (pilot, screen):
        screen.telling.pace = 100
        await pilot.press("1")
        await until(pilot, lambda: "word" in page_text(pilot))

        def draw(_: TurnView, text: str) -> None:
            drawn.append(text)

        monkeypatch.setattr(TurnView, "stream", draw)
        for _ in range(8):
            screen.telling.tick()
        assert len(drawn) == 4
        story.teller.model.n_threads = 0
        for _ in range(8):
            screen.telling.tick()
        assert len(drawn) == 12
        monkeypatch.undo()
        gate.set()
        screen.telling.complete()
        await until(pilot, lambda: page_text(pilot).count("word") > 100)


async def test_a_digit_before_the_choices_stand_is_ignored(make_app: MakeApp):
    gate = asyncio.Event()
    async with playing(make_app(model=False), narrator(gate=gate)) as (pilot, screen):
        await pilot.press("1")
        await until(pilot, lambda: screen.telling.busy)
        await pilot.press("2", "3")
        assert screen.composer.empty
        gate.set()
        await told(pilot)
        assert screen.narrator.session.count() == 1


async def test_a_leading_space_types_a_digit(make_app: MakeApp):
    async with playing(make_app(model=False), narrator()) as (pilot, screen):
        await pilot.press("space", "2")
        assert screen.composer.text == " 2"
        assert screen.narrator.session.count() == 0


async def test_the_rows_of_choices_are_kept_while_a_reply_streams(make_app: MakeApp):
    gate = asyncio.Event()
    async with playing(make_app(model=False), narrator(gate=gate)) as (pilot, screen):
        before = screen.choice_list.region
        await pilot.press("1")
        await until(pilot, lambda: screen.telling.busy)
        assert screen.choice_list.region == before
        gate.set()
        await told(pilot)
        assert screen.choice_list.region == before


async def test_keys_are_shown_as_the_player_has_set_them(make_app: MakeApp):
    app = make_app(model=False, keymap={"retry": "f6", "undo": "ctrl+o", "pick_edit": "w"})
    async with playing(app, narrator()) as (pilot, screen):
        await pilot.press("1")
        await told(pilot)
        foot = page_text(pilot).splitlines()[-1]
        assert "F6 retry" in foot
        assert "^O undo" in foot
        await pilot.press("up")
        await pilot.pause()
        assert "w edit" in page_text(pilot)
        await pilot.press("w")
        await until(pilot, lambda: isinstance(pilot.app.screen, EditDialog))
        await pilot.press("escape")
        await pilot.press("f6")
        await told(pilot)
        assert "‹ 2/2 ›" in page_text(pilot)
        app.change_settings(keymap={"retry": "f7"})
        await until(pilot, lambda: "F7 retry" in page_text(pilot))
        assert screen.narrator.session.count() == 1


@pytest.mark.parametrize(
    ("keymap", "words"), [({}, "Ctrl+Q leaves"), ({"quit": "f10"}, "F10 leaves")], ids=str
)
async def test_ctrl_c_with_nothing_to_copy_says_how_to_leave(
    make_app: MakeApp, keymap: dict[str, str], words: str
):
    async with playing(make_app(model=False, keymap=keymap), narrator()) as (pilot, _):
        await pilot.press("ctrl+c")
        await until(pilot, lambda: f"{words}; everything is saved." in page_text(pilot))


async def test_the_status_line_tells_what_was_kept_and_read(make_app: MakeApp):
    async with playing(make_app(model=False), narrator()) as (pilot, _):
        await pilot.press("1")
        await told(pilot)
        assert "kept 1,183, read 31" in page_text(pilot)
        assert "1,214/2,048" in page_text(pilot)


async def test_a_long_paste_is_one_piece(make_app: MakeApp):
    from textual import events

    async with playing(make_app(model=False), narrator()) as (pilot, screen):
        pasted = ("word " * 1000 + "\n") * 2
        pilot.app.post_message(events.Paste(pasted))
        await until(pilot, lambda: len(screen.composer.text) >= 10_000)
        assert screen.composer.text == pasted
        assert screen.composer.size.height <= 7
        await pilot.press("enter")
        await told(pilot)
        assert screen.narrator.session.count() == 1


async def test_alt_enter_is_a_new_line_however_the_terminal_says_it(make_app: MakeApp):
    from textual import events

    async with playing(make_app(model=False), narrator()) as (pilot, screen):
        for keys in (("alt+enter",), ("escape", "enter"), ("circumflex_accent", "enter")):
            screen.composer.clear()
            await pilot.press("a")
            for key in keys:
                pilot.app.post_message(events.Key(key, "^" if key.startswith("circ") else None))
            await pilot.press("b")
            await until(pilot, lambda: screen.composer.text == "a\nb")


async def test_ctrl_j_is_a_new_line_and_what_was_said_comes_back(make_app: MakeApp):
    async with playing(make_app(model=False), narrator()) as (pilot, screen):
        await pilot.press("a", "ctrl+j", "b", "enter")
        await told(pilot)
        said = screen.narrator.session.path()[-2]
        assert said.text == "a\nb"
        await pilot.press("x", "ctrl+up")
        assert screen.composer.text == "a\nb"
        await pilot.press("ctrl+down")
        assert screen.composer.text == "x"


HOSTILE = (
    "[red]r[/red] [/b] [@click=app.quit]x[/] \x1b[31mesc\x1b[0m \x1b]0;title\x07 漢字 👩‍🚀 שלום"
)


async def test_brackets_and_escapes_are_only_words(make_app: MakeApp):
    story = FakeNarrator(
        (Reply(HOSTILE, (HOSTILE, "[/]")),),
        tale_card(HOSTILE),
        opening=HOSTILE,
        opening_choices=(HOSTILE,),
    )
    async with playing(make_app(model=False), story) as (pilot, screen):
        screen.composer.insert(HOSTILE)
        await pilot.press("enter")
        await told(pilot)
        await pilot.press("1")
        await told(pilot)
        screen.say(HOSTILE)
        await pilot.pause()
        text = page_text(pilot)
        assert "[/b] [@click=app.quit]x[/]" in text
        assert "\x1b" not in text
        assert "esc" in text
        await pilot.click(".-model", offset=(30, 0))
        assert pilot.app.is_running


@pytest.mark.parametrize("size", SIZES)
async def test_the_page_keeps_its_place_at_every_size(make_app: MakeApp, size: tuple[int, int]):
    gate = asyncio.Event()
    async with playing(make_app(model=False), narrator(gate=gate), size=(120, 40)) as (
        pilot,
        screen,
    ):
        await pilot.press("1")
        await until(pilot, lambda: screen.telling.busy)
        await pilot.resize_terminal(*size)
        gate.set()
        await told(pilot)
        text = page_text(pilot)
        assert "Knock and wait" in text
        assert "say or do anything" in text
        assert all(len(line) <= size[0] for line in text.splitlines())


async def test_page_keys_turn_the_page_while_words_are_typed(make_app: MakeApp):
    long = "\n\n".join(f"Line {number}." for number in range(60))
    teller = FakeNarrator(STORY, tale_card(), long, opening_choices=CHOICES)
    async with playing(make_app(model=False), teller, size=(80, 24)) as (pilot, screen):
        page = screen.transcript
        await until(pilot, lambda: page.scroll_y == page.max_scroll_y > 0)
        await type_words(pilot, "take the")
        await pilot.press("pageup")
        await until(pilot, lambda: page.scroll_y < page.max_scroll_y)
        assert "more below" in page_text(pilot)
        await pilot.press("pagedown")
        await until(pilot, lambda: page.scroll_y == page.max_scroll_y)
        assert screen.composer.text == "take the"


async def test_no_line_has_a_joint_before_the_scene_has_its_place(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
):
    joints: list[int] = []

    def note(_rule: Rule, joint: int) -> None:
        joints.append(joint)

    monkeypatch.setattr(Rule, "watch_joint", note, raising=False)
    async with playing(make_app(model=False), narrator()) as (pilot, screen):
        await until(pilot, lambda: screen.panel.region.x in joints)
        assert 0 not in joints


async def test_eighty_by_twenty_four_leaves_fifteen_rows_of_prose(make_app: MakeApp):
    async with playing(make_app(model=False), narrator(), size=(80, 24)) as (_, screen):
        assert screen.transcript.size.height >= 15
        assert not screen.panel.display


async def test_the_scene_lies_over_a_narrow_page_on_request(make_app: MakeApp):
    async with playing(make_app(model=False), narrator(), size=(80, 24)) as (pilot, screen):
        await pilot.press("ctrl+b")
        await pilot.pause()
        assert "CARRIED" in page_text(pilot)
        await pilot.press("escape")
        await pilot.pause()
        assert not screen.panel.display


async def test_a_window_too_small_says_so(make_app: MakeApp):
    async with playing(make_app(model=False), narrator(), size=(50, 18)) as (pilot, _):
        assert "A page needs 60 × 20" in page_text(pilot)
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert "The lock-house stands dark." in page_text(pilot)


async def test_text_appears_steadily_and_space_completes_it(make_app: MakeApp):
    async with playing(make_app(model=False, reveal=10), narrator()) as (pilot, screen):
        await pilot.press("1")
        await until(pilot, lambda: screen.telling.revealing and not screen.telling.busy)
        assert "The river is not" not in page_text(pilot)
        assert screen.choice_list.choices == ()
        await pilot.press("space")
        await told(pilot)
        assert "The river is not" in page_text(pilot)
        assert len(screen.choice_list.choices) == 3


async def test_what_is_typed_while_a_reply_streams_is_kept(make_app: MakeApp):
    gate = asyncio.Event()
    async with playing(make_app(model=False), narrator(gate=gate)) as (pilot, screen):
        await pilot.press("1")
        await until(pilot, lambda: screen.telling.busy)
        await type_words(pilot, "and then")
        await pilot.press("enter")
        assert screen.composer.text == "and then"
        gate.set()
        await told(pilot)
        assert screen.composer.text == "and then"
        await pilot.press("enter")
        await told(pilot)
        assert screen.narrator.session.count() == 2


async def test_a_click_chooses(make_app: MakeApp):
    async with playing(make_app(model=False), narrator()) as (pilot, _):
        await pilot.click("ChoiceRow", offset=(8, 0))
        await told(pilot)
        assert "› 1  Take the key" in page_text(pilot)


async def test_a_companion_has_a_name_over_their_words(make_app: MakeApp):
    story = FakeNarrator(STORY, companion_card(), opening="“Row.”", with_world=False)
    async with playing(make_app(model=False), story) as (pilot, _):
        assert "Tam" in page_text(pilot).splitlines()[3]


async def test_slash_commands_do_what_they_say(make_app: MakeApp):
    async with playing(make_app(model=False), narrator()) as (pilot, screen):
        screen.composer.insert("/mark the gate")
        await pilot.press("enter")
        await until(pilot, lambda: list(screen.narrator.session.bookmarks.values()) == ["the gate"])
        screen.composer.insert("/retyr")
        await pilot.press("enter")
        await until(pilot, lambda: "/retry" in page_text(pilot))
        assert screen.composer.text == "/retyr"


QUIT_SECONDS = 0.5


@pytest.mark.parametrize(
    "state", ["library", "reading", "streaming", "revealing", "dialog", "picking"]
)
async def test_quitting_takes_no_time_in_any_state(make_app: MakeApp, state: str):
    gate = asyncio.Event()
    app = make_app(model=False, reveal=10)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        if state != "library":
            from typing import cast

            from tui.game.narrator import Narrator

            story = narrator(gate=gate if state == "streaming" else None)
            await app.show(cast("Narrator", story))
            await pilot.pause()
        match state:
            case "streaming" | "revealing":
                await pilot.press("1")
                await pilot.pause()
            case "dialog":
                await pilot.press("ctrl+e")
                await pilot.pause()
            case "picking":
                await pilot.press("up")
            case _:
                pass
        began = asyncio.get_running_loop().time()
        await pilot.press("ctrl+q")
        assert asyncio.get_running_loop().time() - began < QUIT_SECONDS


async def test_without_colours_none_are_drawn_and_digits_stand_out(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("NO_COLOR", "1")
    async with playing(make_app(model=False), narrator()) as (pilot, screen):
        await pilot.press("1")
        await told(pilot)
        await pilot.press("ctrl+r")
        await told(pilot)
        drawn = [*screen.transcript.views, *screen.query(ChoiceRow)]
        styles = [
            segment.style
            for widget in drawn
            for line in widget.render_lines(widget.size.region)
            for segment in line
            if segment.text.strip() and segment.style
        ]
        assert styles
        assert not any(style.color and style.color.triplet for style in styles)
        assert any(style.reverse for style in styles)
