"""The short list of models that are known to tell well, read from `models.yaml`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import resources
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter


class Entry(BaseModel):
    """One model of the list; sizes in decimal gigabytes, as its page has them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    title: str
    repo: str
    file: str
    """What `org/repo:` is followed by: a file, or the name of a quantisation."""
    size_gb: float
    licence: str
    template: str
    good_for: str
    audience: Literal["everyone", "adults"]
    warning: str = ""
    context: int
    layers: int
    kv_width: int
    scores: Mapping[str, float] = {}

    @property
    def wanted(self) -> str:
        """What is asked of the hub."""
        return f"{self.repo}:{self.file}"

    def is_file(self, name: str) -> bool:
        """Whether a file of that name is this model, as its repository names its files."""
        stem = self.repo.rpartition("/")[2].removesuffix("-GGUF")
        wanted = (f"{stem}{between}{self.file}.gguf".lower() for between in "-.")
        return name.lower() in wanted


def catalogue() -> tuple[Entry, ...]:
    """The list, the smallest first."""
    text = (resources.files("tui.modelfiles") / "models.yaml").read_text(encoding="utf-8")
    return tuple(TypeAdapter(list[Entry]).validate_python(yaml.safe_load(text)))


def to_fetch(names: Iterable[str]) -> list[Entry]:
    """The entries whose files are not among those, by their names."""
    here = list(names)
    return [one for one in catalogue() if not any(map(one.is_file, here))]


def entry_named(name: str) -> Entry | None:
    """The entry of that name, however it is written; None where there is none."""
    plain = name.lower().replace(" ", "-")
    entries = catalogue()
    return next((one for one in entries if plain in (one.name, one.wanted.lower())), None)
