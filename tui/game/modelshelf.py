"""The models that a player has: found, named, described, and made ready to be loaded."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, replace
from pathlib import Path

from tui.engine.backend import Lora, ModelUnreadable
from tui.engine.fingerprint import fingerprint
from tui.engine.memory import available_bytes, plan
from tui.engine.shape import NetworkShape, shape_of
from tui.game.pocket import POCKET, NoModel
from tui.gguf import GgufError, Header, read_header
from tui.machine import at_home
from tui.modelfiles.catalogue import Entry
from tui.modelfiles.errors import ModelFileError
from tui.modelfiles.filetypes import FILE_TYPES
from tui.modelfiles.find import FoundModel, Places, find_models, kind_at, model_at
from tui.modelfiles.jobs import Done, Progress, run_job
from tui.prompt import Template, template_for
from tui.store import Settings
from tui.store.settings import ModelChoice

USUAL_CONTEXT = 4096
PLAN_BATCH = 64
BROKEN = (
    "Its header cannot be read: the file is damaged, or was not fetched to its end. Fetch it again."
)
KINDS = {"ggml": "a GGML file of 2023", "folder": "a Hugging Face folder"}


@dataclass(frozen=True, slots=True)
class ModelPage:
    """What is known of a model without loading it; bytes are 0 where they cannot be told."""

    model: FoundModel
    architecture: str = ""
    n_params: int = 0
    quantisation: str = ""
    n_ctx_train: int = 0
    n_ctx: int = 0
    template: str = ""
    reason: str = ""
    licence: str = ""
    need_bytes: int = 0
    have_bytes: int = 0
    problem: str = ""

    @property
    def fits(self) -> bool:
        """Whether this machine has the memory now."""
        return self.need_bytes <= self.have_bytes


@dataclass(frozen=True)
class ModelShelf:
    """Where a player's models are, and what the player wants of each."""

    folders: tuple[Path, ...]
    """The player's models folder, and what ships."""
    cache: Path
    """Where converted models are kept."""
    settings: Settings
    places: Places | None = None
    """Where other programs keep theirs; None looks nowhere else."""
    log: Path | None = None
    memory: Callable[[], int] = available_bytes
    """How much memory a new process can have, in bytes."""

    def all(self) -> list[FoundModel]:
        """Every model on this machine, the player's own first, the pocket one last of ours."""
        return find_models(self._own, self.places)

    @property
    def _own(self) -> tuple[Path, ...]:
        chosen = self.settings.model_folder
        return (*self.folders, at_home(chosen)) if chosen else self.folders

    def find(self, wanted: str = "") -> FoundModel:
        """The model of that path or name; else the one chosen last, else the pocket one.

        Raises NoModel.
        """
        name = wanted or self.settings.model
        if name and (found := self._at(at_home(name)) or self._named(name)):
            return found
        own = find_models(self._own)
        if wanted:
            offered = ", ".join(one.name for one in self.all()) or "none"
            raise NoModel(f"There is no model {wanted}. There are: {offered}.")
        for one in own:
            if one.path.name == POCKET:
                return one
        if own:
            return own[0]
        raise NoModel(f"There is no model: put a .gguf file into {self.folders[0]}.")

    def _at(self, path: Path) -> FoundModel | None:
        """The model at a path; a file that is none too, since loading it says why."""
        if (found := model_at(path)) is not None:
            return found
        if path.is_file():
            return FoundModel(path, path.name, "", path.stat().st_size)
        if path.is_dir() and len(path.parts) > 1:
            raise NoModel(f"{path} is a folder without a model that can be read or converted.")
        return None

    def _named(self, name: str) -> FoundModel | None:
        """The model of that name, looked for near at hand first."""
        for places in (None, self.places):
            for one in find_models(self._own, places):
                if name in (one.name, one.path.name, one.path.stem):
                    return one
        return None

    def choice(self, model: FoundModel) -> ModelChoice:
        """What the player wants for one model."""
        wanted = self.settings.models
        for name in (model.name, model.path.name, model.path.stem, str(model.path)):
            if name in wanted:
                return wanted[name]
        return ModelChoice()

    def n_ctx(self, model: FoundModel) -> int:
        """The window that is wanted for a model; 0 for what it was trained for, within reason."""
        own = self.choice(model).n_ctx
        wanted = own if own != "auto" else self.settings.n_ctx
        return 0 if wanted == "auto" else int(wanted)

    def loras(self, model: FoundModel) -> tuple[Lora, ...]:
        """The adapters that are wanted beside a model; a name is looked for in the models folders."""
        return tuple(
            Lora(self._adapter(at_home(name)), scale)
            for name, scale in self.choice(model).loras.items()
        )

    def _adapter(self, named: Path) -> Path:
        """A path as it is, or the file of that name in the first folder that has it."""
        for folder in self._own:
            if (folder / named).is_file():
                return folder / named
        return named

    def page(self, model: FoundModel, templates: Mapping[str, Template]) -> ModelPage:
        """What a model's file says, and whether it fits into this machine's memory."""
        if model.needs_converting:
            return self._raw_page(model, templates)
        try:
            header = read_header(model.path)
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            return ModelPage(model, problem=f"It cannot be read: {reason}.")
        except GgufError:
            return ModelPage(model, problem=BROKEN)
        return self._gguf_page(model, header, templates)

    def _gguf_page(
        self, model: FoundModel, header: Header, templates: Mapping[str, Template]
    ) -> ModelPage:
        metadata = {key: header.text(key) for key in header.values}
        template, reason = self._template(model, metadata, templates)
        shape = shape_of(header)
        trained = shape.n_ctx_train if shape else 0
        limits = (self.n_ctx(model) or min(trained or USUAL_CONTEXT, USUAL_CONTEXT), trained)
        n_ctx = min(limit for limit in limits if limit)
        file_type = header.text("general.file_type")
        licence = header.text("general.license.name") or header.text("general.license")
        return ModelPage(
            model,
            architecture=header.text("general.architecture"),
            n_params=header.n_params,
            quantisation=FILE_TYPES.get(int(file_type), "") if file_type.isdecimal() else "",
            n_ctx_train=trained,
            n_ctx=n_ctx,
            template=template.title,
            reason=reason,
            licence=licence,
            need_bytes=_need(shape, model.size_bytes, n_ctx),
            have_bytes=self.memory(),
        )

    def _raw_page(self, model: FoundModel, templates: Mapping[str, Template]) -> ModelPage:
        template, reason = self._template(model, {}, templates)
        return ModelPage(
            model,
            architecture=KINDS[model.kind],
            template=template.title,
            reason=reason,
            need_bytes=model.size_bytes,
            have_bytes=self.memory(),
        )

    def _template(
        self, model: FoundModel, metadata: Mapping[str, str], templates: Mapping[str, Template]
    ) -> tuple[Template, str]:
        chosen = self.choice(model).template
        if chosen in templates:
            return templates[chosen], "chosen in the settings"
        return template_for(model.name, metadata, templates)

    # what llama.cpp cannot read

    def converted(self, model: FoundModel) -> Path:
        """Where the GGUF form of a model is kept, which may be there or not. Raises OSError."""
        stem = model.path.stem if model.path.is_file() else model.name
        return self.cache / "converted" / _identity(model.path) / f"{stem}.gguf"

    async def convert(self, model: FoundModel) -> AsyncGenerator[Progress | Done, None]:
        """Convert a model into the cache, unless that was done before; then Done with its path.

        Raises ModelFileError.
        """
        try:
            target = self.converted(model)
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise ModelFileError(f"{model.name} cannot be read: {reason}.") from error
        if kind_at(target) == "gguf":
            yield Done({"path": str(target), "garbage": False})
            return
        asked = {"source": str(model.path), "target": str(target)}
        async with aclosing(run_job("convert", asked, log=self.log)) as events:
            async for event in events:
                yield event

    def readier(self, model: FoundModel) -> Readier:
        """What makes a model ready to be loaded."""
        return Readier(self, model)


