"""Only what changed is asked for and drawn."""

from __future__ import annotations

from typing import Any, cast

from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from tests.ui.test_play import MakeApp, narrator
from tests.ui.waiting import playing, told
from tui.story import Turn
from tui.ui.cropping import CroppingCompositor
from tui.ui.widgets.turnview import Shown, TurnView


class Asked(Widget):
    """Ten rows that note which of them were asked for."""

    DEFAULT_CSS = "Asked { height: 10; }"

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[Region] = []

    def render_lines(self, crop: Region) -> list[Strip]:
        self.asked.append(crop)
        return super().render_lines(crop)


class Cropped(App[None], inherit_bindings=False):
    """Two widgets, one above the other, on a screen that crops."""

    def compose(self) -> ComposeResult:
        yield Asked()
        yield Asked()

    def get_default_screen(self) -> Screen[object]:
        screen = super().get_default_screen()
        vars(screen)["_compositor"] = CroppingCompositor()
        return screen


def drawn(screen: Screen[Any], widget: Widget) -> dict[int, Strip]:
    """What is drawn of a widget that wants to be: each row with what stands in it then."""
    compositor = cast("CroppingCompositor", vars(screen)["_compositor"])
    compositor.update_widgets({widget})
    update = compositor.render_update()
    if update is None:
        return {}
    chops = vars(update)["chops"]
    return {y: Strip.join(chops[y].values()) for y, _, _ in vars(update)["spans"]}


def whole(screen: Screen[Any]) -> list[Strip]:
    """All rows of a screen."""
    return cast("CroppingCompositor", vars(screen)["_compositor"]).render_strips()


async def test_a_widget_is_asked_for_the_rows_that_changed_and_its_neighbour_for_none() -> None:
    app = Cropped()
    async with app.run_test(size=(40, 24)) as pilot:
        await pilot.pause()
        first, second = app.screen.query(Asked)
        first.asked.clear()
        second.asked.clear()
        second.refresh(Region(0, 3, 40, 2))
        assert drawn(app.screen, second).keys() == {13, 14}
        assert first.asked == []
        assert second.asked == [Region(0, 3, 40, 2)]


async def test_each_part_of_a_page_is_drawn_as_it_stands_in_the_whole(make_app: MakeApp) -> None:
    async with playing(make_app(model=False), narrator(), (120, 40)) as (pilot, screen):
        await pilot.press("1")
        await told(pilot)
        rows = whole(screen)
        parts = [widget for widget in screen.walk_children(Widget) if widget.region]
        assert len(parts) > 20
        for widget in parts:
            widget.refresh()
            found = drawn(screen, widget)
            assert {y: strip.text for y, strip in found.items()} == {y: rows[y].text for y in found}


async def test_a_growing_reply_draws_its_last_row_only(make_app: MakeApp) -> None:
    async with playing(make_app(model=False), narrator()) as (pilot, screen):
        view = TurnView(Shown(Turn(9, 1, "model", "", "", "said")))
        await screen.transcript.mount(view)
        for _ in ("unlaid", "laid"):
            view.stream("The tide is out. " * 8 + "A bell")
            await pilot.pause()
        view.stream("The tide is out. " * 8 + "A bell rings")
        last = view.content_region.bottom - 1
        assert view.content_region.height > 1
        assert [(y, "bell rings" in strip.text) for y, strip in drawn(screen, view).items()] == [
            (last, True)
        ]
