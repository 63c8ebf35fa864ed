"""What plain mode does with the commands beside the story: who talks, how, and what is kept."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass

from tui.engine.backend import BackendError
from tui.game.asides import Asides
from tui.game.events import Event
from tui.game.impersonating import players_line, whole_line
from tui.game.jottings import Jottings
from tui.game.narrator import Narrator
from tui.game.program import Program
from tui.prompt import CannotFit, TemplateError
from tui.store import StoreError

Act = Callable[[str], Awaitable[None]]
Shown = Callable[[AsyncGenerator[Event, None]], Awaitable[None]]


def beside_acts(
    program: Program, narrator: Narrator, turn: Shown, say: Callable[[str], None]
) -> dict[str, Act]:
    """The acts by their verbs' ids; `turn` shows a turn as it happens, `say` a sentence."""
    asides, jottings = Asides(program, narrator), Jottings(narrator)
    voices = _Voices(narrator, asides, turn, say)
    answered = {
        "invite": asides.invite,
        "send_away": asides.dismiss,
        "persona": asides.persona,
        "recap": asides.recap,
        "template": asides.template,
        "pin": jottings.pin,
        "note": jottings.note,
        "memory": jottings.memory,
        "bookmark": jottings.bookmark,
        "rename": jottings.rename,
        "me": jottings.me,
        "export": jottings.export,
    }
    acts = {verb: _told(asked, say) for verb, asked in answered.items()}
    return acts | {"speak": voices.speak, "impersonate": voices.impersonate}


def _told(asked: Callable[[str], Awaitable[str]], say: Callable[[str], None]) -> Act:
    """An act that ends in one sentence, also where the file could not be written."""

    async def act(words: str) -> None:
        try:
            say(await asked(words))
        except StoreError as error:
            say(str(error))

    return act


@dataclass(frozen=True, slots=True)
class _Voices:
    """Lets somebody speak: a companion out of turn, or the model for the player."""

    narrator: Narrator
    asides: Asides
    turn: Shown
    say: Callable[[str], None]

    async def speak(self, name: str) -> None:
        """Let the companion called `name` speak at once."""
        card = self.asides.somebody(name)
        if card is not None:
            await self.turn(self.narrator.let_speak(card))
        else:
            self.say(self.asides.nobody(name) if name else "/speak and a name.")

    async def impersonate(self, begun: str) -> None:
        """Say what the player might say next, going on from what they have `begun`."""
        try:
            async with aclosing(players_line(self.narrator, begun)) as pieces:
                line = begun + "".join([piece async for piece in pieces])
        except (BackendError, CannotFit, TemplateError) as error:
            self.say(str(error))
            return
        self.say(f"You might say: {whole_line(line)}")