@dataclass
class Readier:
    """Makes one model ready for llama.cpp: converted, where it has to be."""

    shelf: ModelShelf
    model: FoundModel
    warning: str = ""
    """What to tell the player of a conversion that went wrong silently."""

    async def path(self) -> AsyncGenerator[Progress | Path, None]:
        """Yield Progress, then the path of the GGUF file. Raises ModelUnreadable."""
        if not self.model.needs_converting:
            yield self.model.path
            return
        try:
            async with aclosing(self.shelf.convert(self.model)) as events:
                async for event in events:
                    if isinstance(event, Progress):
                        yield event
                        continue
                    if event.answer["garbage"]:
                        self.warning = garbage_words(self.model.name, event.answer["perplexity"])
                    yield Path(event.answer["path"])
        except ModelFileError as error:
            raise ModelUnreadable(str(error)) from error


def garbage_words(name: str, perplexity: float) -> str:
    """What to say of a model whose perplexity no sound model has."""
    return (
        f"{name} does not know plain English any more: its perplexity on a simple page is "
        f"{perplexity:,.0f}, where a sound model has less than a hundred. The file, or the way it "
        "was made, is broken."
    )


def entry_bytes(entry: Entry) -> int:
    """The memory that a model of the list takes at its context."""
    shape = NetworkShape(
        architecture="",
        file_bytes=int(entry.size_gb * 1e9),
        n_layer=entry.layers,
        n_head=32,
        n_ctx_train=entry.context,
        n_embd=4096,
        n_vocab=32_000,
        kv_elements_k=entry.layers * entry.kv_width,
        kv_elements_v=entry.layers * entry.kv_width,
    )
    return _need(shape, shape.file_bytes, entry.context)


def _need(shape: NetworkShape | None, size_bytes: int, n_ctx: int) -> int:
    """What loading a model takes, all in all."""
    if shape is None:
        return size_bytes
    whole = replace(shape, file_bytes=size_bytes)
    return plan(whole, n_ctx, "f16", "f16", n_batch=PLAN_BATCH, flash=False).total


def _identity(path: Path) -> str:
    """A file's fingerprint, or one of all files in a folder. Raises OSError."""
    if path.is_file():
        return fingerprint(path)
    digest = hashlib.blake2b(digest_size=16)
    for file in sorted(one for one in path.iterdir() if one.is_file()):
        digest.update(f"{file.name}\n{fingerprint(file)}\n".encode())
    return digest.hexdigest()
