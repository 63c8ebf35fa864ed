"""From the words of one deed to the actions that they mean, with how sure that is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from tui.world.reading_folk import plea_meant, topic_meant
from tui.world.reading_lexicon import Binding, Pattern, pattern_of
from tui.world.reading_nouns import GOOD_ENOUGH, Found, Scene
from tui.world.reading_tokens import Word, raw, texts

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


class Meanings:
    """Weighs what one deed's words may mean at one position of a world."""

    def __init__(self, scene: Scene, typed: str, possible: Callable[[], frozenset[str]]) -> None:
        self.scene = scene
        self.model = scene.board.model
        self.typed = typed
        self._possible = possible

    @cached_property
    def possible(self) -> frozenset[str]:
        """The ids of every action that would work now."""
        return self._possible()

    @cached_property
    def patterns(self) -> Mapping[str, list[Pattern]]:
        """Every pattern by the words that it may begin with, the tale's own verbs included."""
        found: dict[str, list[Pattern]] = {}
        own = [
            pattern_of(
                id_ if verb.alone else f"{id_}:{{thing}}",
                word if verb.alone else f"{word} {{thing}}",
            )
            for id_, verb in self.model.verbs.items()
            for word in (*verb.words, id_.replace("_", " "))
        ]
        for pattern in (*own, *self.scene.names.lexicon.patterns):
            first = pattern.elements[0]
            for word in first if isinstance(first, frozenset) else ():
                found.setdefault(word, []).append(pattern)
        return found

    def best(self, words: Sequence[Word]) -> Meaning | None:
        """The best meaning of a deed's words; one with `lost` words if no other fits."""
        if not words:
            return None
        found = list(self.all(words))
        return max(found, key=lambda meaning: meaning.score, default=None)

    def all(self, words: Sequence[Word]) -> Iterator[Meaning]:
        """Every meaning that a pattern gives the words."""
        said = texts(words)
        for pattern in self.patterns.get(said[0], ()):
            for binding in pattern.bindings(said):
                meaning = self.of(pattern, binding, words)
                if meaning is not None:
                    yield meaning

    def of(self, pattern: Pattern, binding: Binding, words: Sequence[Word]) -> Meaning | None:
        """What one pattern makes of the words, weighed."""
        verb = pattern.act[0]
        parts = {slot: words[start:end] for slot, (start, end) in binding.items()}
        special = getattr(self, f"_{verb}", None)
        made = special(pattern, parts) if special is not None else self.plain(pattern, parts)
        if not isinstance(made, Meaning):
            return None
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
            return Meaning(lost=" ".join(self.scene.phrase(second)), score=-1, verb=verb)
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
            found = self.scene.meant(part)
            if found:
                groups.append(found)
            else:
                lost = (
                    lost
                    or " ".join(word for word in part if word not in small.articles)
                    or " ".join(part)
                )
        return groups, lost

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

    # Verbs with a way of their own

    def _find(self, _pattern: Pattern, parts: Mapping[str, Sequence[Word]]) -> Meaning:
        found = self.scene.meant(texts(parts["thing"]))
        if found:
            return Meaning(
                (f"examine:{self.choose('examine', found).id}",),
                3 * found[0].fit,
                0.9,
                guessed=True,
            )
        return Meaning(("search",), 0.2, 0.6, guessed=True, verb="search")

    def _take(self, pattern: Pattern, parts: Mapping[str, Sequence[Word]]) -> Meaning:
        made = self.plain(pattern, parts)
        holder = parts.get("holder")
        if not holder or not made.actions:
            return made
        known = self.scene.meant(texts(holder)) or self.scene.way(texts(holder))
        return Meaning(
            made.actions,
            made.score + (1.5 if known else -0.5),
            made.sure,
            made.guessed,
            verb="take",
        )

    def _unlock(self, pattern: Pattern, parts: Mapping[str, Sequence[Word]]) -> Meaning:
        if pattern.act[1:] == ("thing", "target"):
            return self.plain(pattern, parts)
        if pattern.act[1:] == ("", "target"):
            keys = self.scene.meant(texts(parts["target"]))
            fitting = [
                action
                for one in keys
                for action in sorted(self.possible)
                if is_unlocking(action, one.id)
            ]
            return (
                Meaning(tuple(fitting[:1]), 3 * keys[0].fit, 0.9, guessed=True)
                if fitting
                else Meaning(score=-1)
            )
        if "thing" not in parts:
            return self.with_key("")
        made = self.plain(pattern, parts)
        if not made.actions:
            return made
        keyed = self.with_key(made.actions[0].split(":", 1)[1])
        return (
            Meaning(keyed.actions, made.score, made.sure, made.guessed) if keyed.actions else made
        )

    def with_key(self, thing: str) -> Meaning:
        """Unlocking a thing, or whatever there is, with the key that fits."""
        start = f"unlock:{thing}:" if thing else "unlock:"
        fitting = sorted(
            action
            for action in self.possible
            if action.startswith(start) and action.count(":") == 2
        )
        return (
            Meaning(tuple(fitting[:1]), 1, 0.9, guessed=True)
            if fitting
            else Meaning(score=-1, lost="key", verb="unlock")
        )

    def _use(self, pattern: Pattern, parts: Mapping[str, Sequence[Word]]) -> Meaning:
        made = self.plain(pattern, parts)
        if "target" in parts or not made.actions:
            return made
        id_ = made.actions[0].split(":", 1)[1]
        ways = [
            f"use:{id_}:",
            f"use:{id_}",
            f"read:{id_}",
            f"light:{id_}",
            f"wear:{id_}",
            f"ring:{id_}",
            f"blow:{id_}",
            f"eat:{id_}",
        ]
        for start in ways:
            fitting = sorted(
                action
                for action in self.possible
                if action == start or (start.endswith(":") and action.startswith(start))
            )
            if fitting:
                return Meaning((fitting[0],), made.score, 0.85, guessed=True)
        if fitting := sorted(action for action in self.possible if is_unlocking(action, id_)):
            return Meaning((fitting[0],), made.score, 0.85, guessed=True)
        return made

    def _feed(self, _pattern: Pattern, parts: Mapping[str, Sequence[Word]]) -> Meaning:
        person = self.scene.person(texts(parts["person"]))
        if person is None:
            return Meaning(lost=" ".join(texts(parts["person"])), score=-1, verb="give")
        food = [id_ for id_ in self.scene.board.carried() if self.model.things[id_].file.edible]
        wanted = [id_ for id_ in food if id_ in self.model.folk[person.id].wants]
        if not food:
            return Meaning(lost="food", score=-1, verb="give")
        return Meaning(
            (joined("give", (wanted or food)[0], person.id),), 4 * person.fit, 0.85, guessed=True
        )

    # Folk

    def _greet(self, _pattern: Pattern, parts: Mapping[str, Sequence[Word]]) -> Meaning:
        person = self.scene.person(texts(parts["person"]))
        if person is None:
            return Meaning(
                lost=" ".join(self.scene.phrase(texts(parts["person"]))), score=-1, verb="greet"
            )
        return Meaning((joined("greet", person.id),), 3 * person.fit)

    def listener(self, parts: Mapping[str, Sequence[Word]]) -> Found | None:
        """Whom the words are for: the one named, or, where nobody is, the likeliest."""
        if "person" in parts:
            return self.scene.person(texts(parts["person"]))
        likeliest = self.scene.somebody()
        return Found(likeliest, 0.8) if likeliest else None

    def nobody(self, parts: Mapping[str, Sequence[Word]], verb: str) -> Meaning:
        """Words for somebody who isn't here."""
        named = self.scene.phrase(texts(parts["person"])) if "person" in parts else ()
        return Meaning(lost=" ".join(named), score=-1, verb=verb)

    def _ask(self, _pattern: Pattern, parts: Mapping[str, Sequence[Word]]) -> Meaning:
        person = self.listener(parts)
        if person is None:
            return self.nobody(parts, "ask")
        if "person" not in parts and {"about", "of"} & set(texts(parts["topic"])):
            return Meaning(score=-2)  # `ask Osk about the mill`, and Osk isn't here
        topic = topic_meant(self.model.folk[person.id], texts(parts["topic"]))
        if topic is not None:
            return Meaning(
                (joined("ask", person.id, topic.id),),
                3 * person.fit + 3 * topic.fit,
                0.6 + 0.4 * topic.fit,
            )
        said = f"what about {raw(self.typed, parts['topic'])}"
        return Meaning((joined("say", person.id, said),), 3 * person.fit - 1.5, 0.55, guessed=True)

    def _persuade(self, _pattern: Pattern, parts: Mapping[str, Sequence[Word]]) -> Meaning | None:
        person = self.listener(parts)
        if person is None:
            return self.nobody(parts, "persuade")
        plea = plea_meant(self.model.folk[person.id], texts(parts["topic"]))
        if plea is not None:
            return Meaning(
                (joined("persuade", person.id, plea.id),),
                3 * person.fit + 3 * plea.fit,
                0.7 + 0.3 * plea.fit,
            )
        said = raw(self.typed, parts["topic"])
        return Meaning((joined("say", person.id, said),), 3 * person.fit - 1, 0.5, guessed=True)

    def _plead(self, _pattern: Pattern, parts: Mapping[str, Sequence[Word]]) -> Meaning:
        person = self.scene.person(texts(parts["person"]))
        if person is None:
            return self.nobody(parts, "greet")
        pleas = list(self.model.folk[person.id].pleas)
        if not pleas:
            return Meaning((joined("greet", person.id),), 2 * person.fit, 0.6, guessed=True)
        works = [id_ for id_ in pleas if joined("persuade", person.id, id_) in self.possible]
        return Meaning(
            (joined("persuade", person.id, (works or pleas)[0]),), 3 * person.fit, 0.8, guessed=True
        )

    def _say(self, pattern: Pattern, parts: Mapping[str, Sequence[Word]]) -> Meaning:
        named = "person" in pattern.act
        person = self.listener(parts)
        if named and person is None:
            return self.nobody(parts, "say")
        whole = (
            raw(self.typed, parts["words"])
            if "words" in parts
            else " ".join(WORDLESS & set(self.typed.lower().split())) or "help"
        )
        fit = 3 * person.fit if named and person is not None else 0.0
        return Meaning((joined("say", person.id if person else "", whole),), fit + 0.5, 0.9)

    # Going

    def _go(self, pattern: Pattern, parts: Mapping[str, Sequence[Word]]) -> Meaning:
        words = texts(parts["way"])
        way = self.scene.way(words)
        if way is not None:
            return Meaning(
                (joined("go", way.id),), 3 * way.fit, 0.7 + 0.3 * way.fit, guessed=way.fit < 0.8
            )
        far = self.far_way(words)
        if far:
            return Meaning(far, 2.4, 0.8, guessed=True)
        if "person" in parts or "take" in pattern.elements[0]:
            return Meaning(score=-3)
        return Meaning(lost=" ".join(words), score=-0.8, verb="go")

    def far_way(self, words: Sequence[str]) -> tuple[str, ...]:
        """The way to a place that was visited before, over places that were."""
        board = self.scene.board
        visited = [
            id_ for id_ in self.model.places if board.flag(f"{id_}.visited") and id_ != board.place
        ]
        phrase = self.scene.phrase(words)
        wanted = max(visited, key=lambda id_: self.scene.fit(phrase, id_), default="")
        if not wanted or self.scene.fit(phrase, wanted) < 0.85:
            return ()
        paths: dict[str, tuple[str, ...]] = {board.place: ()}
        queue = [board.place]
        for place in queue:
            for way in self.model.places[place].exits:
                if way.to in paths or way.to not in visited or board.exit_hidden(way):
                    continue
                paths[way.to] = (*paths[place], joined("go", way.key))
                queue.append(way.to)
        path = paths.get(wanted, ())
        return path if len(path) <= 4 else ()

    def _leave(self, _pattern: Pattern, parts: Mapping[str, Sequence[Word]]) -> Meaning:
        if "thing" not in parts:
            return self.outward()
        words = texts(parts["thing"])
        if self.scene.fit(self.scene.phrase(words), self.scene.board.place) >= GOOD_ENOUGH:
            return Meaning(self.outward().actions, 3, 0.9, guessed=True)
        way = self.scene.way(words)
        if way is not None:
            return Meaning((joined("go", way.id),), 2.5 * way.fit, 0.8, guessed=True)
        held = [one for one in self.scene.meant(words) if self.scene.board.is_carried(one.id)]
        return Meaning((joined("drop", held[0].id),), 2.5, 0.8) if held else Meaning(score=-2)

    def outward(self) -> Meaning:
        """Out of here: the way out, into the open, back where one came from, or the only one."""
        board = self.scene.board
        exits = board.exits()
        open_air = (
            [way for way in exits if self.model.places[way.to].file.outdoors]
            if not self.model.places[board.place].file.outdoors
            else []
        )
        came = [way for way in exits if way.to == board.came_from]
        for ways in ([way for way in exits if way.key == "out"], open_air, came, exits):
            if ways:
                return Meaning((joined("go", ways[0].key),), 1, 0.8, guessed=True)
        return Meaning(("go:out",), 0.5, 0.8)

    def _back(self, _pattern: Pattern, _parts: Mapping[str, Sequence[Word]]) -> Meaning:
        board = self.scene.board
        came = [way for way in board.exits() if way.to == board.came_from]
        return (
            Meaning((joined("go", came[0].key),), 1, 0.9, guessed=True) if came else self.outward()
        )

    def _inward(self, _pattern: Pattern, _parts: Mapping[str, Sequence[Word]]) -> Meaning:
        board = self.scene.board
        exits = board.exits()
        spoken = [way for way in exits if way.door in self.scene.recent]
        indoors = [
            way
            for way in exits
            if not self.model.places[way.to].file.outdoors and way.to != board.came_from
        ]
        ajar = [way for way in indoors if way.door and board.flag(f"{way.door}.open")]
        for ways in ([way for way in exits if way.key == "in"], spoken[-1:], ajar, indoors):
            if ways:
                return Meaning((joined("go", ways[0].key),), 1, 0.85, guessed=True)
        return Meaning(("go:in",), 0.5, 0.8)

    def _through(self, pattern: Pattern, parts: Mapping[str, Sequence[Word]]) -> Meaning:
        return self._inward(pattern, parts)


WORDLESS = frozenset({"sorry", "thanks", "thank", "help"})


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
