"""The player's next line, written by the model for them to change and send."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing

from tui.engine.backend import Piece, Request
from tui.game import cast, dice
from tui.game.narrator import Narrator
from tui.game.prompting import PromptWriter
from tui.game.replies import Drawn, streamed, with_allowance
from tui.game.sentences import is_complete, trimmed

LINE_TOKENS = 60
SEEDS = 0x7FFF_FFFF


async def players_line(narrator: Narrator, begun: str = "") -> AsyncGenerator[str, None]:
    """What the player may say next, piece by piece; it goes on from what they have `begun`.

    In a World it is one of the deeds that are possible now. Raises BackendError, CannotFit and
    TemplateError.
    """
    async with narrator.still():
        seed = dice.seed_at(narrator.session, narrator.clock()) & SEEDS
        if narrator.stage:
            yield _deed(narrator, seed)
            return
        cards = narrator.cards
        writer = await narrator.teller.writer(cards[0], cards)
        prompt = await writer.players_line(narrator.session, narrator.session.path(), begun)
        request = Request(
            tokens=prompt.tokens,
            max_tokens=LINE_TOKENS,
            sampling=narrator.teller.sampling,
            seed=seed,
            stop=_stops(narrator, writer),
        )
        drawn = Drawn(text=begun)
        source = writer.backend.generate(with_allowance(request))
        async with aclosing(streamed(source, request, drawn)) as pieces:
            async for piece in pieces:
                if isinstance(piece, Piece):
                    yield piece.text


def whole_line(text: str) -> str:
    """The line without a last half sentence, where it has a whole one before."""
    line = text.strip()
    return line if is_complete(line) else trimmed(line).strip() or line


def _stops(narrator: Narrator, writer: PromptWriter) -> tuple[str, ...]:
    """What ends the line: a new paragraph, a role, a list, anybody's name."""
    user = cast.user_name(narrator.session, narrator.card)
    names = [cast.teller(card) for card in narrator.cards]
    own = writer.template.stop_strings(user, names[0])
    lists = "\n" + writer.template.choice.rstrip(" ")
    spoken = (f"\n{name}:" for name in (user, *names))
    return tuple(dict.fromkeys((*own, lists, "\n\n", *spoken)))


def _deed(narrator: Narrator, seed: int) -> str:
    """Something that the World lets the player do, and that is not among the choices."""
    stage = narrator.stage
    assert stage is not None
    state = stage.at(narrator.session, narrator.session.here)
    avoid = [choice.action for choice in narrator.choices]
    options = stage.world.options(state, 3, avoid=avoid, seed=seed)
    fresh = [one for one in options if one.action.id not in avoid][:3] or options[:1]
    return fresh[seed % len(fresh)].phrasings[0] if fresh else ""
