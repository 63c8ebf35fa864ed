"""The schema for editors is current, and agrees with what the reading accepts."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from tui.cards.read import inspect_card
from tui.cards.schema import editor_schema, schema_text
from tui.cards.template import new_card_template

ROOT = Path(__file__).parents[2]
GOOD = [*sorted((ROOT / "characters").glob("*.yaml")), ROOT / "tests/world/reading/mill.yaml"]


def complaints(source: Path | bytes) -> list[str]:
    data = json.loads(json.dumps(inspect_card(source).document.data))
    return [
        error.message
        for error in jsonschema.Draft202012Validator(editor_schema()).iter_errors(data)
    ]


def test_the_file_is_current() -> None:
    written = (ROOT / "docs" / "card.schema.json").read_text(encoding="utf-8")
    assert written == schema_text(), "run: python -m tui.cards.schema > docs/card.schema.json"


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_good_cards_fit_it(path: Path) -> None:
    assert complaints(path) == []


def test_templates_fit_it() -> None:
    assert complaints(new_card_template("tale").encode()) == []
    assert complaints(new_card_template("companion").encode()) == []


@pytest.mark.parametrize(
    "wrong",
    [
        b"tone: grey\n",
        b"name: A\nkind: tail\n",
        b"name: A\nchoices: many\n",
        b"name: A\nworld: {places: 3}\n",
        b"name: A\npersona: {nam: x}\n",
    ],
)
def test_bad_cards_do_not(wrong: bytes) -> None:
    assert complaints(wrong)


def test_every_field_is_described() -> None:
    schema = editor_schema()
    groups = {"Card": schema, **schema["$defs"]}
    silent = [
        f"{group}.{field}"
        for group, node in groups.items()
        for field, about in node.get("properties", {}).items()
        if not about.get("description")
    ]
    assert len(groups) > 20
    assert silent == []
