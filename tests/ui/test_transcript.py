from __future__ import annotations

from typing import ClassVar

from textual.app import App, ComposeResult
from textual.pilot import Pilot

from tests.ui.waiting import until
from tui.app import STYLES
from tui.story import Turn
from tui.ui.themes import LAMPLIGHT
from tui.ui.widgets.transcript import MOST, MOUNTED, MemoryLine, Transcript
from tui.ui.widgets.turnview import Shown

LONG = "The lamp takes on the third match and the ferryman says nothing at all. " * 4


def turns(count: int) -> tuple[Turn, ...]:
    return tuple(
        Turn(
            number,
            number - 1 or None,
            "player" if number % 2 else "model",
            "",
            f"{number}. {LONG}",
            "said",
        )
        for number in range(1, count + 1)
    )


class Reader(App[str]):
    CSS_PATH: ClassVar = [STYLES / "base.tcss", STYLES / "play.tcss"]

    def __init__(self, count: int) -> None:
        super().__init__()
        self.register_theme(LAMPLIGHT)
        self.theme = "lamplight"
        self.count = count

    def compose(self) -> ComposeResult:
        yield Transcript(Shown)

    async def on_mount(self) -> None:
        page = self.query_one(Transcript)
        page.styles.height = "1fr"
        await page.show(turns(self.count))
        page.to_end()

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return dict(LAMPLIGHT.variables)


def page_of(pilot: Pilot[str]) -> Transcript:
    return pilot.app.query_one(Transcript)


def at_end(page: Transcript) -> bool:
    return page.scroll_y >= page.max_scroll_y


async def test_a_short_story_stands_at_the_top():
    app = Reader(1)
    async with app.run_test(size=(80, 30)) as pilot:
        await pilot.pause()
        assert page_of(pilot).views[0].region.y <= 1


async def test_a_long_story_opens_at_its_end_with_few_turns_mounted():
    app = Reader(500)
    async with app.run_test(size=(80, 24)) as pilot:
        page = page_of(pilot)
        await until(pilot, lambda: at_end(page))
        assert len(page.views) == MOUNTED
        assert page.views[-1].turn.id == 500


async def test_scrolling_up_loads_earlier_turns_and_the_text_stays():
    app = Reader(200)
    async with app.run_test(size=(80, 24)) as pilot:
        page = page_of(pilot)
        await until(pilot, lambda: at_end(page))
        first = page.views[0]
        page.scroll_to(y=10, animate=False, immediate=True, force=True)
        seen = first.virtual_region.y - 10
        await until(pilot, lambda: len(page.views) > MOUNTED)
        await until(pilot, lambda: page.scroll_y > 30)
        assert first.region.y == seen
        assert not page.following


async def test_it_follows_what_comes_until_the_reader_scrolls_up():
    app = Reader(20)
    async with app.run_test(size=(80, 24)) as pilot:
        page = page_of(pilot)
        await until(pilot, lambda: at_end(page))
        story = turns(40)
        await page.add(story[20])
        await until(pilot, lambda: at_end(page))
        page.scroll_up(animate=False)
        page.scroll_up(animate=False)
        page.scroll_up(animate=False)
        page.scroll_up(animate=False)
        await until(pilot, lambda: not page.following)
        place = page.scroll_y
        await page.add(story[21])
        await pilot.pause()
        assert page.scroll_y == place
        page.to_end()
        await until(pilot, lambda: at_end(page) and page.following)


async def test_paging_down_at_the_end_goes_on_following():
    app = Reader(20)
    async with app.run_test(size=(80, 24)) as pilot:
        page = page_of(pilot)
        await until(pilot, lambda: at_end(page))
        page.scroll_page_down(animate=False)
        await pilot.pause()
        await page.add(turns(21)[20])
        await until(pilot, lambda: at_end(page))
        assert page.following


async def test_many_turns_later_the_earliest_are_unmounted():
    app = Reader(60)
    async with app.run_test(size=(80, 24)) as pilot:
        page = page_of(pilot)
        await until(pilot, lambda: at_end(page))
        for turn in turns(60 + MOST)[60:]:
            await page.add(turn)
        assert len(page.views) <= MOST


async def test_another_branch_keeps_what_it_shares():
    app = Reader(10)
    async with app.run_test(size=(80, 24)) as pilot:
        page = page_of(pilot)
        kept = page.views[4]
        other = Turn(99, 5, "model", "", "Elsewhere.", "said")
        await page.show((*turns(5), other))
        assert page.views[4] is kept
        assert [view.turn.id for view in page.views] == [1, 2, 3, 4, 5, 99]
        await page.show((Turn(200, None, "model", "", "Another story.", "said"),))
        assert [view.turn.id for view in page.views] == [200]


async def test_the_memory_line_stands_before_the_first_remembered_turn():
    app = Reader(10)
    async with app.run_test(size=(80, 24)) as pilot:
        page = page_of(pilot)
        await page.remember_from(7)
        children = list(page.children)
        line = page.query_one(MemoryLine)
        assert children.index(line) == 6
        await page.remember_from(9)
        assert list(page.children).index(page.query_one(MemoryLine)) == 8
        await page.remember_from(None)
        assert not page.query(MemoryLine)
        await pilot.pause()
