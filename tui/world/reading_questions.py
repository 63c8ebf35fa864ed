"""Questions that the program answers itself, in which no time passes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from tui.world.names import joined
from tui.world.reading_lexicon import lexicon
from tui.world.values import Action, Panel

QUESTION = "question"


def question_meant(words: Sequence[str]) -> str:
    """The kind of question that some words are: `inventory`, `where`, ...; empty where they are none."""
    text = " ".join(words)
    for kind, expression in lexicon().questions:
        if expression.fullmatch(text):
            return kind
    return ""


def question(kind: str) -> Action:
    """The action that stands for a question; a World never carries it out."""
    return Action(f"{QUESTION}:{kind}")


def answer(panel: Panel, action: Action, player: str = "") -> str:
    """The program's answer to a question, from the panel of the moment: one or two sentences.

    `player` is who the player is, where the card says so.
    """
    kind = action.args[0] if action.args else ""
    return _ANSWERS.get(kind, _hint)(panel, player)


def _inventory(panel: Panel, _player: str) -> str:
    return f"You carry {joined(panel.carried)}." if panel.carried else "You carry nothing."


def _where(panel: Panel, _player: str) -> str:
    when = f" It is {panel.time}." if panel.time else ""
    return (
        f"{sentence(panel.place)}.{when} Ways: {joined(panel.ways)}."
        if panel.ways
        else f"{sentence(panel.place)}.{when}"
    )


def _who(panel: Panel, _player: str) -> str:
    return f"{sentence(panel.person)} is here." if panel.person else "Nobody is here but you."


def _ways(panel: Panel, _player: str) -> str:
    return f"You can go {joined(panel.ways, 'or')}." if panel.ways else "You see no way out."


def _here(panel: Panel, _player: str) -> str:
    return (
        f"Here: {joined(panel.here)}." if panel.here else "There is nothing here that stands out."
    )


def _goal(panel: Panel, _player: str) -> str:
    return (
        f"{sentence(panel.goal)} ({panel.done} of {len(panel.steps)} steps)."
        if panel.goal
        else "You are your own aim."
    )


def _hint(panel: Panel, player: str) -> str:
    return " ".join(panel.hints[:1]) if panel.hints else _goal(panel, player)


def _options(panel: Panel, player: str) -> str:
    return f"Pick a choice, or say what you do in your own words. {_here(panel, player)}"


def _time(panel: Panel, _player: str) -> str:
    return f"It is {panel.time}." if panel.time else "Nobody counts the hours here."


def _self(panel: Panel, player: str) -> str:
    return f"You are {player}. {_inventory(panel, player)}" if player else _inventory(panel, player)


def sentence(text: str) -> str:
    """A text with a capital in front."""
    return text[:1].upper() + text[1:]


_ANSWERS: Mapping[str, Callable[[Panel, str], str]] = MappingProxyType(
    {
        "inventory": _inventory,
        "where": _where,
        "who": _who,
        "ways": _ways,
        "here": _here,
        "goal": _goal,
        "hint": _hint,
        "options": _options,
        "time": _time,
        "self": _self,
    }
)
