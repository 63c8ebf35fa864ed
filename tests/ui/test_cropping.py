"""Only what changed is asked for and drawn."""

from __future__ import annotations

from typing import Any, cast

from textual._compositor import ChopsUpdate
from textual.app import App, ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.geometry import Region
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget
from textual_image.widget import SixelImage

from tests.ui.test_play import MakeApp, narrator
from tests.ui.test_portraits import talk
from tests.ui.waiting import playing, told, until
from tui.story import Turn
from tui.ui.cropping import CroppingCompositor
from tui.ui.widgets.turnview import Shown, TurnView


class Asked(Widget):
    """Ten rows that note which of them were asked for."""

    DEFAULT_CSS = "Asked { height: 10; }"

    def __init__(self, classes: str = "") -> None:
        super().__init__(classes=classes)
        self.asked: list[Region] = []

    def render_lines(self, crop: Region) -> list[Strip]:
        self.asked.append(crop)
        return super().render_lines(crop)


class Cropped(App[None], inherit_bindings=False):
    """Two widgets, one above the other, and a third beside the upper, on a screen that crops."""

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield Asked(classes="half")
            yield Asked()
        yield Asked()

    CSS = "Horizontal { height: 10; } .half { width: 20; }"

    def get_default_screen(self) -> Screen[object]:
        screen = super().get_default_screen()
        vars(screen)["_compositor"] = CroppingCompositor()
        return screen


def update_of(screen: Screen[Any], widget: Widget) -> ChopsUpdate | None:
    """What is sent to the terminal for a widget that wants to be drawn anew."""
    compositor = cast("CroppingCompositor", vars(screen)["_compositor"])
    compositor.update_widgets({widget})
    return cast("ChopsUpdate | None", compositor.render_update())


def drawn(screen: Screen[Any], widget: Widget) -> dict[int, tuple[int, Strip]]:
    """What is drawn of a widget that wants to be: each row with its column and what stands there."""
    update = update_of(screen, widget)
    if update is None:
        return {}
    return {
        y: (left, Strip.join(update.chops[y].values()).crop(left, right))
        for y, left, right in update.spans
    }


def whole(screen: Screen[Any]) -> list[Strip]:
    """All rows of a screen."""
    return cast("CroppingCompositor", vars(screen)["_compositor"]).render_strips()


async def test_a_widget_is_asked_for_the_rows_that_changed_and_its_neighbours_for_none() -> None:
    app = Cropped()
    async with app.run_test(size=(40, 24)) as pilot:
        await pilot.pause()
        above, beside, below = app.screen.query(Asked)
        for changing, others, rows in (
            (below, (above, beside), {13, 14}),
            (above, (beside, below), {3, 4}),
        ):
            for widget in (above, beside, below):
                widget.asked.clear()
            changing.refresh(Region(0, 3, 20, 2))
            assert drawn(app.screen, changing).keys() == rows
            assert changing.asked == [Region(0, 3, changing.size.width, 2)]
            assert [widget.asked for widget in others] == [[], []]


async def test_each_part_of_a_page_is_drawn_as_it_stands_in_the_whole(make_app: MakeApp) -> None:
    async with playing(make_app(model=False), narrator(), (120, 40)) as (pilot, screen):
        await pilot.press("1")
        await told(pilot)
        rows = whole(screen)
        parts = [widget for widget in screen.walk_children(Widget) if widget.region]
        assert len(parts) > 20
        for widget in parts:
            widget.refresh()
            for y, (left, strip) in drawn(screen, widget).items():
                assert strip.text == rows[y].crop(left, left + strip.cell_length).text


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
        (found,) = drawn(screen, view).items()
        row, (_, strip) = found
        assert row == last
        assert "bell rings" in strip.text


async def test_a_reply_that_grows_on_a_page_made_wider_has_room_for_all_its_rows(
    make_app: MakeApp,
) -> None:
    async with playing(make_app(model=False), narrator(), (60, 24)) as (pilot, screen):
        view = TurnView(Shown(Turn(9, 1, "model", "", "", "said")))
        await screen.transcript.mount(view)
        text = "The tide is out and a bell rings. " * 15
        for _ in ("unlaid", "laid"):
            view.stream(text)
            await pilot.pause()
        rows = view.content_size.height
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert view.content_size.height < rows
        while len(Content(f"{text}▌").wrap(view.content_size.width)) < rows:
            text += "It rings. "
        view.stream(text)
        await pilot.pause()
        assert view.content_size.height == rows


async def test_a_sixel_picture_is_drawn_whole_or_not_at_all(make_app: MakeApp) -> None:
    app = make_app(model=False)
    app.picture_widget = SixelImage
    async with playing(app, talk()) as (pilot, screen):
        await until(pilot, lambda: bool(screen.panel.query(SixelImage)))
        await pilot.pause()
        picture = screen.panel.query_one(SixelImage).children[0]
        last = picture.region.bottom - 1
        assert picture.region.height > 1
        sixel = next(part.text for part in whole(screen)[last] if "\x1bP" in part.text)
        screen.panel.refresh(Region(0, last - screen.panel.content_region.y, 99, 1))
        update = update_of(screen, screen.panel)
        assert update is not None
        assert sixel in update.render_segments(app.console)
