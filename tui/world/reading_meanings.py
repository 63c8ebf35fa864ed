"""From the words of one deed to the actions that they mean, with how sure that is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

from tui.world.reading_lexicon import Binding, Pattern
from tui.world.reading_nouns import GOOD_ENOUGH, Found, Scene
from tui.world.reading_tokens import Word, texts

MOST_AT_ONCE = 8
NEAR = 0.15
NEEDS_HOLDING = frozenset({"drop", "give", "show", "put", "use", "take_off", "throw", "pour"})
SPEAKING = frozenset({"ask", "say", "persuade", "greet", "plead"})


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a deed's words may mean."""

    actions: tuple[str, ...] = ()
    score: float = 0.0
    sure: float = 1.0
    guessed: bool = False
    """Something was filled in that the words don't say."""
    lost: str = ""
    """The words of a thing that isn't here; there is then no action."""
    verb: str = ""


def joined(verb: str, *parts: str) -> str:
    """An action's id."""
    return (
        ":".join((verb, *(part for part in parts if part)))
        if verb != "say"
        else ":".join((verb, *parts))
    )


POWERS: Mapping[str, str] = MappingProxyType(
    {"light": "lit", "douse": "lit", "open": "open", "close": "open", "unlock": "locked"}
)
"""What a thing must be able to be for a verb to be about it."""
Parts = Mapping[str, Sequence[Word]]
"""The words of each slot."""


