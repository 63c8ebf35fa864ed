"""Working backwards from what should be so to something that can be done now.

A regression planner: what a condition needs is looked up in the world's rules read
backwards (`sources`), and what that needs in turn, to a bounded depth. It guides choices;
it decides nothing, so where it finds no way the tale goes on without its advice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from tui.world import seeking
from tui.world.apply.deeds import refusal
from tui.world.apply.rules import is_live, live_rules
from tui.world.board import Board
from tui.world.conditions import AllOf, AnyOf, Condition, Not, Test, holds
from tui.world.regression import (
    is_lasting,
    is_where,
    key_of_test,
    lasting,
    makes,
    parts_of,
    where_last,
)
from tui.world.routes import Routes
from tui.world.sources import Source, Sources
from tui.world.values import Action
from tui.world.verbs import ROLES

DEEPEST = 16
MOST_TRIES = 400
MOST_LEGS = 5
OPPOSITES = {
    "open": "closed",
    "closed": "open",
    "locked": "unlocked",
    "unlocked": "locked",
    "lit": "unlit",
    "unlit": "lit",
    "hidden": "found",
    "found": "hidden",
    "broken": "whole",
    "whole": "broken",
}


class Planner:
    """Plans for one position; it remembers what it is already trying, so that it can't go round."""

    def __init__(self, board: Board, sources: Sources) -> None:
        self.board = board
        self.sources = sources
        self.routes = Routes(board)
        self._trying: list[Condition] = []
        self._tries = 0
        self._reasons: dict[str, tuple[str, Condition]] = {}

    def next_action(self, condition: Condition) -> Action | None:
        """What `toward` finds, unless what is to be done there would only send the player on.

        Where the plan is to go somewhere, the same question is asked as if the player stood
        there; if the answer is to go and see to something else first, that is asked from here.
        """
        found = self.toward(condition)
        asked = {self.board.place}
        for _ in range(MOST_LEGS):
            if found is None or found.id not in self._reasons:
                break
            bound_for, _ = self._reasons[found.id]
            if bound_for in asked:
                break
            asked.add(bound_for)
            there = Planner(self.board.standing_in(bound_for), self.sources)
            further = there.toward(condition)
            if further is None or further.id not in there._reasons:
                break
            _, condition = there._reasons[further.id]
            self._reasons = {}
            self._tries = 0
            found = self.toward(condition) or found
        return found

    def note_reason(self, action: Action, place: str) -> None:
        """Remember where a step leads, and the lasting condition that it serves."""
        why = next((item for item in reversed(self._trying) if is_lasting(item)), None)
        if why is not None:
            self._reasons.setdefault(action.id, (place, why))

    def toward(self, condition: Condition) -> Action | None:
        """An action possible now that leads toward a condition that doesn't hold yet."""
        if holds(condition, self.board) or condition in self._trying:
            return None
        if len(self._trying) >= DEEPEST or self._tries >= MOST_TRIES:
            return None
        self._tries += 1
        self._trying.append(condition)
        try:
            return self._toward(condition)
        finally:
            self._trying.pop()

    def _toward(self, condition: Condition) -> Action | None:
        if isinstance(condition, AllOf):
            return self.first(condition.parts, every=True)
        if isinstance(condition, AnyOf):
            return self.first(condition.parts, every=False)
        if isinstance(condition, Not):
            return self._away_from(condition.part)
        way = _WAYS.get(condition.kind)
        found = way(self, condition) if way is not None else None
        return found or self.by_sources(condition)

    def first(self, parts: tuple[Condition, ...], *, every: bool) -> Action | None:
        """The first of the actions toward some parts; toward all of them, one that needs no going."""
        # Of several, what keeps the player where they are before what sends them away; and where
        # to be comes last, so that nobody is sent there before what is needed is in hand.
        if every:
            parts = where_last(parts)
        found = [action for part in parts if (action := self.toward(part)) is not None]
        if not every or not found:
            return next(iter(found), None)
        return next((action for action in found if action.verb != "go"), found[0])

    def _away_from(self, part: Condition) -> Action | None:
        if isinstance(part, Not):
            return self.toward(part.part)
        if isinstance(part, AllOf):
            return self.first(tuple(Not(item) for item in part.parts), every=False)
        if isinstance(part, AnyOf):
            return self.first(tuple(Not(item) for item in part.parts), every=True)
        if part.kind == "is" and part.b in OPPOSITES:
            return self.toward(Test("is", part.a, OPPOSITES[part.b]))
        if part.kind == "dark":
            return seeking.make_light(self)
        if part.kind in {"carried", "worn"} and self.board.is_carried(part.a):
            return self.do(f"drop:{part.a}")
        return self.by_sources(part, wanted=False)

    # Doing one thing

    def do(self, id_: str) -> Action | None:
        """The action if it can be done now, else one that helps toward it."""
        action = Action(id_)
        why = refusal(self.board, action)
        if not why:
            return action
        blockers = [
            rule for rule in live_rules(self.board, action.verb, action.args) if rule.refuse
        ]
        return self._lift(tuple(rule.when for rule in blockers)) or self.first(
            tuple(Not(rule.when) for rule in blockers), every=True
        )

    def _lift(self, obstacles: tuple[Condition, ...]) -> Action | None:
        """End obstacles for good, not merely by going away from them."""
        found = (lasting(Not(condition)) for condition in obstacles)
        return self.first(tuple(one for one in found if one is not None), every=True)

    def lift_there(self, id_: str, place: str) -> Action | None:
        """End what would keep the player there from a deed, seen from elsewhere."""
        board = self.board
        rules = [
            rule
            for pattern, rule in board.model.rules_by_verb.get(Action(id_).verb, ())
            if rule.refuse and pattern.fits(Action(id_).verb, Action(id_).args, place)
        ]
        if not rules or place not in board.model.places or place == board.place:
            return None
        there = board.standing_in(place)
        return self._lift(tuple(rule.when for rule in rules if is_live(there, rule)))

    def by_sources(self, test: Test, *, wanted: bool = True) -> Action | None:
        """An action toward whatever makes a test so (or not so)."""
        for source in self.sources.by_key.get(key_of_test(test), ()):
            if any(makes(effect, test, wanted, self.board) for effect in source.effects):
                found = self.carry_out(source)
                if found is not None:
                    return found
        return None

    def carry_out(self, source: Source) -> Action | None:
        """A source's action if it can be done now, else one toward what it needs."""
        action = Action(source.action)
        if action.verb in {"enter", "leave"}:
            return self._pass(action, source.needs)
        needs = where_last((*self._needs_of(action), *parts_of(source.needs)))
        unmet = tuple(need for need in needs if not holds(need, self.board))
        for need in unmet:
            found = self.toward(need)
            if found is not None:
                lifted = (
                    self.lift_there(source.action, self._whereabouts(action))
                    if is_where(need)
                    else None
                )
                return lifted or found
        return None if unmet else self.do(source.action)

    def _pass(self, action: Action, needs: Condition) -> Action | None:
        if not holds(needs, self.board):
            return self.toward(needs)
        place = action.args[0]
        if action.verb == "leave" and self.board.place == place:
            return self._leave()
        if self.board.place == place:
            return self._leave()
        return seeking.go(self, place)

    def _leave(self) -> Action | None:
        for way in self.board.exits():
            action = Action(f"go:{way.key}")
            if not refusal(self.board, action):
                return action
        return None

    def _needs_of(self, action: Action) -> tuple[Condition, ...]:
        verb, args = action.verb, action.args
        if verb == "say":
            return (Test("here", args[0]),) if args[0] else ()
        if verb in {"give", "show", "put"} and len(args) == 2:
            return (Test("carried", args[0]), self._near(args[1]))
        if verb == "use" and len(args) == 2:
            return (self._in_hand(args[0]), self._near(args[1]))
        if verb in {"unlock", "lock"} and len(args) == 2:
            return (Test("carried", args[1]), self._near(args[0]))
        if verb in {"go", "wait", "improvise"} or not args:
            return ()
        if verb in ROLES or verb in self.board.model.verbs:
            return (self._near(args[0]),)
        return ()

    def _whereabouts(self, action: Action) -> str:
        """Where a deed is done: where the last of what it names is."""
        known = [id_ for id_ in action.args if id_ in self.board.model.start_at]
        return self.board.place_of(known[-1]) if known else ""

    def _in_hand(self, id_: str) -> Condition:
        thing = self.board.model.things.get(id_)
        return Test("carried", id_) if thing is not None and thing.portable else self._near(id_)

    def _near(self, id_: str) -> Condition:
        return Test("here", id_)


_WAYS: Mapping[str, Callable[[Planner, Test], Action | None]] = MappingProxyType(
    {
        "carried": seeking.carry,
        "worn": seeking.wear,
        "player_at": lambda planner, test: seeking.go(planner, test.a),
        "visited": lambda planner, test: seeking.go(planner, test.a),
        "here": seeking.be_near,
        "at_place": seeking.bring,
        "held_by": seeking.bring,
        "is": seeking.set_state,
        "time": seeking.wait,
        "turn": seeking.wait,
    }
)
