"""CardActs: what a player does with a card on the shelf before it is played."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from pathlib import Path
from typing import TYPE_CHECKING

from textual import work

from tui.ui.clean import clean_line
from tui.ui.screens.page import Page

if TYPE_CHECKING:
    from tui.cards import Card, CardEntry


CARD_WAYS = (
    ("open", "All that it says"),
    ("edit", "Open it in your editor"),
    ("copy", "Make a copy"),
    ("trash", "Put it in the trash"),
)


class CardActs(Page[None]):
    """The acts of the library that pick a greeting, and who is in a talk; and what else befalls a card."""

    def __init__(self) -> None:
        super().__init__()
        self.greeting = 0
        """The greeting that the card under the cursor begins with."""
        self._page = ""
        self.marked: dict[Path, str] = {}
        """The companions that will talk together, with their names."""

    @property
    @abstractmethod
    def entry(self) -> CardEntry | None:
        """The card under the cursor."""

    @abstractmethod
    def show_shelves(self) -> None:
        """Show the shelves as they are now."""

    @abstractmethod
    def show_preview(self) -> None:
        """Show the page of the card under the cursor."""

    def turned_to(self, page: str) -> None:
        """Another card than before begins with its first greeting."""
        if page != self._page:
            self._page, self.greeting = page, 0

    @work
    async def action_greeting(self) -> None:
        """Pick the greeting that the card begins with."""
        from tui.cards import CardError
        from tui.ui.screens.menu import MenuDialog

        entry = self.entry
        if entry is None or entry.problem:
            return
        try:
            card = await asyncio.to_thread(self.app.program.card, str(entry.path))
        except CardError as error:
            self.app.complain(error)
            return
        ways = greetings_of(card)
        if len(ways) < 2:
            self.app.notify(f"{entry.name} has one greeting.")
            return
        picked = await self.app.push_screen_wait(MenuDialog("How it begins", ways))
        if picked is not None:
            self.greeting = int(picked)
            self.show_preview()

    def action_inspect_card(self) -> None:
        """Show all that the card says."""
        entry = self.entry
        if entry is not None and not entry.problem:
            self.app.look_at(entry.path, greeting=self.greeting)
        elif entry is not None:
            self.app.notify(f"{entry.path.name}: {entry.problem}")

    async def card_menu(self, entry: CardEntry) -> None:
        """Ask what to do with a card, and do it; must run in a worker."""
        from tui.ui.screens.menu import MenuDialog

        way = await self.app.push_screen_wait(MenuDialog(entry.name, CARD_WAYS))
        if way == "open":
            self.action_inspect_card()
        elif way == "edit":
            self.app.edit_card(entry.path)
        elif way == "copy":
            self.app.duplicate_card(entry.path)
        elif way == "trash":
            self.app.throw_card(entry.path)

    def action_take_back(self) -> None:
        """Take out of the trash the card that was put there last."""
        self.app.take_card_back()

    def action_mark_card(self) -> None:
        """Mark a companion for a talk of several, or take the mark away."""
        entry = self.entry
        if entry is None or entry.problem:
            return
        if entry.kind != "companion":
            self.app.notify("A tale has its own people; companions talk together.")
            return
        if self.marked.pop(entry.path, None) is None:
            self.marked[entry.path] = entry.name
        names = list(self.marked.values())
        if len(names) > 1:
            together = f"{', '.join(names[:-1])} and {names[-1]}"
            self.app.notify(f"Enter begins a talk with {together}.")
        self.show_shelves()

    def take_marked(self) -> tuple[str, ...]:
        """The marked cards, whose marks are taken away; nothing where fewer than two are."""
        paths = tuple(str(path) for path in self.marked)
        if len(paths) < 2:
            return ()
        self.marked.clear()
        self.show_shelves()
        return paths


def greetings_of(card: Card) -> list[tuple[str, str]]:
    """Each greeting's number and how it begins."""
    texts = (card.first_mes, *card.alternate_greetings)
    return [
        (str(number), f"{number + 1:>2}  {clean_line(' '.join(text.split()))[:200]}")
        for number, text in enumerate(texts)
    ]
