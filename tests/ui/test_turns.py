"""What can be done with turns: other replies, undo, edits, picking, notes."""

from __future__ import annotations

import asyncio

from tests.ui.test_play import CHOICES, MakeApp, narrator, type_words
from tests.ui.waiting import page_text, playing, told, until
from tui.ui.screens.dialogs import EditDialog, NoteDialog
from tui.ui.screens.play import PlayScreen
from tui.ui.widgets.pickbar import PickBar


async def test_another_reply_is_a_swipe_and_left_and_right_turn(make_app: MakeApp):
    async with playing(make_app(model=False), narrator()) as (pilot, screen):
        await pilot.press("1")
        await told(pilot)
        await pilot.press("ctrl+r")
        await told(pilot)
        assert "‹ 2/2 ›" in page_text(pilot)
        assert "A gate groans" in page_text(pilot)
        await pilot.press("left")
        await pilot.pause()
        assert "‹ 1/2 ›" in page_text(pilot)
        assert "Salt has eaten" in page_text(pilot)
        await pilot.press("right", "right")
        await told(pilot)
        assert len(screen.narrator.session.siblings(screen.narrator.session.here or 0)) == 3


async def test_undo_and_redo_show_the_story_as_it_was(make_app: MakeApp):
    async with playing(make_app(model=False), narrator()) as (pilot, screen):
        await pilot.press("1")
        await told(pilot)
        await pilot.press("ctrl+z")
        await pilot.pause()
        assert "Salt has eaten" not in page_text(pilot)
        assert [choice.text for choice in screen.choice_list.choices] == list(CHOICES)
        await pilot.press("ctrl+y")
        await pilot.pause()
        assert "Salt has eaten" in page_text(pilot)


async def test_undo_with_words_typed_takes_back_the_words(make_app: MakeApp):
    async with playing(make_app(model=False), narrator()) as (pilot, screen):
        await pilot.press("1")
        await told(pilot)
        await type_words(pilot, "abc")
        await pilot.press("ctrl+z")
        assert screen.narrator.session.count() == 1
        assert screen.composer.text != "abc"


async def test_esc_keeps_what_came_and_enter_goes_on(make_app: MakeApp):
    gate = asyncio.Event()
    async with playing(make_app(model=False), narrator(gate=gate)) as (pilot, screen):
        await pilot.press("1")
        await until(pilot, lambda: "Salt has eaten" in page_text(pilot))
        await pilot.press("escape")
        await told(pilot)
        turn = screen.narrator.session.turn
        assert turn
        assert turn.state == "cut"
        assert turn.text.startswith("Salt has eaten")
        assert "Enter continues · Ctrl+R retries" in page_text(pilot)
        gate.set()
        await pilot.press("enter")
        await told(pilot)
        after = screen.narrator.session.turn
        assert after
        assert after.text.startswith(turn.text)
        assert after.state == "whole"


async def test_an_edit_stands_beside_the_first_wording(make_app: MakeApp):
    async with playing(make_app(model=False), narrator()) as (pilot, screen):
        await pilot.press("1")
        await told(pilot)
        await pilot.press("ctrl+e")
        await until(pilot, lambda: isinstance(pilot.app.screen, EditDialog))
        await pilot.press("ctrl+a", "X", "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, PlayScreen))
        await pilot.pause()
        turn = screen.narrator.session.turn
        assert turn
        assert turn.origin == "edited"
        assert "X" in turn.text


async def test_up_picks_turns_and_letters_act_on_them(make_app: MakeApp):
    async with playing(make_app(model=False), narrator()) as (pilot, screen):
        await pilot.press("1")
        await told(pilot)
        await pilot.press("up")
        await pilot.pause()
        assert isinstance(pilot.app.focused, PickBar)
        await pilot.press("p")
        await until(pilot, lambda: screen.narrator.session.pins == (screen.narrator.session.here,))
        await pilot.press("up", "up", "up", "b")
        await until(pilot, lambda: screen.narrator.session.count() == 0)


async def test_another_reply_of_an_earlier_turn_brings_what_followed_it(make_app: MakeApp):
    async with playing(make_app(model=False), narrator()) as (pilot, screen):
        session = screen.narrator.session
        await pilot.press("1")
        await told(pilot)
        first = session.here
        await pilot.press("2")
        await told(pilot)
        far = session.here
        await pilot.press("up", "up", "up", "r")  # tells the first reply again
        await told(pilot)
        second = session.here or 0
        assert session.siblings(second) == (first, second)
        await pilot.press("3")
        await told(pilot)
        other = session.here
        await pilot.press("up", "up", "up", "left")
        await until(pilot, lambda: session.here == far)
        await pilot.press("up", "up", "up", "right")
        await until(pilot, lambda: session.here == other)
        await pilot.press("up", "up", "up", "right")  # past the last: a new one
        await told(pilot)
        assert len(session.siblings(second)) == 3


async def test_an_edit_of_an_earlier_reply_keeps_what_followed(make_app: MakeApp):
    async with playing(make_app(model=False), narrator()) as (pilot, screen):
        for _ in range(2):
            await pilot.press("1")
            await told(pilot)
        here = screen.narrator.session.here
        await pilot.press("up", "up", "up", "e")
        await until(pilot, lambda: isinstance(pilot.app.screen, EditDialog))
        await pilot.press("ctrl+a", "X", "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, PlayScreen))
        await until(pilot, lambda: "X" in screen.narrator.session.path()[3].text)
        assert screen.narrator.session.here == here
        await pilot.press("ctrl+z")
        await until(pilot, lambda: "X" not in screen.narrator.session.path()[3].text)


async def test_any_other_letter_leaves_picking_and_is_typed(make_app: MakeApp):
    async with playing(make_app(model=False), narrator()) as (pilot, screen):
        await pilot.press("up", "w")
        await pilot.pause()
        assert screen.composer.text == "w"
        assert screen.composer.has_focus


async def test_a_note_can_be_viewed_and_put_back(make_app: MakeApp):
    async with playing(make_app(model=False), narrator()) as (pilot, screen):
        await pilot.press("1")
        await told(pilot)
        assert "⚑ cut one line that spoke for you" in page_text(pilot)
        await pilot.press("up", "v")
        await until(pilot, lambda: isinstance(pilot.app.screen, NoteDialog))
        await pilot.press("b")
        await until(pilot, lambda: isinstance(pilot.app.screen, PlayScreen))
        await until(pilot, lambda: "You nod." in page_text(pilot))
        assert screen.narrator.session.turn


async def test_a_note_taken_back_can_be_taken_back_itself(make_app: MakeApp):
    async with playing(make_app(model=False), narrator()) as (pilot, screen):
        await pilot.press("1")
        await told(pilot)
        guarded = screen.narrator.session.turn
        await pilot.press("up", "v")
        await until(pilot, lambda: isinstance(pilot.app.screen, NoteDialog))
        assert "You nod." in page_text(pilot)
        await pilot.press("b")
        await until(pilot, lambda: "You nod." in page_text(pilot))
        await pilot.press("ctrl+z")
        await until(pilot, lambda: screen.narrator.session.turn == guarded)
        assert "⚑ cut one line that spoke for you" in page_text(pilot)
