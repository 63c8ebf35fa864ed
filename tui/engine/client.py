"""llama.cpp as a `Backend`: the side of it that lives in the program, and never blocks it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import Any, TypeAlias

from tui.engine.backend import (
    Event,
    Finished,
    LoadSettings,
    ModelInfo,
    ModelNotLoaded,
    Piece,
    Reading,
    Request,
    Run,
    WorkerDied,
)
from tui.engine.link import Link, WorkerGone
from tui.engine.protocol import (
    Message,
    finished_from_message,
    model_from_message,
    request_to_message,
    run_to_message,
    settings_to_message,
)

Answer: TypeAlias = Any
"""What a worker answers; its kind is the operation's, and JSON."""


class LlamaBackend:
    """A `Backend` whose model runs in a child process, which may die without taking anything along.

    What was asked of a worker that dies is asked again of a new one, replies from where they
    were; only a second death is told.
    """

    def __init__(self, *, log: Path, cache: Path | None = None) -> None:
        """Start nothing yet. `log` takes what llama.cpp prints; `cache` keeps states between starts."""
        self._log = log
        self._cache = cache
        self._link: Link | None = None
        self._starting = asyncio.Lock()
        self._model: ModelInfo | None = None
        self._load_message: Message | None = None
        self._closings = 0

    @property
    def model(self) -> ModelInfo | None:
        """The loaded model."""
        return self._model

    @property
    def worker_pid(self) -> int | None:
        """The worker's process id, for diagnosis; None while there is none."""
        return self._link.pid if self._link and self._link.alive else None

    async def load(
        self,
        path: Path,
        settings: LoadSettings | None = None,
        on_progress: Callable[[float], None] | None = None,
    ) -> ModelInfo:
        """See `Backend.load`. A load that crashes is tried once more without repacked weights."""
        values = settings_to_message(settings or LoadSettings())
        message: Message = {"op": "load", "path": str(path), "settings": values, "plain": False}
        self._model = self._load_message = None
        for plain in (False, True):
            message["plain"] = plain
            try:
                link = await self._ready()
                self._model = await self._load_on(link, message, on_progress)
            except WorkerGone:
                continue
            self._load_message = message
            return self._model
        raise WorkerDied(
            f"The engine stopped twice while it loaded {path.name}; its log is {self._log}."
        )

    async def _load_on(
        self, link: Link, message: Message, on_progress: Callable[[float], None] | None
    ) -> ModelInfo:
        """Load on one worker; raises WorkerGone."""
        answer: Any = None
        async with aclosing(link.converse(message)) as answers:
            async for said in answers:
                if said["e"] == "progress" and on_progress:
                    on_progress(said["done"])
                answer = said.get("answer")
        return model_from_message(answer)

    async def _ready(self) -> Link:
        """A worker that lives, with the model loaded again if one was; raises WorkerGone."""
        async with self._starting:
            if self._link and self._link.alive:
                return self._link
            if self._link:
                await self._link.stop()
            self._link = await Link.start(self._log, self._cache)
            if self._load_message:
                self._model = await self._load_on(self._link, self._load_message, None)
            return self._link

    async def _ask(self, message: Message) -> Answer:
        """One question with one answer, asked again once of a new worker; raises WorkerDied.

        Raises ModelNotLoaded before a load and after the end, and starts nothing then.
        """
        self._check_loaded()
        closings = self._closings
        for _ in range(2):
            try:
                link = await self._ready()
                async with aclosing(link.converse(message)) as answers:
                    async for said in answers:
                        if said["e"] == "done":
                            return said.get("answer")
            except WorkerGone:
                self._check_open(closings)
        raise self._died()

    def _check_loaded(self) -> None:
        """Raise ModelNotLoaded where no model is."""
        if self._model is None:
            raise ModelNotLoaded("No model is loaded yet.")

    def _check_open(self, closings: int) -> None:
        """Raise ModelNotLoaded where the engine was closed meanwhile: nothing is asked again then."""
        if self._closings != closings:
            raise ModelNotLoaded("The engine was closed.")

    def _died(self) -> WorkerDied:
        """What the player is told of a second death."""
        return WorkerDied(
            "The engine stopped twice in a row; try again, or choose a smaller model or context "
            f"(its log is {self._log})."
        )

    async def encode(self, runs: Sequence[Run], *, add_bos: bool = True) -> tuple[int, ...]:
        """See `Backend.encode`."""
        message = {"op": "encode", "runs": [run_to_message(run) for run in runs]}
        return tuple(await self._ask({**message, "add_bos": add_bos}))

    async def encode_many(
        self, texts: Sequence[str], *, special: bool = False
    ) -> list[tuple[int, ...]]:
        """See `Backend.encode_many`."""
        message = {"op": "encode_many", "texts": list(texts), "special": special}
        return [tuple(tokens) for tokens in await self._ask(message)]

    async def pieces(self, tokens: Sequence[int]) -> list[bytes]:
        """See `Backend.pieces`."""
        answer = await self._ask({"op": "pieces", "tokens": list(tokens)})
        return [bytes.fromhex(piece) for piece in answer]

    async def score(self, tokens: Sequence[int], continuations: Sequence[str]) -> list[float]:
        """See `Backend.score`."""
        message = {"op": "score", "tokens": list(tokens), "continuations": list(continuations)}
        return await self._ask(message)

    async def generate(self, request: Request) -> AsyncGenerator[Event, None]:
        """See `Backend.generate`. It outlives one death of the worker unnoticed."""
        self._check_loaded()
        message: Message = {"op": "generate", "request": request_to_message(request)}
        closings = self._closings
        received: list[list[int]] = [[] for _ in range(request.count)]
        ended: set[int] = set()
        for _ in range(2):
            try:
                link = await self._ready()
                async with aclosing(link.converse({**message, "received": received})) as answers:
                    async for said in answers:
                        event = _event(said)
                        if event is None or getattr(event, "index", -1) in ended:
                            continue
                        if isinstance(event, Piece):
                            received[event.index] += event.tokens
                        elif isinstance(event, Finished):
                            ended.add(event.index)
                        yield event
            except WorkerGone:
                self._check_open(closings)
                continue
            return
        raise self._died()

    async def cancel(self, key: str) -> None:
        """See `Backend.cancel`."""
        if self._link and self._link.alive:
            await self._ask({"op": "cancel_key", "key": key})

    async def promote(self, key: str) -> bool:
        """See `Backend.promote`."""
        return await self._ask({"op": "promote", "key": key})

    async def read_ahead(self, tokens: Sequence[int]) -> bool:
        """See `Backend.read_ahead`. A death of the worker is no matter here."""
        self._check_loaded()
        try:
            link = await self._ready()
            message = {"op": "ahead", "tokens": list(tokens)}
            whole = False
            async with aclosing(link.converse(message)) as answers:
                async for said in answers:
                    event = _event(said)
                    if isinstance(event, Finished):
                        whole = event.reason == "length"
        except WorkerGone:
            return False
        return whole

    async def save_state(self, tokens: Sequence[int]) -> int:
        """See `Backend.save_state`."""
        return await self._ask({"op": "save", "tokens": list(tokens)})

    def keep_state(self, tokens: Sequence[int]) -> None:
        """See `Backend.keep_state`."""
        if self._link and self._model:
            self._link.keep({"op": "save", "tokens": list(tokens)})

    async def load_state(self, tokens: Sequence[int]) -> int:
        """See `Backend.load_state`."""
        return await self._ask({"op": "restore", "tokens": list(tokens)})

    async def close(self) -> None:
        """See `Backend.close`."""
        self._closings += 1
        async with self._starting:
            link, self._link = self._link, None
            self._model = self._load_message = None
            if link:
                await link.stop()


def _event(said: Message) -> Event | None:
    """The event that a message of a generation tells of; None for its end."""
    if said["e"] == "piece":
        return Piece(said["t"], tuple(said["k"]), said["i"], tuple(said["l"]))
    if said["e"] == "reading":
        return Reading(said["done"], said["total"], said["kept"])
    if said["e"] == "finished":
        return finished_from_message(said["f"])
    return None
