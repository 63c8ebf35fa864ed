"""A State spread out for reading and for one turn's changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.world.values import State

if TYPE_CHECKING:
    from tui.world.model import Exit, Model

HELD = ("carried", "worn")
STATE_WORDS = {
    "open": ("open", True),
    "closed": ("open", False),
    "locked": ("locked", True),
    "unlocked": ("locked", False),
    "lit": ("lit", True),
    "unlit": ("lit", False),
    "hidden": ("hidden", True),
    "found": ("hidden", False),
    "broken": ("broken", True),
    "whole": ("broken", False),
}
"""The states that every world has, as the value that each is."""
DEEPEST = 12
VISITED = ".visited"


class Board:
    """One position of a Model: reads are cheap, writes keep a State's promises.

    Made from a State, and frozen into a new one; short-lived and never shared.
    """

    def __init__(self, model: Model, state: State) -> None:
        self.model = model
        self.place = state.place
        self.minutes = state.minutes
        self.turn = state.turn
        self.seed = state.seed
        self.came_from = state.came_from
        self.ended = state.ended
        self._at = dict(state.at)
        self._values = dict(state.values)
        self._moved_to: dict[str, list[str]] | None = None
        self._scope: dict[str, str] | None = None
        self.entered: list[str] = []

    def freeze(self) -> State:
        """The position as a State."""
        return State(
            place=self.place,
            minutes=self.minutes,
            turn=self.turn,
            seed=self.seed,
            at=dict(self._at),
            values=dict(self._values),
            came_from=self.came_from,
            ended=self.ended,
        )

    # Values

    def value(self, key: str) -> bool | int | str:
        """A value by its key; `False` where nothing was ever said of it."""
        found = self._values.get(key)
        return self.model.defaults.get(key, False) if found is None else found

    def flag(self, key: str) -> bool:
        """Whether a value is on."""
        return bool(self.value(key))

    def number(self, key: str) -> int:
        """A value as a number."""
        value = self.value(key)
        return value if isinstance(value, int) else 0

    def set(self, key: str, value: bool | int | str) -> None:
        """Set a value; a value as at the start takes no room."""
        self._scope = None
        if self.model.defaults.get(key, False) == value:
            self._values.pop(key, None)
        else:
            self._values[key] = value

    def has(self, thing: str, power: str) -> bool:
        """Whether a thing can be open, locked, lit at all."""
        return f"{thing}.{power}" in self.model.defaults

    def is_in_state(self, id_: str, word: str) -> bool:
        """Whether something is in a state, `open`, `lit`, or one of its author's."""
        known = STATE_WORDS.get(word)
        if known is not None:
            return self.flag(f"{id_}.{known[0]}") == known[1]
        return self.value(f"{id_}.state") == word

    def set_state(self, id_: str, word: str) -> None:
        """Put something into a state; what is opened is unlocked, what is locked is closed."""
        known = STATE_WORDS.get(word)
        if known is None:
            self.set(f"{id_}.state", word)
            return
        self.set(f"{id_}.{known[0]}", known[1])
        if word == "open" and self.has(id_, "locked"):
            self.set(f"{id_}.locked", False)
        if word == "locked" and self.has(id_, "open"):
            self.set(f"{id_}.open", False)

    # Where things are

    def location(self, id_: str) -> str:
        """Where a thing or person is: a place, a holder, `carried`, `worn`, `nowhere`."""
        return self._at.get(id_) or self.model.start_at[id_]

    def move(self, id_: str, target: str) -> None:
        """Move a thing or person; a thing never goes into itself."""
        if target == id_ or id_ in self._holders(target):
            return
        self._scope = None
        self._moved_to = None
        if target == self.model.start_at[id_]:
            self._at.pop(id_, None)
        else:
            self._at[id_] = target

    def enter(self, place: str) -> None:
        """Put the player into a place."""
        self._scope = None
        self.came_from, self.place = self.place, place
        self.entered.append(place)
        self.set(f"{place}.known", self.flag(f"{place}.visited"))
        self.set(f"{place}.visited", True)
        for person in self.model.folk:
            if self.flag(f"{person}.follows") and self.location(person) == self.came_from:
                self.move(person, place)

    def standing_in(self, place: str) -> Board:
        """The same position as if the player stood elsewhere: for plans, never for play."""
        other = Board(self.model, self.freeze())
        for person in self.model.folk:
            if self.flag(f"{person}.follows") and self.place_of(person) == self.place:
                other.move(person, place)
        other.place = place
        return other

    def contents(self, holder: str) -> list[str]:
        """What is directly in, on or with a holder, in the file's order."""
        if self._moved_to is None:
            self._moved_to = {}
            for id_, target in self._at.items():
                self._moved_to.setdefault(target, []).append(id_)
        stayed = [
            id_ for id_ in self.model.contents_at_start.get(holder, ()) if id_ not in self._at
        ]
        came = self._moved_to.get(holder)
        if not came:
            return stayed
        return sorted(stayed + came, key=self.model.order.__getitem__)

    def _holders(self, id_: str) -> list[str]:
        """Everything around something, innermost first, up to its place."""
        chain: list[str] = []
        while id_ in self.model.start_at and len(chain) < DEEPEST:
            id_ = self.location(id_)
            chain.append(id_)
        return chain

    def place_of(self, id_: str) -> str:
        """The place that something is in, however deep; `carried` things are nowhere."""
        chain = self._holders(id_)
        return chain[-1] if chain else ""

    def is_carried(self, thing: str) -> bool:
        """Whether the player has it: in hand, worn, or inside what is."""
        return self.place_of(thing) in HELD

    def exits(self) -> list[Exit]:
        """The ways out of the player's place that can be seen."""
        return [way for way in self.model.places[self.place].exits if not self.exit_hidden(way)]

    def exit_hidden(self, way: Exit) -> bool:
        """Whether an exit has not been found yet."""
        return self.flag(way.hidden_key)

    def hidden_exits(self) -> set[str]:
        """The `hidden_key` of every exit that is still to be found, and of other hidden things."""
        now = {key for key, value in self._values.items() if value and key.endswith(".hidden")}
        return now | {key for key in self.model.hidden_exits if self.flag(key)}

    def visited(self) -> list[str]:
        """The places that the player has been to, in the order of their ids."""
        places = self.model.places
        known = {key.removesuffix(VISITED) for key in self._values if key.endswith(VISITED)}
        known.add(self.model.file.start.place)
        return sorted(id_ for id_ in known if id_ in places and self.flag(f"{id_}{VISITED}"))

    # What can be seen and reached

    def scope(self) -> dict[str, str]:
        """Things and folk the player perceives, with who holds each (`""`: within reach)."""
        if self._scope is None:
            self._scope = self._look_round()
        return self._scope

    def _look_round(self) -> dict[str, str]:
        held: dict[str, str] = {}
        for holder in HELD:
            self._add_contents(held, holder, "", 0)
        around: dict[str, str] = {}
        self._add_contents(around, self.place, "", 0)
        for way in self.exits():
            if way.door is not None:
                around.setdefault(way.door, "")
                self._add_contents(around, way.door, "", 1)
        both = around | held
        place = self.model.places[self.place]
        if place.file.dark and not any(self.flag(f"{id_}.lit") for id_ in both):
            return held
        return both

    def _add_contents(self, found: dict[str, str], holder: str, owner: str, depth: int) -> None:
        if depth > DEEPEST:
            return
        for id_ in self.contents(holder):
            if self.flag(f"{id_}.hidden"):
                continue
            found[id_] = owner
            if id_ in self.model.folk:
                self._add_contents(found, id_, id_, depth + 1)
            elif self.shows_contents(id_):
                self._add_contents(found, id_, owner, depth + 1)

    def shows_contents(self, thing: str) -> bool:
        """Whether what is in or on a thing can be seen."""
        return (
            not self.has(thing, "open")
            or self.flag(f"{thing}.open")
            or self.model.things[thing].file.holds == "on"
        )

    def is_dark(self) -> bool:
        """Whether the player can't see here."""
        if not self.model.places[self.place].file.dark:
            return False
        return not any(self.flag(f"{id_}.lit") for id_ in self.scope())

    def is_here(self, id_: str) -> bool:
        """Whether something or somebody is with the player."""
        if id_ in self.model.folk:
            return self.location(id_) == self.place and not self.flag(f"{id_}.hidden")
        return id_ in self.scope()

    def folk_here(self) -> list[str]:
        """Who is with the player and can be seen."""
        return [id_ for id_ in self.scope() if id_ in self.model.folk]

    def carried(self) -> list[str]:
        """What the player has in hand and wears."""
        return self.contents("carried") + self.contents("worn")
