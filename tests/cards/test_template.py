"""A new card can be played as it is."""

from __future__ import annotations

import pytest

from tui.cards.card import Kind
from tui.cards.read import inspect_card
from tui.cards.template import new_card_template


@pytest.mark.parametrize("kind", ["tale", "companion"])
@pytest.mark.parametrize(
    "name", ["", "Ada", "No: 'quotes' #1", "true", "{{char}}", "- list", "Zoë’s"]
)
def test_a_new_card_has_no_problem(kind: Kind, name: str) -> None:
    inspection = inspect_card(new_card_template(kind, name).encode(), "new.yaml")
    assert not inspection.problems
    assert inspection.card is not None
    assert inspection.card.kind == kind
    assert not name or inspection.card.name == name
