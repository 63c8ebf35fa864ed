"""Plain mode: lines out, lines in, for screen readers, pipes and scripts."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass

from rich.text import Text

from tui.cli.lines import Lines, next_line
from tui.cli.plaintalk import beside_acts
from tui.game.events import (
    Answered,
    ChoicesReady,
    Ended,
    Event,
    Failed,
    NoteAdded,
    Piece,
    ProseEnded,
    ReplyStarted,
    Understood,
)
from tui.game.narrator import Narrator
from tui.game.program import Program
from tui.game.understanding import as_choice
from tui.game.verbs import UnknownCommand, read_command, verbs_at
from tui.story import Choice, Turn
from tui.ui.clean import clean

LOOK_BACK = 2
"""How many turns a resumed story is shown from."""


@dataclass
class PlainGame:
    """One session on standard input and output; a Narrator's other front end."""

    narrator: Narrator
    out: Lines
    program: Program

    async def play(self) -> None:
        """Until the input ends or the player leaves; the story is saved as it goes."""
        self._title()
        for notice in self.narrator.notices:
            self.out.say(f"({notice})")
        for turn in self.narrator.session.path()[-LOOK_BACK:]:
            self._show_turn(turn)
        self._show_choices(self.narrator.choices)
        self.narrator.wake()
        try:
            while (line := await next_line()) and await self._take(line.strip()):
                pass
        finally:
            self._leave()

    def _leave(self) -> None:
        book = self.narrator.book
        self.out.say(book.trouble or f"Saved. `fabletop resume {book.path.stem}` goes on.")

    async def read(self) -> None:
        """All of a story that is only to be read."""
        self._title()
        for turn in self.narrator.session.path():
            self._show_turn(turn)
        name = self.narrator.book.path.stem
        self.out.say(f"Only to read. `fabletop resume {name} --copy` goes on in a copy.")

    async def _take(self, line: str) -> bool:
        """Do what a line asks; False where the player leaves."""
        if not line:
            return True
        try:
            command = read_command(line, plain=True)
        except UnknownCommand as error:
            self.out.say(str(error))
            return True
        if command is None:
            await self._turn(self.narrator.take_turn(self._words(line)))
            if trouble := self.narrator.book.trouble:
                self.out.say(f"({trouble})")
            return True
        if command.verb.id == "quit":
            return False
        await self._acts()[command.verb.id](command.argument)
        return True

    def _words(self, line: str) -> str | int:
        words = line.removeprefix("/") if line.startswith("//") else line
        chosen = as_choice(words, self.narrator.choices)
        return words if chosen is None else chosen

    def _acts(self) -> dict[str, Callable[[str], Awaitable[None]]]:
        return {
            "retry": lambda _: self._turn(self.narrator.retry()),
            "continue_reply": lambda _: self._turn(self.narrator.continue_reply()),
            "undo": lambda _: self._moved(self.narrator.undo(), "There is nothing to take back."),
            "redo": lambda _: self._moved(self.narrator.redo(), "There is nothing to do again."),
            "previous_swipe": lambda _: self._moved(
                self.narrator.swipe(-1), "This is the first reply."
            ),
            "next_swipe": lambda _: self._moved(
                self.narrator.swipe(1), "This is the last reply: /retry asks for another."
            ),
            "roll": lambda words: self._turn(self.narrator.roll(words)),
            "edit": self._edit,
            "hint": self._hint,
            "help": self._help,
            **beside_acts(self.program, self.narrator, self._turn, self.out.say),
        }

    async def _turn(self, events: AsyncGenerator[Event, None]) -> None:
        """Show a turn as it happens."""
        async with aclosing(events):
            async for event in events:
                self._show(event)

    def _show(self, event: Event) -> None:
        match event:
            case Understood(turn) if turn.reading:
                self.out.say(f"({turn.reading})")
            case ReplyStarted(turn) if self._several and not turn.text:
                self.out.print(Text(clean(f"{turn.name}: ")), end="")
            case Piece(_, text):
                self.out.print(Text(clean(text.replace("\t", " "))), end="", soft_wrap=True)
            case ProseEnded():
                self.out.print()
            case NoteAdded(_, note):
                self.out.say(f"({note.text})")
            case ChoicesReady(_, choices):
                self._show_choices(choices)
            case Answered(text) | Failed(text):
                self.out.say(text)
            case Ended(_, title, text):
                self.out.say(f"\n{title}\n\n{text}\n\nThe end. /undo goes back, /quit leaves.")
            case _:
                pass

    async def _moved(self, act: Awaitable[bool], nothing: str) -> None:
        """Show where the story stands after a move."""
        if not await act:
            self.out.say(nothing)
            return
        if turn := self.narrator.session.turn:
            self._show_turn(turn)
        self._show_choices(self.narrator.choices)

    async def _edit(self, text: str) -> None:
        here = self.narrator.session.here
        if not text or here is None:
            self.out.say("/edit is followed by the reply's new words.")
            return
        await self.narrator.edit(here, text)
        self.out.say("The reply is changed; the first wording is kept.")

    async def _hint(self, _: str) -> None:
        hints = self.narrator.hints()
        self.out.say(hints[0] if hints else "There is no hint here.")

    async def _help(self, _: str) -> None:
        self.out.say("Type a number to choose, or anything you want to say or do.")
        for verb in verbs_at("play", "anywhere"):
            if verb.plain:
                self.out.say(f"/{verb.slash[0]}: {verb.help}.")

    def _title(self) -> None:
        self.out.say(f"{self.narrator.session.name}\n")

    def _show_turn(self, turn: Turn) -> None:
        if turn.role == "player":
            if turn.parent is not None:
                self.out.say(f"> {turn.text}")
        else:
            self.out.say(f"{turn.name}: {turn.text}" if self._several else turn.text)

    @property
    def _several(self) -> bool:
        """Whether it has to be said who speaks."""
        return len(self.narrator.cards) > 1

    def _show_choices(self, choices: tuple[Choice, ...]) -> None:
        if choices:
            self.out.say("")
        for number, choice in enumerate(choices, 1):
            self.out.say(f"{number}. {choice.text}")
