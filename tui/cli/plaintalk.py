"""What plain mode does with the commands beside the story: who talks, how, and what is kept."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing

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

    def told(asked: Callable[[str], Awaitable[str]]) -> Act:
        async def act(words: str) -> None:
            try:
                say(await asked(words))
            except StoreError as error:
                say(str(error))

        return act

    async def speak(name: str) -> None:
        card = asides.somebody(name)
        if card is not None:
            await turn(narrator.let_speak(card))
        else:
            say(asides.nobody(name) if name else "/speak and a name.")

    async def impersonate(begun: str) -> None:
        try:
            async with aclosing(players_line(narrator, begun)) as pieces:
                line = begun + "".join([piece async for piece in pieces])
        except (BackendError, CannotFit, TemplateError) as error:
            say(str(error))
            return
        say(f"You might say: {whole_line(line)}")

    return {
        "invite": told(asides.invite),
        "send_away": told(asides.dismiss),
        "persona": told(asides.persona),
        "recap": told(asides.recap),
        "template": told(asides.template),
        "pin": told(jottings.pin),
        "note": told(jottings.note),
        "memory": told(jottings.memory),
        "bookmark": told(jottings.bookmark),
        "rename": told(jottings.rename),
        "me": told(jottings.me),
        "export": told(jottings.export),
        "speak": speak,
        "impersonate": impersonate,
    }
