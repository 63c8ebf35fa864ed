"""The inspector: parts, lore with its fates, what changed, what was kept; copied and saved."""

from __future__ import annotations

from collections.abc import Callable

from tests.ui.test_talk import command, go_to
from tests.ui.waiting import page_text, play_of, told, until
from tui.app import FabletopApp
from tui.ui.screens.inspector import InspectorScreen
from tui.ui.screens.play import PlayScreen

MakeApp = Callable[..., FabletopApp]
CARD = """\
name: Ada
first_mes: Hello.
character_book:
  token_budget: 1
  entries:
    - {keys: [x], constant: true, content: It is always evening., name: evening}
    - {keys: [lamp], content: Lamps burn oil., name: lamps}
    - {keys: [whale], content: Whales sing., name: whales}
"""


async def test_lore_changes_and_saving(make_app: MakeApp):
    app = make_app()
    folder = app.program.paths.characters
    folder.mkdir(parents=True)
    (folder / "ada.yaml").write_text(CARD, encoding="utf-8")
    async with app.run_test(size=(100, 40), notifications=True) as pilot:
        await go_to(pilot, "Ada")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, PlayScreen))
        session = play_of(pilot).narrator.session
        for words in ("Good evening.", "Is the lamp lit?"):
            await command(pilot, words)
            await until(pilot, lambda: session.path()[-1].state == "whole")
            await told(pilot)
        await pilot.press("f2")
        await until(pilot, lambda: isinstance(pilot.app.screen, InspectorScreen))
        await until(pilot, lambda: "LORE" in page_text(pilot))
        text = page_text(pilot)
        assert "kept to here, read from here" in text
        lore = [" ".join(row.split("│")[0].split()) for row in text.split("\n")]
        assert "evening always there" in lore
        assert "lamps dropped" in lore
        assert "1 not mentioned" in text
        await pilot.press("down")
        await until(pilot, lambda: "+ you" in page_text(pilot))
        assert "read anew." in page_text(pilot)
        assert "− you" not in page_text(pilot)
        await pilot.press("s")
        await until(pilot, lambda: "Written:" in page_text(pilot))
        saved = next(app.program.paths.saves.glob("ada-prompt.txt")).read_text(encoding="utf-8")
        assert saved.endswith("<|user|>Is the lamp lit?<|model|>")
        lines = app.screen.query_one("#sections")
        assert lines.has_focus
        await pilot.press(*["down"] * 8)
        await until(pilot, lambda: "It stayed out: the book's 1 tokens" in page_text(pilot))
