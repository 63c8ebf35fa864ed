"""Working backwards from what should be so to something that can be done now.

A regression planner: what a condition needs is looked up in the world's rules read
backwards (`sources`), and what that needs in turn, to a bounded depth. It guides choices;
it decides nothing, so where it finds no way the tale goes on without its advice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from tui.world.apply.deeds import refusal
from tui.world.apply.rules import is_live, live_rules
from tui.world.board import STATE_WORDS, Board
from tui.world.conditions import AllOf, AnyOf, Condition, Not, Test, compare, holds, tests_in
from tui.world.effects import Effect
from tui.world.model import Exit
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

    def _note_reason(self, action: Action, place: str) -> None:
        why = next((item for item in reversed(self._trying) if _is_lasting(item)), None)
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
            return self._first(condition.parts, every=True)
        if isinstance(condition, AnyOf):
            return self._first(condition.parts, every=False)
        if isinstance(condition, Not):
            return self._away_from(condition.part)
        way = _WAYS.get(condition.kind)
        found = way(self, condition) if way is not None else None
        return found or self._by_sources(condition)

    def _first(self, parts: tuple[Condition, ...], *, every: bool) -> Action | None:
        # Of several, what keeps the player where they are before what sends them away; and where
        # to be comes last, so that nobody is sent there before what is needed is in hand.
        if every:
            parts = _where_last(parts)
        found = [action for part in parts if (action := self.toward(part)) is not None]
        if not every or not found:
            return next(iter(found), None)
        return next((action for action in found if action.verb != "go"), found[0])

    def _away_from(self, part: Condition) -> Action | None:
        if isinstance(part, Not):
            return self.toward(part.part)
        if isinstance(part, AllOf):
            return self._first(tuple(Not(item) for item in part.parts), every=False)
        if isinstance(part, AnyOf):
            return self._first(tuple(Not(item) for item in part.parts), every=True)
        if part.kind == "is" and part.b in OPPOSITES:
            return self.toward(Test("is", part.a, OPPOSITES[part.b]))
        if part.kind == "dark":
            return self._make_light()
        if part.kind in {"carried", "worn"} and self.board.is_carried(part.a):
            return self._do(f"drop:{part.a}")
        return self._by_sources(part, wanted=False)

    # Doing one thing

    def _do(self, id_: str) -> Action | None:
        """The action if it can be done now, else one that helps toward it."""
        action = Action(id_)
        why = refusal(self.board, action)
        if not why:
            return action
        blockers = [
            rule for rule in live_rules(self.board, action.verb, action.args) if rule.refuse
        ]
        return self._lift(tuple(rule.when for rule in blockers)) or self._first(
            tuple(Not(rule.when) for rule in blockers), every=True
        )

    def _lift(self, obstacles: tuple[Condition, ...]) -> Action | None:
        """End obstacles for good, not merely by going away from them."""
        found = (lasting(Not(condition)) for condition in obstacles)
        return self._first(tuple(one for one in found if one is not None), every=True)

    def _lift_there(self, id_: str, place: str) -> Action | None:
        """End what would keep the player there from a deed, seen from elsewhere."""
        board = self.board
        rules = [
            rule
            for pattern, rule in board.model.rules_by_verb.get(Action(id_).verb, ())
            if rule.refuse and pattern.fits(Action(id_).verb, Action(id_).args, place)
        ]
        if not rules or place not in board.model.places or place == board.place:
            return None
        there = Board(board.model, replace(board.freeze(), place=place))
        return self._lift(tuple(rule.when for rule in rules if is_live(there, rule)))

    def _by_sources(self, test: Test, *, wanted: bool = True) -> Action | None:
        for source in self.sources.by_key.get(_key(test), ()):
            if any(_makes(effect, test, wanted, self.board) for effect in source.effects):
                found = self._carry_out(source)
                if found is not None:
                    return found
        return None

    def _carry_out(self, source: Source) -> Action | None:
        action = Action(source.action)
        if action.verb in {"enter", "leave"}:
            return self._pass(action, source.needs)
        needs = _where_last((*self._needs_of(action), *_parts(source.needs)))
        unmet = tuple(need for need in needs if not holds(need, self.board))
        for need in unmet:
            found = self.toward(need)
            if found is not None:
                lifted = self._lift_there(source.action, self._whereabouts(action)) if _is_where(need) else None
                return lifted or found
        return None if unmet else self._do(source.action)

    def _pass(self, action: Action, needs: Condition) -> Action | None:
        if not holds(needs, self.board):
            return self.toward(needs)
        place = action.args[0]
        if action.verb == "leave" and self.board.place == place:
            return self._leave()
        if self.board.place == place:
            return self._leave()
        return self.go(place)

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

    # Ways toward single conditions

    def go(self, place: str) -> Action | None:
        """A step on the way to a place, or toward opening that way."""
        ways = self.routes.free(place)
        if ways is None:
            ways = self.routes.any(place)
        if not ways:
            return None
        for index, way in enumerate(ways):
            if not self.routes.is_free(way):
                return self._unbar(way, ways[:index])
        found = self._do(f"go:{ways[0].key}")
        if found is None:
            return self._past_rules(ways[0])
        if found.verb == "go":
            self._note_reason(found, place)
        return found

    def _past_rules(self, way: Exit) -> Action | None:
        board = self.board
        rules = [
            *live_rules(board, "leave", (board.place,)),
            *live_rules(board, "enter", (way.to,)),
        ]
        return self._first(tuple(Not(rule.when) for rule in rules if rule.refuse), every=True)

    def _unbar(self, way: Exit, before: list[Exit]) -> Action | None:
        board = self.board
        if board.exit_hidden(way):
            for source in self.sources.by_key.get(f"{way.place}.{way.key}.hidden", ()):
                found = self._carry_out(source)
                if found is not None:
                    return found
            return None
        if way.door is not None and board.flag(f"{way.door}.locked"):
            found = self._unlock(way.door, way.place)
            if found is not None:
                return found
        if not holds(way.when, board):
            found = self.toward(way.when)
            if found is not None:
                return found
        return self._do(f"go:{before[0].key}") if before else None

    def _unlock(self, id_: str, from_place: str = "") -> Action | None:
        board = self.board
        key = board.model.things[id_].file.key
        if key is not None:
            if not board.is_carried(key):
                return self.toward(Test("carried", key)) or self._by_sources(
                    Test("is", id_, "unlocked")
                )
            if id_ in board.scope():
                return self._do(f"unlock:{id_}:{key}")
            return self.go(from_place) if from_place else self._approach(id_)
        return self._by_sources(Test("is", id_, "unlocked")) or self._by_sources(
            Test("is", id_, "open")
        )

    def be_near(self, test: Test) -> Action | None:
        """Get to where something or somebody is, or bring it out."""
        id_ = test.a
        return self._approach(id_)

    def _approach(self, id_: str) -> Action | None:
        board, model = self.board, self.board.model
        if id_ in model.places:
            return self.go(id_)
        if id_ in model.things and model.things[id_].is_door and board.location(id_) == "doorway":
            return self._to_door(id_)
        if board.location(id_) == "nowhere":
            return self._by_sources(Test("at_place", id_, board.place)) or self._any_move(id_)
        place = board.place_of(id_)
        if place in model.places and place != board.place:
            return self._light_first(id_) or self._lift_lid(id_, place) or self.go(place)
        if board.is_dark():
            return self._make_light()
        return self._uncover(id_)

    def _lift_lid(self, id_: str, place: str) -> Action | None:
        """End what would keep the player there from opening what something is in."""
        board, holder = self.board, self.board.location(id_)
        while holder in board.model.things:
            if board.has(holder, "open") and not board.flag(f"{holder}.open"):
                found = self._lift_there(f"open:{holder}", place)
                if found is not None:
                    return found
            holder = board.location(holder)
        return None

    def _any_move(self, id_: str) -> Action | None:
        for source in self.sources.by_key.get(f"{id_}@", ()):
            if any(
                effect.kind == "move" and effect.a == id_ and effect.b != "nowhere"
                for effect in source.effects
            ):
                found = self._carry_out(source)
                if found is not None:
                    return found
        return None

    def _to_door(self, id_: str) -> Action | None:
        sides = [
            place.id
            for place in self.board.model.places.values()
            if any(way.door == id_ for way in place.exits)
        ]
        ways = [
            (len(found), side) for side in sides if (found := self.routes.free(side)) is not None
        ]
        if ways:
            return self.go(min(ways)[1])
        return self.go(sides[0]) if sides else None

    def _uncover(self, id_: str) -> Action | None:
        """Open or search whatever keeps something in this place from view."""
        board, model = self.board, self.board.model
        holder = board.location(id_)
        if board.flag(f"{id_}.hidden"):
            found = self._by_sources(Test("is", id_, "found"))
            if found is not None:
                return found
            if holder == board.place:
                return self._do("search")
            if holder in model.things:
                self_found = (
                    self._do(f"search:{holder}")
                    if holder in board.scope()
                    else self._uncover(holder)
                )
                return self_found or self._open(holder)
        if holder in model.things and holder not in board.scope():
            return self._uncover(holder)
        if holder in model.things:
            return self._open(holder)
        return None

    def _open(self, id_: str) -> Action | None:
        board = self.board
        if board.flag(f"{id_}.open") or not board.has(id_, "open"):
            return None
        if board.flag(f"{id_}.locked"):
            return self._unlock(id_)
        return self._do(f"open:{id_}")

    def _make_light(self) -> Action | None:
        for id_, thing in self.board.model.things.items():
            if thing.file.lit is None or not thing.portable:
                continue
            found = self.toward(AllOf((Test("carried", id_), Test("is", id_, "lit"))))
            if found is not None:
                return found
        return None

    def carry(self, test: Test) -> Action | None:
        """Take a thing, or get to where it can be taken."""
        board, id_ = self.board, test.a
        by_rule = self._by_sources(test)
        owner = board.scope().get(id_)
        if owner == "":
            return self._do(f"take:{id_}") or by_rule
        holder = board.location(id_)
        if holder == "nowhere" or holder in board.model.folk:
            return by_rule or self._any_move(id_)
        return self._lift_there(f"take:{id_}", board.place_of(id_)) or self._approach(id_) or by_rule

    def _light_first(self, id_: str) -> Action | None:
        place = self.board.model.places.get(self.board.place_of(id_))
        if place is None or not place.file.dark or self._has_light():
            return None
        return self._make_light()

    def _has_light(self) -> bool:
        board = self.board
        return any(board.flag(f"{id_}.lit") for id_ in board.scope() if board.is_carried(id_))

    def wear(self, test: Test) -> Action | None:
        """Take a thing and put it on."""
        if not self.board.is_carried(test.a):
            return self.toward(Test("carried", test.a))
        return self._do(f"wear:{test.a}")

    def bring(self, test: Test) -> Action | None:
        """Bring a thing to a place, or a holder."""
        if test.a in self.board.model.folk:
            return None
        if not self.board.is_carried(test.a):
            return self.toward(Test("carried", test.a))
        if test.b in self.board.model.places:
            return self.go(test.b) if self.board.place != test.b else self._do(f"drop:{test.a}")
        if test.b not in self.board.scope():
            return self._approach(test.b)
        return self._do(
            f"give:{test.a}:{test.b}"
            if test.b in self.board.model.folk
            else f"put:{test.a}:{test.b}"
        )

    def set_state(self, test: Test) -> Action | None:
        """Open, close, light, ... what should be so."""
        verb = {
            "open": "open",
            "closed": "close",
            "lit": "light",
            "unlit": "douse",
            "broken": "break",
        }.get(test.b)
        thing = self.board.model.things.get(test.a)
        if test.b == "found":
            return self._approach(test.a)
        if thing is None or (verb is None and test.b not in {"locked", "unlocked"}):
            return None
        if not self._allows(test):
            return None
        if test.b == "unlocked" or (test.b == "open" and self.board.flag(f"{test.a}.locked")):
            return self._unlock(test.a)
        if test.a not in self.board.scope():
            return self._approach(test.a)
        if test.b == "locked":
            return self._do(f"lock:{test.a}:{thing.file.key}") if thing.file.key else None
        return self._needed_flame(test) or self._do(f"{verb}:{test.a}")

    def _allows(self, test: Test) -> bool:
        power, _ = STATE_WORDS[test.b]
        thing = self.board.model.things[test.a].file
        return thing.breakable if power == "broken" else self.board.has(test.a, power)

    def _needed_flame(self, test: Test) -> Action | None:
        need = self.board.model.things[test.a].file.lit_by
        return self.toward(Test("carried", need)) if test.b == "lit" and need is not None else None

    def wait(self, _test: Test) -> Action | None:
        """Let the time come."""
        return Action("wait")


def _is_lasting(condition: Condition) -> bool:
    """Whether a condition means the same wherever the player stands."""
    return all(test.kind not in {"here", "player_at", "visited", "dark"} for test in tests_in(condition))


def _parts(condition: Condition) -> tuple[Condition, ...]:
    return condition.parts if isinstance(condition, AllOf) else (condition,)


def _is_where(condition: Condition) -> bool:
    """Whether it asks only where the player stands: true now and false a step later."""
    if isinstance(condition, Not):
        return _is_where(condition.part)
    if isinstance(condition, Test):
        return condition.kind in {"player_at", "here", "dark"}
    return bool(condition.parts) and all(_is_where(part) for part in condition.parts)


def _where_last(parts: tuple[Condition, ...]) -> tuple[Condition, ...]:
    return tuple(sorted(parts, key=_is_where))


def lasting(condition: Condition) -> Condition | None:
    """What of a condition can be brought about for good; nothing where only a place matters."""
    if _is_where(condition):
        return None
    if isinstance(condition, Not) and isinstance(condition.part, AllOf):
        kept = tuple(Not(part) for part in condition.part.parts if not _is_where(part))
        return AnyOf(kept)
    return condition


def _key(test: Test) -> str:
    if test.kind in {"carried", "worn", "held_by", "at_place"}:
        return f"{test.a}@"
    return {
        "is": f"{test.a}.",
        "here": f"{test.a}@",
        "flag": f"flag.{test.a}",
        "count": f"count.{test.a}",
        "mood": f"{test.a}.mood",
        "heard": f"{test.a}.heard.{test.b}",
        "met": f"{test.a}.met",
        "follows": f"{test.a}.follows",
        "done": f"step.{test.a}",
        "player_at": "player@",
        "visited": "player@",
    }.get(test.kind, "")


def _makes(effect: Effect, test: Test, wanted: bool, board: Board) -> bool:
    """Whether an effect brings a test nearer to being so (or not so)."""
    if effect.kind == "move":
        return _moves_there(effect, test, wanted, board)
    if effect.kind == "set":
        if test.kind != "is":
            return False
        same = effect.b == test.b or (test.b == "unlocked" and effect.b == "open")
        return same == wanted
    if effect.kind == "value":
        return bool(effect.n) == wanted
    if test.op:
        now = board.number(effect.a)
        then = effect.n if effect.kind == "number" else now + effect.n
        reaches = compare(then, test.op, test.n)
        rises = then > now and test.op in {">=", ">", "="} and now < test.n
        falls = then < now and test.op in {"<=", "<", "="} and now > test.n
        return reaches == wanted or (wanted and (rises or falls))
    return False


def _moves_there(effect: Effect, test: Test, wanted: bool, board: Board) -> bool:
    target = {
        "carried": "carried",
        "worn": "worn",
        "player_at": test.a,
        "visited": test.a,
        "here": board.place,
    }.get(test.kind, test.b)
    there = effect.b == target or (effect.b == "here" and test.kind in {"here", "carried"})
    if test.kind == "carried" and effect.b == "here":
        there = True
    return there == wanted


_WAYS: Mapping[str, Callable[[Planner, Test], Action | None]] = MappingProxyType(
    {
        "carried": Planner.carry,
        "worn": Planner.wear,
        "player_at": lambda planner, test: planner.go(test.a),
        "visited": lambda planner, test: planner.go(test.a),
        "here": Planner.be_near,
        "at_place": Planner.bring,
        "held_by": Planner.bring,
        "is": Planner.set_state,
        "time": Planner.wait,
        "turn": Planner.wait,
    }
)
