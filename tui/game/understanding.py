"""What the player means: a choice, actions of the World, a question, or plain talk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tui.story import Choice, Turn
from tui.world import Action, State, World
from tui.world.reading_lexicon import lexicon
from tui.world.reading_questions import answer

SURE = 0.5
"""How sure a reading has to be to stand; below, the model's own likelihood is asked."""
UNSPELT = "improvise:trivial:say something that only you understand"
"""What is done where no word was one: never nothing, and never told that it was not understood."""
RECENT_TURNS = 4
"""How many turns back `it` and `her` may reach."""


@dataclass(frozen=True, slots=True)
class Understanding:
    """The player's words as the game takes them.

    `chosen` is the index of a choice; `answer` is what the program says by itself, in which
    case the story does not move. `now` is the scene line where a roll decided it.
    """

    words: str
    chosen: int | None = None
    actions: tuple[Action, ...] = ()
    echo: str = ""
    answer: str = ""
    now: str = ""
    unread: str = ""
    """What was typed, where no deed of the World is surely meant: a model may weigh it."""


def as_choice(words: str, choices: Sequence[Choice]) -> int | None:
    """The index of the choice that `words` are, its number or its text; None for other words."""
    said = words.strip()
    if said.isdecimal() and 1 <= int(said) <= len(choices):
        return int(said) - 1
    key = _key(said)
    return next((place for place, one in enumerate(choices) if key and _key(one.text) == key), None)


def understood(
    world: World, state: State, words: str, path: Sequence[Turn], player: str
) -> Understanding:
    """The World's own reading of `words`, typed in `state` at the end of `path`."""
    choices = path[-1].choices if path else ()
    chosen = as_choice(words, choices)
    if chosen is not None:
        return picked(choices, chosen)
    reading = world.read(state, words, choices, recent_actions(path))
    if reading.kind == "question" and reading.actions:
        return Understanding(words, answer=answer(world.panel(state), reading.actions[0], player))
    if reading.sure >= SURE or not reading.unread:
        return Understanding(words, actions=reading.actions, echo=reading.echo)
    actions = reading.actions or (world.action(UNSPELT),)
    return Understanding(words, actions=actions, echo=reading.echo, unread=words)


def picked(choices: Sequence[Choice], index: int) -> Understanding:
    """The choice at `index`, as its author meant it."""
    choice = choices[index]
    actions = (Action(choice.action),) if choice.action else ()
    return Understanding(choice.text, chosen=index, actions=actions)


def recent_actions(path: Sequence[Turn]) -> list[str]:
    """The ids of the last turns' actions, the latest last."""
    said = [turn for turn in path[-2 * RECENT_TURNS :] if turn.role == "player"]
    return [action for turn in said for action in turn.actions]


def _key(text: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in text.casefold()).split())


def is_deed(line: str) -> bool:
    """Whether a line says what is done rather than who does it: `look around`, and no `Pat Ash`."""
    first, *rest = line.split() or [""]
    begins = first.lower() in lexicon().starts or first.lower() == "i"
    return begins and bool(rest) and rest[0][:1].islower()