class Meanings:
    """Weighs what one deed's words may mean at one position of a world."""

    def __init__(
        self,
        scene: Scene,
        typed: str,
        special: Mapping[str, Special],
        possible: Callable[[], frozenset[str]],
    ) -> None:
        self.scene = scene
        self.model = scene.board.model
        self.typed = typed
        self.special = special
        self._possible = possible

    @cached_property
    def possible(self) -> frozenset[str]:
        """The ids of every action that would work now."""
        return self._possible()

    def patterns(self, word: str) -> Iterator[Pattern]:
        """Every pattern that may begin with a word, the tale's own verbs first."""
        yield from self.scene.names.own_patterns.get(word, ())
        yield from self.scene.names.lexicon.patterns_by_word.get(word, ())

    def best(self, words: Sequence[Word]) -> Meaning | None:
        """The best meaning of a deed's words; one with `lost` words if no other fits."""
        if not words:
            return None
        found = list(self.all(words))
        return max(found, key=lambda meaning: meaning.score, default=None)

    def all(self, words: Sequence[Word]) -> Iterator[Meaning]:
        """Every meaning that a pattern gives the words."""
        said = texts(words)
        for pattern in self.patterns(said[0]):
            for binding in pattern.bindings(said):
                yield self.of(pattern, binding, words)

    def of(self, pattern: Pattern, binding: Binding, words: Sequence[Word]) -> Meaning:
        """What one pattern makes of the words, weighed."""
        verb = pattern.act[0]
        parts = {slot: words[start:end] for slot, (start, end) in binding.items()}
        special = self.special.get(verb)
        made = special(self, pattern, parts) if special else self.plain(pattern, parts)
        bonus = 1.5 if made.actions and made.actions[0] in self.possible else 0.0
        own = verb in self.model.verbs
        score = made.score + pattern.own_words + bonus + (0.6 if own else 0.0)
        return Meaning(made.actions, score, made.sure, made.guessed, made.lost, made.verb or verb)

    # Plain verbs: things, one or several, and a target

    def plain(self, pattern: Pattern, parts: Mapping[str, Sequence[Word]]) -> Meaning:
        """A verb with its things."""
        verb, *slots = pattern.act
        if not slots:
            return Meaning((verb,))
        firsts, lost = self.several(verb, texts(parts[slots[0]]))
        if len(slots) == 1:
            return self.one_slot(verb, firsts, lost)
        second = texts(parts[slots[1]])
        targets = [person] if slots[1] == "person" and (person := self.scene.person(second)) else []
        if slots[1] != "person":
            targets = self.scene.meant(second)
        if not targets:
            return Meaning(lost=" ".join(second), score=-1, verb=verb)
        if lost:
            return Meaning(lost=lost, score=-0.5, verb=verb)
        return self.pairs(verb, firsts, targets)

    def one_slot(self, verb: str, firsts: list[list[Found]], lost: str) -> Meaning:
        """A verb on one thing or several; those that aren't here are told of last."""
        chosen = [self.choose(verb, found) for found in firsts]
        if not chosen:
            return Meaning(lost=lost, score=-1, verb=verb)
        actions = [joined(verb, one.id) for one in chosen]
        if lost:
            actions.append(f"improvise:absent:{lost}")
        fit = sum(one.fit for one in chosen) / len(chosen)
        sure = 0.7 + 0.3 * fit - (0.2 if lost else 0.0)
        doubt = any(self.in_doubt(verb, found) for found in firsts)
        return Meaning(
            tuple(dict.fromkeys(actions)),
            3 * fit - (1 if lost else 0),
            sure - 0.1 * doubt,
            guessed=doubt or fit < 0.9,
        )

    def pairs(self, verb: str, firsts: list[list[Found]], targets: list[Found]) -> Meaning:
        """A verb on a thing and a target: the pair that is possible, else the best fitting."""
        actions: list[str] = []
        fits: list[float] = []
        for found in firsts:
            top = [one for one in found if one.fit >= found[0].fit - NEAR]
            ends = [one for one in targets if one.fit >= targets[0].fit - NEAR]
            couples = [(a, b) for a in top for b in ends if a.id != b.id]
            if not couples:
                continue
            first, last = max(couples, key=lambda pair: self.pair_rank(verb, *pair))
            actions.append(self.as_usual(verb, first.id, last.id))
            fits.append((first.fit + last.fit) / 2)
        if not actions:
            return Meaning(score=-1, verb=verb)
        fit = sum(fits) / len(fits)
        return Meaning(tuple(dict.fromkeys(actions)), 6 * fit, 0.7 + 0.3 * fit, guessed=fit < 0.9)

    def pair_rank(self, verb: str, first: Found, last: Found) -> tuple[float, ...]:
        """How well a thing and a target go together."""
        works = self.as_usual(verb, first.id, last.id) in self.possible
        return (
            works,
            first.fit + last.fit,
            self.rank(verb, first)[2],
            -self.model.order.get(last.id, 0),
        )

    def as_usual(self, verb: str, first: str, last: str) -> str:
        """`use key on door` as the unlocking that it is, where it is one."""
        action = joined(verb, first, last)
        if verb == "use" and action not in self.possible:
            unlocking = f"unlock:{last}:{first}"
            if unlocking in self.possible:
                return unlocking
            thing = self.model.things.get(last)
            if thing is not None and thing.file.lit_by == first:
                return f"light:{last}"
        return action

    def several(self, verb: str, words: Sequence[str]) -> tuple[list[list[Found]], str]:
        """For each thing that the words name, what it may be; and the words of one that isn't here."""
        small = self.scene.small
        bare = [word for word in words if word not in small.articles or word in {"that", "this"}]
        if bare and bare[0] in small.everything and (len(bare) == 1 or bare[1] in small.but):
            spared = (
                {found.id for found in self.scene.meant(bare[2:])[:1]} if len(bare) > 2 else set()
            )
            return [[Found(id_, 0.9)] for id_ in self.all_for(verb) if id_ not in spared], ""
        if words and words[0] in {"both", "all", "every", "each"} and len(words) > 1:
            found = self.scene.meant(words[1:])
            return [[one] for one in found if one.fit >= GOOD_ENOUGH][
                :MOST_AT_ONCE
            ], "" if found else " ".join(words[1:])
        groups: list[list[Found]] = []
        lost = ""
        for part in listed(words):
            found = self.spoken_of(verb, part)
            if found:
                groups.append(found)
            else:
                lost = (
                    lost
                    or " ".join(word for word in part if word not in small.articles)
                    or " ".join(part)
                )
        return groups, lost

    def spoken_of(self, verb: str, part: Sequence[str]) -> list[Found]:
        """What words mean; `it` is what was spoken of, if that can be done to it."""
        found = self.scene.meant(part)
        if any(f"{verb}:{one.id}" in self.possible for one in found):
            return found
        return self.unsaid(verb, part) or found

    def unsaid(self, verb: str, part: Sequence[str]) -> list[Found]:
        """What `it` means where what was spoken of won't do: the one thing to which it can be done."""
        if len(part) != 1 or self.scene.small.pronouns.get(part[0]) not in {"it", "they"}:
            return []
        fitting = self.all_for(verb) or [
            id_
            for id_ in self.scene.in_sight
            if id_ in self.model.things and self.scene.board.has(id_, POWERS.get(verb, "-"))
        ]
        return [Found(fitting[0], 0.7)] if len(fitting) == 1 else []

    def all_for(self, verb: str) -> list[str]:
        """Everything to which a verb can be done now."""
        ids = [action.split(":", 1)[1] for action in self.possible if action.startswith(f"{verb}:")]
        held = [id_ for id_ in ids if verb != "drop" or self.scene.board.is_carried(id_)]
        return sorted(
            (id_ for id_ in held if ":" not in id_), key=lambda id_: self.model.order.get(id_, 0)
        )[:MOST_AT_ONCE]

    def choose(self, verb: str, found: Sequence[Found]) -> Found:
        """Of several that fit about as well: what is possible, spoken of, at hand, most telling."""
        near = [one for one in found if one.fit >= found[0].fit - NEAR]
        return max(near, key=lambda one: self.rank(verb, one))

    def rank(self, verb: str, one: Found) -> tuple[float, ...]:
        """What speaks for a thing being the one that is meant."""
        board = self.scene.board
        works = f"{verb}:{one.id}" in self.possible or any(
            action.startswith(f"{verb}:{one.id}:")
            for action in (self.possible if verb in {"unlock", "lock"} else ())
        )
        held = board.is_carried(one.id)
        at_hand = held if verb in NEEDS_HOLDING else not held if verb == "take" else False
        told = self.scene.recent.index(one.id) + 1 if one.id in self.scene.recent else 0
        thing = self.model.things.get(one.id)
        telling = 0 if thing is not None and thing.file.scenery else 1
        return (works, round(one.fit, 1), at_hand, told, telling, -self.model.order.get(one.id, 0))

    def in_doubt(self, verb: str, found: Sequence[Found]) -> bool:
        """Whether something else fits the words as well, and could be done as well."""
        best = self.choose(verb, found)
        works = f"{verb}:{best.id}" in self.possible
        return any(
            one.id != best.id
            and one.fit >= best.fit - 0.05
            and (f"{verb}:{one.id}" in self.possible) == works
            for one in found
        )


Special = Callable[[Meanings, Pattern, Parts], Meaning]
"""What a verb with a way of its own makes of its words."""


def is_unlocking(action: str, key: str) -> bool:
    """Whether an action unlocks something with that key."""
    return action.startswith("unlock:") and action.endswith(f":{key}")


def listed(words: Sequence[str]) -> list[list[str]]:
    """`the lamp, the rope and the oil` as three."""
    parts: list[list[str]] = [[]]
    for word in words:
        if word in {"and", ","}:
            if parts[-1]:
                parts.append([])
        else:
            parts[-1].append(word)
    return [part for part in parts if part]
