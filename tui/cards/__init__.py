"""Cards: who can be talked with, and which tales can be played."""

from tui.cards.card import Card, Fact, Persona
from tui.cards.library import CardEntry, CardNotFound, find_card, find_cards
from tui.cards.problems import CardError, Problem
from tui.cards.read import card_from_data, inspect_card, read_card

__all__ = [
    "Card",
    "CardEntry",
    "CardError",
    "CardNotFound",
    "Fact",
    "Persona",
    "Problem",
    "card_from_data",
    "find_card",
    "find_cards",
    "inspect_card",
    "read_card",
]
