"""Imagined turns: while the player reads, the reply to each choice is drawn at idle priority.

A reply's seed follows from its turn's id, which is the same whichever choice is picked; so what
was imagined is exactly what would have been drawn, only sooner.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tui.engine.backend import Backend, BackendError, ModelInfo, Request
from tui.game.drawing import Drawing, Step
from tui.machine import cores

FELT_SECONDS = 0.15
"""From how long a wait on it is worth to think ahead."""
TYPICAL_TURN_TOKENS = 90
POWER = Path("/sys/class/power_supply")


@dataclass
class Imagined:
    """The reply to one choice, as far as it has come: prose, check and choices."""

    drawing: Drawing
    _steps: list[Step] = field(default_factory=list[Step])
    _more: asyncio.Event = field(default_factory=asyncio.Event)
    _failure: BackendError | None = None

    def __post_init__(self) -> None:
        """Begin to imagine; returns at once."""
        self._task = asyncio.create_task(self._run())

    @property
    def failed(self) -> bool:
        """Whether the engine could not go on with it."""
        return self._failure is not None

    async def steps(self) -> AsyncGenerator[Step, None]:
        """All that has come, then what still comes. Raises BackendError."""
        place = 0
        while True:
            while place < len(self._steps):
                yield self._steps[place]
                place += 1
            if self._task.done():
                if self._failure is not None:
                    raise self._failure
                self._task.result()
                return
            self._more.clear()
            await self._more.wait()

    async def ended(self) -> None:
        """Wait until it is told whole, or dropped."""
        await asyncio.wait([self._task])

    async def hurry(self) -> None:
        """Go on at once with what is still to come."""
        if not self._task.done():
            await self.drawing.hurry()

    def drop(self) -> None:
        """Stop imagining; returns at once."""
        self._task.cancel()

    async def _run(self) -> None:
        try:
            async with aclosing(self.drawing.steps()) as steps:
                async for step in steps:
                    self._steps.append(step)
                    self._more.set()
        except BackendError as error:
            self._failure = error
        finally:
            self._more.set()


@dataclass
class Ahead:
    """What is being imagined for the choices that stand now."""

    backend: Backend
    _imagined: dict[int, Imagined] = field(default_factory=dict[int, Imagined])
    _reading: asyncio.Task[None] | None = None

    def read(self, tokens: tuple[int, ...]) -> asyncio.Task[None]:
        """Read, at idle priority, what the next prompt begins with; returns at once."""
        self._reading = asyncio.create_task(self._read(tokens))
        return self._reading

    async def _read(self, tokens: tuple[int, ...]) -> None:
        request = Request(tokens, 0, priority="idle")
        with suppress(BackendError):
            async with aclosing(self.backend.generate(request)) as events:
                async for _ in events:
                    pass

    def begin(self, choice: int, drawing: Drawing) -> None:
        """Imagine the reply to one choice."""
        drawing.idle = f"ahead:{drawing.seed}:{choice}"
        self._imagined[choice] = Imagined(drawing)

    async def rested(self) -> None:
        """Wait until all of it is read and told."""
        if self._reading is not None:
            await asyncio.wait([self._reading])
        for one in self._imagined.values():
            await one.ended()

    async def take(self, choice: int | None) -> Imagined | None:
        """What was imagined for a choice, made urgent; all else is dropped."""
        taken = self._imagined.pop(choice, None) if choice is not None else None
        others, self._imagined = list(self._imagined.values()), {}
        given = False
        try:
            await self._drop(others)
            if taken is not None and not taken.failed:
                await taken.hurry()
                given = True
        except BackendError:
            # The reply that is asked for in its place will say so.
            pass
        finally:
            if taken is not None and not given:
                await self._drop([taken])
        return taken if given else None

    async def _drop(self, imagined: list[Imagined]) -> None:
        """Stop what is read, and these; they are ended then."""
        for one in imagined:
            one.drop()
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.wait([self._reading])
        for one in imagined:
            await one.ended()


def worth_it(model: ModelInfo) -> bool:
    """Whether the wait for a first text is long enough to be felt on this machine."""
    if not model.read_per_second or not model.write_per_second:
        return False
    wait = TYPICAL_TURN_TOKENS / model.read_per_second + 1 / model.write_per_second
    return wait > FELT_SECONDS


def fills_cores(model: ModelInfo) -> bool:
    """Whether a model computes on every core, so that all that others compute is taken from it."""
    return not model.gpu_layers and model.n_threads >= cores()


def on_battery(power: Path) -> bool:
    """Whether the machine says that it runs on its battery; False where it says nothing."""
    states = [_word(file) for file in power.glob("*/online")]
    return bool(states) and not any(state == "1" for state in states)


def _word(file: Path) -> str:
    try:
        return file.read_text(encoding="ascii").strip()
    except OSError:
        return ""
