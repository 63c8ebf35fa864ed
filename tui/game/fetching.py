"""One model on its way here: what a name stands for, its warning, and what is kept of it."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
from glob import escape
from pathlib import Path
from typing import Any

from tui.game.program import Program
from tui.modelfiles.catalogue import Entry, entry_named
from tui.modelfiles.find import STAGING, model_at
from tui.modelfiles.jobs import Done, Progress, run_job

RATE_SECONDS = 4.0
TAGGED = "Its page says that it is not for all audiences."


@dataclass
class Rate:
    """How fast something comes, over the last seconds."""

    _seen: deque[tuple[float, int]] = field(default_factory=deque[tuple[float, int]])

    def add(self, now: float, done: int) -> None:
        """So much has come by now (seconds of any steady clock)."""
        self._seen.append((now, done))
        while self._seen[-1][0] - self._seen[0][0] > RATE_SECONDS:
            self._seen.popleft()

    @property
    def per_second(self) -> float:
        """Bytes in a second; 0 before that can be told."""
        (begun, first), (now, last) = self._seen[0], self._seen[-1]
        return (last - first) / (now - begun) if now > begun else 0.0


@dataclass
class Fetching:
    """A model that is asked for by a name of the list, `org/repo:file` or an address."""

    program: Program
    wanted: str
    entry: Entry | None = None
    offer: dict[str, Any] = field(default_factory=dict[str, Any])
    """What the hub says of it, once `look` is done."""

    def __post_init__(self) -> None:
        """Look into the list."""
        self.entry = entry_named(self.wanted)

    @property
    def title(self) -> str:
        """What it is called until its file's name is known."""
        return self.entry.title if self.entry else self.wanted

    @property
    def key(self) -> str:
        """The name under which its warning counts as read."""
        return self.entry.name if self.entry else str(self.offer.get("repo", ""))

    @property
    def warning(self) -> str:
        """What must be read before it is fetched; empty where nothing must, or was already."""
        if self.key and self.key in self.program.settings.warned:
            return ""
        if self.entry is not None and self.entry.audience == "adults":
            return self.entry.warning
        return TAGGED if self.offer.get("adult") else ""

    @property
    def licence(self) -> str:
        """Its licence, as its page says, or else the list."""
        return str(self.offer.get("licence") or (self.entry.licence if self.entry else ""))

    def accept(self) -> dict[str, object]:
        """The settings that keep in mind that the warning was read."""
        warned = (*self.program.settings.warned, self.key)
        self.program.settings = self.program.settings.model_copy(update={"warned": warned})
        return {"warned": list(warned)}

    async def look(self) -> AsyncGenerator[Progress | Done, None]:
        """Ask the hub what the name stands for. Raises ModelFileError."""
        wanted = self.entry.wanted if self.entry else self.wanted
        async with aclosing(
            run_job("look", {"wanted": wanted}, log=self.program.paths.log)
        ) as events:
            async for event in events:
                if isinstance(event, Done):
                    self.offer = event.answer
                yield event

    async def fetch(self) -> AsyncGenerator[Progress | Done, None]:
        """Fetch it into the player's models; leaving early keeps what came. Raises ModelFileError."""
        asked = {"offer": self.offer, "folder": str(self.program.paths.models)}
        async with aclosing(run_job("fetch", asked, log=self.program.paths.log)) as events:
            async for event in events:
                yield event

    def drop(self) -> None:
        """Throw away what came of it so far. Raises OSError."""
        folder = self.program.paths.models / STAGING
        for file in self.offer.get("files", ()):
            for half in folder.glob(f"{escape(Path(file['path']).name)}.*.part"):
                half.unlink(missing_ok=True)
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()

    def keep(self, path: Path) -> dict[str, object]:
        """The settings that a fetched model needs: its template, where its file leads elsewhere."""
        if self.entry is None or (found := model_at(path)) is None:
            return {}
        templates = self.program.templates().templates
        wanted = templates.get(self.entry.template)
        page = self.program.shelf.page(found, templates)
        if wanted is None or page.template == wanted.title:
            return {}
        models = {key: one.model_dump() for key, one in self.program.settings.models.items()}
        return {"models": {**models, path.name: {"template": wanted.name}}}
