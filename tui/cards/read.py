"""Reading a card from its file, with everything that is wrong with it at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

from pydantic import ValidationError

from tui.cards.card import Card
from tui.cards.fields import field_problems, unknown_fields
from tui.cards.formats.dialects import is_foreign
from tui.cards.formats.opening import container_of, from_value, open_card
from tui.cards.problems import CardError, Problem
from tui.cards.yamlfile import Document, parse_yaml

MAX_BYTES = 8 * 1024 * 1024
YAML_SUFFIXES = (".yaml", ".yml")
WORLD_BLOCK = re.compile(r"^world[ \t]*:(?!.*[{\[&*|>]).*\n(?:(?:[ \t#].*)?\n)*", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Inspection:
    """A file as it was found: its card if it has one, and all that is wrong with it."""

    card: Card | None
    """The card; None where there are errors."""
    document: Document
    """The values as written, with their lines."""
    problems: tuple[Problem, ...]
    """Errors and warnings, in the order of their lines."""

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that keep the card from being played."""
        return tuple(problem for problem in self.problems if problem.weight == "error")


def read_card(source: Path | bytes, name: str = "") -> Card:
    """The card in a file, or in the bytes of one (`name` is then what problems call it).

    Raises `CardError` with every problem at once, each with its line and how to mend it.
    """
    inspection = inspect_card(source, name)
    if inspection.card is None:
        raise CardError(inspection.errors)
    return inspection.card


def card_from_data(data: Mapping[str, Any], card_id: str) -> Card:
    """A card from the fields that its file once held, as a save keeps them.

    Raises `CardError`.
    """
    inspection = check_fields(Document(data, {}), card_id)
    if inspection.card is None:
        raise CardError(inspection.errors)
    return inspection.card


def inspect_card(source: Path | bytes, name: str = "") -> Inspection:
    """A card's file with its card, if it is one, and all problems; never raises `CardError`."""
    file = name or (source.name if isinstance(source, Path) else "card.yaml")
    try:
        container = container_of(source, file)
        if container != "text":
            found = open_card(source, file, container)
            return Inspection(found.card, Document(found.card.data, {}), found.warnings)
        text, warnings = read_text(source, file)
        document = parse_yaml(text, file)
        inspection = (
            foreign_inspection(document, file)
            if is_foreign(document.data)
            else check_fields(document, file)
        )
    except CardError as error:
        return Inspection(None, Document(None, {}), error.problems)
    return replace(inspection, problems=(*warnings, *inspection.problems))


def foreign_inspection(document: Document, file: str) -> Inspection:
    """Another program's card in YAML; what is odd in it is not the player's mistake.

    Raises `CardError`.
    """
    found = from_value(document.data, file, "text")
    odd = tuple(replace(problem, weight="warning") for problem in document.problems)
    return Inspection(found.card, document, (*odd, *found.warnings))


def check_fields(document: Document, file: str) -> Inspection:
    """The card that a document holds, and what is wrong with its fields."""
    problems = list(document.problems)
    data = document.data
    if not isinstance(data, dict | Mapping):
        problems.append(not_a_card(data, file))
        return Inspection(None, document, tuple(problems))
    fields = cast("Mapping[str, Any]", data)
    card: Card | None = None
    try:
        card = Card.model_validate(fields).known_as(Path(file).stem, fields)
    except ValidationError as error:
        problems += field_problems(error, document, file)
    problems += unknown_fields(fields, document, file)
    problems.sort(key=lambda problem: (problem.line, problem.field))
    if any(problem.weight == "error" for problem in problems):
        card = None
    return Inspection(card, document, tuple(problems))


def not_a_card(data: object, file: str) -> Problem:
    """What to say of a text that is valid YAML and yet no card."""
    if data is None:
        return Problem(
            file, 0, "", "the file is empty", "write `name: ...`, or start from `fabletop card new`"
        )
    found = "a list" if isinstance(data, list) else "a single text"
    return Problem(file, 1, "", f"this is {found}, not a card", "begin with `name: ...`")


def read_text(source: Path | bytes, file: str) -> tuple[str, tuple[Problem, ...]]:
    """The text of a card, decoded, and a warning where it wasn't UTF-8.

    Raises `CardError` where the file can't be read or is too big.
    """
    if isinstance(source, bytes):
        content = source
    else:
        try:
            with source.open("rb") as stream:
                content = stream.read(MAX_BYTES + 1)
        except OSError as error:
            reason = (error.strerror or "unknown reason").lower()
            raise CardError(
                [Problem(file, 0, "", f"can't be read ({reason})", "check that the file is there")]
            ) from error
    if len(content) > MAX_BYTES:
        raise CardError(
            [
                Problem(
                    file,
                    0,
                    "",
                    "is bigger than 8 MB, which no card is",
                    "is it another kind of file?",
                )
            ]
        )
    return decode(content, file)


def decode(content: bytes, file: str) -> tuple[str, tuple[Problem, ...]]:
    """Text from bytes: UTF-8 or UTF-16 by its mark, else Windows-1252 with a warning."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace"), ()
    if b"\0" in content[:1024]:
        raise CardError(
            [Problem(file, 0, "", "is not a text file", "choose the card's .yaml file")]
        )
    try:
        return content.decode("utf-8-sig"), ()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        text = "is not UTF-8; read as Windows-1252"
        warning = Problem(file, line, "", text, "save it as UTF-8", "warning")
        return content.decode("cp1252", errors="replace"), (warning,)


def without_world(text: str) -> str:
    """The text of a card with its `world:` cut out, lines kept, for lists of many cards."""
    return WORLD_BLOCK.sub(lambda match: "\n" * match[0].count("\n"), text, count=1)
