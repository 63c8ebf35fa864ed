"""Template files read: YAML texts become Templates, or one sentence says why not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

import yaml
from pydantic import ValidationError

from tui.prompt.template import Template

MOST_BYTES = 64 << 10
NEEDED = "it needs name, title, system, player and model"


class TemplateError(ValueError):
    """A template cannot be used; the text says which field and what to do."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """Templates by name, and a sentence for each file that holds none."""

    templates: Mapping[str, Template]
    problems: tuple[str, ...] = ()


def parse_template(text: str, source: str, known: Mapping[str, Template] | None = None) -> Template:
    """The template in a YAML `text`; `source` is named in errors.

    With `like: NAME` a file begins with all fields of that one of `known` templates.
    Raises TemplateError with one sentence.
    """
    data = _data(text, source)
    like = data.pop("like", None)
    if like is not None:
        base = (known or {}).get(str(like))
        if base is None:
            offered = ", ".join(sorted(known or {})) or "none"
            raise TemplateError(
                f"{source}: field like: there is no template {like}, only {offered}."
            )
        data = base.model_dump(exclude={"name", "title", "matches", "marks"}) | data
    try:
        return Template.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(step) for step in first["loc"])
        message = _said(first["type"], first["msg"])
        where = f"field {field}: " if field else ""
        raise TemplateError(f"{source}: {where}{message}.") from error


def read_templates(
    texts: Iterable[tuple[str, str]], known: Mapping[str, Template] | None = None
) -> Loaded:
    """The templates in (source, text) pairs; each may be `like` one before it or a known one."""
    found = dict(known or {})
    problems: list[str] = []
    for source, text in texts:
        try:
            template = parse_template(text, source, found)
        except TemplateError as error:
            problems.append(str(error))
        else:
            found[template.name] = template
    return Loaded(found, tuple(problems))


def _data(text: str, source: str) -> dict[str, Any]:
    if len(text.encode(errors="replace")) > MOST_BYTES:
        raise TemplateError(f"{source} is larger than any template ({MOST_BYTES >> 10} KiB).")
    try:
        data: object = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise TemplateError(f"{source} is not YAML: {_where(error)}.") from error
    if not isinstance(data, dict):
        raise TemplateError(f"{source} holds no template: {NEEDED}.")
    return {str(key): value for key, value in cast("dict[object, Any]", data).items()}


def _where(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = " ".join(str(getattr(error, "problem", "") or error).split())
    return f"line {mark.line + 1}: {problem}" if mark is not None else problem


def _said(kind: str, message: str) -> str:
    if kind == "missing":
        return f"is missing; {NEEDED}"
    if kind == "extra_forbidden":
        return "is not known; take it out or mend its spelling"
    return message.removeprefix("Value error, ").rstrip(".").lower()
