"""Changing single keys of a YAML text without touching the rest of it, comments included."""

from __future__ import annotations

import re
from collections.abc import Mapping

import yaml


class _Loader(yaml.SafeLoader):
    """YAML 1.1 without its surprises: `no` and `off` are words, and so are dates and 12:30."""


_Loader.yaml_implicit_resolvers = {
    first: [pair for pair in pairs if not pair[0].endswith((":bool", ":timestamp", ":int"))]
    for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile("(?:true|false)$", re.IGNORECASE), list("tTfF")
)
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile(r"[-+]?[0-9]+$"), list("-+0123456789")
)


def read_yaml(text: str) -> object:
    """Return what a YAML text holds.

    Raises:
        yaml.YAMLError: It isn't YAML.
        RecursionError: It is nested too deeply.
    """
    return yaml.load(text, Loader=_Loader)


def change_keys(text: str, values: Mapping[str, object]) -> str:
    """Return the text with some top-level keys set; the others, comments and order stay.

    Raises:
        yaml.YAMLError: The text isn't YAML.
    """
    for key, value in values.items():
        text = _change_key(text, key, value)
    return text


def _change_key(text: str, key: str, value: object) -> str:
    new = yaml.safe_dump({key: value}, allow_unicode=True, sort_keys=False, width=1000)
    lines = text.splitlines(keepends=True)
    found = _place(text, key)
    if found is None:
        ended = text if not text or text.endswith("\n") else text + "\n"
        return ended + new
    first, last, comment = found
    if comment and new.count("\n") == 1:
        new = f"{new.rstrip()}  {comment}\n"
    return "".join(lines[:first]) + new + "".join(lines[last:])


def _place(text: str, key: str) -> tuple[int, int, str] | None:
    """Return the first line of a key, the line after its value, and the comment on its line."""
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    if not isinstance(root, yaml.MappingNode):
        return None
    for name, value in root.value:
        if name.value != key:
            continue
        end = value.end_mark
        last = end.line if end.column == 0 and end.line > name.start_mark.line else end.line + 1
        lines = text.splitlines()
        rest = lines[end.line][end.column :].strip() if end.line < len(lines) else ""
        return name.start_mark.line, last, rest if rest.startswith("#") else ""
    return None
