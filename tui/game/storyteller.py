"""Storyteller: the model that tells, loaded behind whatever the player looks at."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path

from tui.cards import Card
from tui.engine.backend import Backend, LoadSettings, ModelInfo
from tui.engine.sampling import Sampling, advised
from tui.game.modelshelf import Readier
from tui.game.ours import DRAWN, is_ours, window_of
from tui.game.prompting import PromptWriter
from tui.game.recall import Recalls
from tui.modelfiles.jobs import Progress
from tui.prompt import Template, shipped_templates, template_for


@dataclass
class Storyteller:
    """One backend with its model, template and sampling; shared by the sessions of a run.

    `template_name` overrides what the model file asks for, `overrides` single sampling values.
    `progress` is called with 0 to 1 while the model is made ready and while it loads; `doing`
    says which. `readier` makes a GGUF file of what is none.
    """

    backend: Backend
    path: Path
    load_settings: LoadSettings = field(default_factory=LoadSettings)
    template_name: str = ""
    overrides: Mapping[str, object] = field(default_factory=dict[str, object])
    progress: Callable[[float], None] | None = None
    templates: Mapping[str, Template] = field(default_factory=shipped_templates)
    readier: Readier | None = None
    doing: str = "loading"
    reason: str = ""
    """Why the template was chosen, in a few words."""
    _loading: asyncio.Task[ModelInfo] | None = None
    _recalls: Recalls = field(default_factory=Recalls)
    _found: tuple[ModelInfo | None, Template, str] | None = None

    def start(self) -> None:
        """Begin to load; returns at once. Loading happens once, however often it is asked for."""
        if self._loading is None:
            self._loading = asyncio.create_task(self._load())

    async def ready(self) -> ModelInfo:
        """Wait for the model. Raises BackendError where it cannot be loaded."""
        self.start()
        assert self._loading is not None
        return await asyncio.shield(self._loading)

    @property
    def model(self) -> ModelInfo | None:
        """The model, once it is loaded."""
        return self.backend.model

    @property
    def name(self) -> str:
        """The model's name as its folder or program has it."""
        return self.readier.model.name if self.readier else self.path.name

    @property
    def title(self) -> str:
        """The name without the file's ending."""
        return Path(self.name).stem

    @property
    def warning(self) -> str:
        """What to tell the player of a model that loads and yet is broken; else empty."""
        return self.readier.warning if self.readier else ""

    @property
    def template(self) -> Template:
        """The template that the model wants, or that the player wants for it."""
        if self.template_name in self.templates:
            self.reason = "chosen in the settings"
            return self.templates[self.template_name]
        model = self.backend.model
        if self._found is None or self._found[0] is not model:
            metadata = model.metadata if model else {}
            self._found = (model, *template_for(self.name, metadata, self.templates))
        _, template, why = self._found
        missing = f"there is no template {self.template_name}; " if self.template_name else ""
        self.reason = missing + why
        return template

    @property
    def sampling(self) -> Sampling:
        """How the model is drawn from: the template's liking, the model's own, the player's."""
        model = self.backend.model
        ours = DRAWN if is_ours(model) else {}
        own = advised(model.metadata) if model else {}
        return Sampling.from_dict({**self.template.sampling, **ours, **own, **self.overrides})

    @property
    def window(self) -> int:
        """How many tokens a prompt and its reply may take; 0 before the model is loaded."""
        model = self.backend.model
        if model is None:
            return 0
        limits = (model.n_ctx, self.template.context, window_of(model))
        return min(limit for limit in limits if limit)

    async def writer(self, card: Card, company: tuple[Card, ...] = ()) -> PromptWriter:
        """What writes the prompts of `card`, one of a `company` perhaps; waits for the model."""
        await self.ready()
        return PromptWriter(
            card,
            self.template,
            self.backend,
            self.window,
            recalls=self._recalls,
            company=company,
        )

    async def close(self) -> None:
        """End the engine."""
        if self._loading is not None and not self._loading.done():
            self._loading.cancel()
        await self.backend.close()

    async def _load(self) -> ModelInfo:
        path = await self._ready_file()
        self.doing = "loading"
        return await self.backend.load(path, self.load_settings, self.progress)

    async def _ready_file(self) -> Path:
        """The file that llama.cpp can read; made first, where the model has to be converted."""
        path = self.path
        if self.readier is not None:
            async with aclosing(self.readier.path()) as events:
                async for event in events:
                    if not isinstance(event, Progress):
                        path = event
                        continue
                    self.doing = "checking" if event.step == "checking" else "converting"
                    if self.progress is not None:
                        self.progress(event.share)
        return path
