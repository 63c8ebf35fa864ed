"""Every template's prompts, byte for byte; `FABLETOP_GOLDEN=write` writes them anew."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.prompt.stories import stories
from tui.prompt import Part, shipped_templates

GOLDEN = Path(__file__).with_name("golden")


def shown(parts: list[Part]) -> str:
    """The text, with special tokens in ⟦ ⟧ so that the file shows which pieces they are."""
    return "".join(f"⟦{part.text}⟧" if part.special else part.text for part in parts)


@pytest.mark.parametrize("name", sorted(shipped_templates()))
def test_the_prompts_are_those_of_the_golden_file(name: str) -> None:
    found = stories(shipped_templates()[name])
    text = "".join(f"=== {title}\n{shown(parts)}\n" for title, parts in found.items())
    path = GOLDEN / f"{name}.txt"
    if os.environ.get("FABLETOP_GOLDEN") == "write":
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def test_every_golden_file_has_its_template() -> None:
    assert {path.stem for path in GOLDEN.glob("*.txt")} == set(shipped_templates())
