"""The phrase data that ships with the program, read once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

import yaml

Patterns = Mapping[str, tuple[str, ...]]


@cache
def patterns(name: str) -> Patterns:
    """The patterns of `phrases/<name>.yaml`, by key; a single text is a list of one."""
    text = files("tui.world").joinpath("phrases", f"{name}.yaml").read_text(encoding="utf-8")
    found: dict[str, str | list[str]] = yaml.load(
        text, Loader=yaml.BaseLoader
    )  # so that `no` is a word
    return MappingProxyType(
        {key: (item,) if isinstance(item, str) else tuple(item) for key, item in found.items()}
    )
