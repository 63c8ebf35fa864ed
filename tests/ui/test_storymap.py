"""The story map on the screen, of a story as large as a long campaign."""

from __future__ import annotations

from collections.abc import Callable

from textual.pilot import Pilot

from tests.ui.fake_narrator import STORY, FakeNarrator, tale_card
from tests.ui.waiting import page_text, play_of, playing, until
from tui.app import FabletopApp
from tui.ui.screens.dialogs import LineDialog
from tui.ui.screens.play import PlayScreen
from tui.ui.screens.storymap import StoryMapScreen

MakeApp = Callable[..., FabletopApp]
STEPS, BRANCHES = 900, 100


def campaign() -> FakeNarrator:
    """A story of 2,002 turns: one long way, and a hundred branches of which ten are named."""
    narrator = FakeNarrator(STORY, tale_card())
    session = narrator.session
    way: list[int] = []
    for step in range(STEPS):
        session.apply(session.say(f"go on {step}"))
        session.apply(session.lay("model", "The lamp takes on the third match."))
        way.append(session.here or 0)
    for branch in range(BRANCHES):
        session.apply(session.move(way[branch * 8]))
        session.apply(session.say(f"turn aside {branch}"))
        session.apply(session.lay("model", "Another way, and no better."))
        if branch % 10 == 0:
            session.apply(session.bookmark(session.here or 0, f"mark {branch}"))
    session.apply(session.move(way[-1]))
    return narrator


async def opened(pilot: Pilot[str]) -> StoryMapScreen:
    await pilot.press("ctrl+t")
    await until(pilot, lambda: isinstance(pilot.app.screen, StoryMapScreen))
    screen = pilot.app.screen
    assert isinstance(screen, StoryMapScreen)
    return screen


async def test_two_thousand_turns_and_a_hundred_branches_can_be_walked(make_app: MakeApp):
    narrator = campaign()
    async with playing(make_app(model=False), narrator) as (pilot, play):
        screen = await opened(pilot)
        assert f"{STEPS + BRANCHES + 1} places · 10 named" in page_text(pilot)
        await until(pilot, lambda: "you are here" in page_text(pilot))

        await pilot.press("m")
        await until(pilot, lambda: "★ mark 0" in page_text(pilot))
        await pilot.press("m")
        await until(pilot, lambda: "★ mark 10" in page_text(pilot))

        await pilot.press("n")
        await until(pilot, lambda: isinstance(pilot.app.screen, LineDialog))
        await pilot.press(*"quay", "enter")
        await until(pilot, lambda: "★ quay" in page_text(pilot))
        await pilot.press("n")
        await until(pilot, lambda: isinstance(pilot.app.screen, LineDialog))
        await pilot.press("backspace", "enter")
        await until(pilot, lambda: "9 named" in page_text(pilot))
        await pilot.press("ctrl+z")
        await until(pilot, lambda: "10 named" in page_text(pilot))

        row, gone = screen.lines.cursor, screen.turn_id
        await pilot.press("delete")
        await until(pilot, lambda: f"{STEPS + BRANCHES} places" in page_text(pilot))
        assert screen.lines.cursor == row - 1
        await pilot.press("ctrl+z")
        await until(pilot, lambda: f"{STEPS + BRANCHES + 1} places" in page_text(pilot))

        await pilot.press("home", "f")
        await until(pilot, lambda: "folded" in page_text(pilot))
        await pilot.press("f")
        await until(pilot, lambda: len(screen.lines.lines) > 1000)
        await pilot.press("m", "m", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, PlayScreen))
        await until(pilot, lambda: play_of(pilot).narrator.session.here == gone)
        assert play.narrator.session.path()[-2].text == "turn aside 10"


async def test_the_opening_can_not_be_hidden(make_app: MakeApp):
    narrator = FakeNarrator(STORY, tale_card())
    async with playing(make_app(model=False), narrator) as (pilot, _):
        await opened(pilot)
        await pilot.press("delete")
        await until(pilot, lambda: "The opening can" in page_text(pilot))
        assert not narrator.session.hidden
