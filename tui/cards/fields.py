"""What is wrong with a card's fields, in words for the person who wrote them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, cast

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from tui.cards.card import Card
from tui.cards.problems import Problem
from tui.cards.yamlfile import Document, Path, dotted

Schema = Mapping[str, Any]


def field_problems(error: ValidationError, document: Document, file: str) -> Iterator[Problem]:
    """One problem for each field that `error` complains of."""
    seen: set[Path] = set()
    for detail in error.errors(include_url=False):
        path = known_path(detail, document.data)
        if path in seen and detail["type"] not in ("missing", "extra_forbidden"):
            continue  # the other members of a union complain of the same value
        seen.add(path)
        text, mending = in_words(detail, path)
        yield Problem(file, document.line(path), dotted(path), text, mending)


def unknown_fields(data: Mapping[str, Any], document: Document, file: str) -> Iterator[Problem]:
    """A warning for each top-level field that a card doesn't have; it is kept all the same."""
    for name in data:
        if name not in Card.model_fields:
            mending = (
                f"did you mean `{near}`?"
                if (near := nearest(name, list(Card.model_fields)))
                else "it is kept"
            )
            yield Problem(
                file, document.line((name,)), name, "is not a field of a card", mending, "warning"
            )


def known_path(detail: ErrorDetails, data: object) -> Path:
    """The part of an error's path that is in the file; a union's branches and such are not."""
    path: list[str | int] = []
    here = data
    for part in detail["loc"]:
        if isinstance(here, Mapping) and part in here:
            here = cast("Mapping[Any, object]", here)[part]
        elif (
            isinstance(here, list)
            and isinstance(part, int)
            and part < len(cast("list[object]", here))
        ):
            here = cast("list[object]", here)[part]
        else:
            break
        path.append(part)
    if detail["type"] == "extra_forbidden" and path != list(detail["loc"]):
        path = list(detail["loc"])
    return tuple(path)


def in_words(detail: ErrorDetails, path: Path) -> tuple[str, str]:
    """What is wrong with the field at `path`, and what to do."""
    kind, value = detail["type"], detail["input"]
    if kind == "missing":
        name = detail["loc"][-1]
        return f"`{name}` is missing", f"add `{name}:`"
    if kind == "extra_forbidden":
        return "is not a field here", suggestion(path)
    if kind == "value_error":
        return detail["msg"].removeprefix("Value error, "), ""
    if kind == "string_pattern_mismatch":
        hint = "use small letters, digits and _, beginning with a letter"
        return f"`{value}` can't be an id", hint
    if kind == "string_too_long":
        return "is too long", f"use at most {limit(detail)} characters"
    if value is None or kind in {"string_too_short", "too_short"}:
        return "is empty", "write something there, or delete the line"
    return wrong_type(detail)


def wrong_type(detail: ErrorDetails) -> tuple[str, str]:
    """The same for values of another kind than the field's."""
    kind, value = detail["type"], detail["input"]
    found = shown(value)
    if kind == "literal_error":
        return f"is {found}", f"write {detail.get('ctx', {}).get('expected', 'one of its words')}"
    if kind.startswith("string"):
        hint = "put quotes around it" if isinstance(value, bool | int | float) else "write a text"
        return f"is {found}, and should be text", hint
    if kind.startswith("bool"):
        return f"is {found}", "write true or false"
    if kind.startswith(("int", "float", "decimal")):
        return f"is {found}, and should be a number", "write digits, without quotes"
    if kind in {"list_type", "tuple_type", "set_type"}:
        return f"is {found}, and should be a list", "begin each item's line with `- `"
    if kind in {"dict_type", "model_type", "mapping_type", "model_attributes_type"}:
        return (
            f"is {found}, and should have fields of its own",
            "write `field: value` lines under it, indented",
        )
    if kind in {"greater_than", "greater_than_equal", "less_than", "less_than_equal"}:
        return f"is {found}", detail["msg"].lower().replace("input should be", "make it")
    return f"is {found}: {detail['msg']}", ""


def shown(value: object) -> str:
    """A value as a sentence may quote it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        text = " ".join(value.split())
        return f"`{text if len(text) <= 40 else text[:39] + '…'}`"
    if isinstance(value, list):
        return "a list"
    return "a group of fields" if isinstance(value, Mapping) else f"`{value}`"


def limit(detail: ErrorDetails) -> int:
    """The length that a value may have."""
    return int(detail.get("ctx", {}).get("max_length", 0))


def suggestion(path: Path) -> str:
    """What to write in place of an unknown field: the nearest known one, or all of them."""
    names = names_at(path[:-1])
    if near := nearest(str(path[-1]), names):
        return f"did you mean `{near}`?"
    return f"the fields here are {', '.join(names)}" if names else "delete it"


def nearest(name: str, names: list[str]) -> str:
    """The name that was probably meant, or empty."""
    from rapidfuzz import fuzz, process

    found = process.extractOne(name.lower(), names, scorer=fuzz.ratio, score_cutoff=70)
    return found[0] if found else ""


def names_at(path: Path) -> list[str]:
    """The fields that the card's schema knows in the group at `path`."""
    schema = card_schema()
    here = schema
    for part in path:
        here = inside(schema, here, part)
    return list(resolved(schema, here).get("properties", {}))


def inside(schema: Schema, here: Schema, part: str | int) -> Schema:
    """The schema of one field or item of a group."""
    group = resolved(schema, here)
    if isinstance(part, int):
        return cast("Schema", group.get("items", {}))
    known = cast("Schema", group.get("properties", {}))
    more = [group.get("additionalProperties"), *group.get("patternProperties", {}).values()]
    return cast(
        "Schema", known.get(part) or next((one for one in more if isinstance(one, dict)), {})
    )


def resolved(schema: Schema, here: Schema) -> Schema:
    """A schema with its reference followed, or the member of a union that has fields or items."""
    if "$ref" in here:
        return resolved(schema, schema["$defs"][here["$ref"].rsplit("/", 1)[-1]])
    for member in here.get("anyOf", ()):
        found = resolved(schema, member)
        if found.keys() & {"properties", "items", "additionalProperties", "patternProperties"}:
            return found
    return here


@cache
def card_schema() -> Schema:
    """The JSON schema that the card's models amount to."""
    return Card.model_json_schema()
