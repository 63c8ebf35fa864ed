"""Reading what the player typed: the actions that it means, or what kind of free deed it is.

Nothing here decides what happens; a Reading is a proposal, with how sure it is and in words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain
from types import MappingProxyType

from tui.story.turn import Choice
from tui.world.apply.turn import take_turn
from tui.world.board import Board
from tui.world.model import Model
from tui.world.parse_action import parse_action
from tui.world.possible import possible_actions
from tui.world.reading_absent import as_written
from tui.world.reading_choices import likelier_choice, picked_choice
from tui.world.reading_clauses import clauses, strip_joints
from tui.world.reading_deeds import cruel_meant, free_deed, improvised, knack_meant, strange_meant
from tui.world.reading_echo import echo
from tui.world.reading_folk import OTHERS, topic_meant
from tui.world.reading_meanings import SPEAKING, Meaning, Meanings
from tui.world.reading_names import Names, numbered
from tui.world.reading_nouns import Scene
from tui.world.reading_questions import QUESTION, question, question_meant
from tui.world.reading_speech import (
    ASKING,
    addressed,
    greeting_meant,
    of_oneself,
    quoted,
    request,
    speech,
    spoken_to,
    to_somebody,
)
from tui.world.reading_things import THINGS
from tui.world.reading_tokens import Word, mend, raw, texts, trimmed, words_of
from tui.world.reading_told import FOLK
from tui.world.reading_ways import WAYS
from tui.world.sights import sight_words
from tui.world.values import Action, Reading, State

SPECIAL = MappingProxyType({**THINGS, **FOLK, **WAYS})
MOST_BARE_WORDS = 5
TOWARDS = frozenset({"to", "into", "toward", "towards", "onto"})
CARRYING = frozenset({"take", "push", "pull", "move", "follow"})
MAY_BE_THINGS = frozenset({"inventory", "ways", "time"})
"""Questions whose words may name a thing that is here: a bag, a map, a clock."""
STANDING_IN = frozenset({"it", "them", "him", "her", "they", "that", "one", "both"})
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]|\x1b\[[0-9;]*[A-Za-z]")


def read(
    names: Names,
    state: State,
    typed: str,
    choices: Sequence[Choice] = (),
    recent: Sequence[str] = (),
) -> Reading:
    """What `typed` means in a state of the world of `names`.

    `choices` are the lines on offer, which may be picked by number or by their words; `recent`
    the ids of the actions of the last turns, the latest last, for `it` and `her`.
    """
    typed = " ".join(CONTROL.sub(" ", typed[:2000]).replace(" & ", " and ").split())
    picked = picked_choice(typed, choices)
    if picked is not None:
        return Reading((Action(picked.action),), 1.0, "", "", "actions")
    model = names.model
    scene = Scene(names, Board(model, state), spoken_of(model, recent))
    if not any(letter.isalnum() for letter in typed):
        return Reading()
    said = whole_line(scene, typed)
    if said is not None:
        return as_reading(model, state, [said], typed, ())
    words = understood(scene, typed)
    asked = question_meant([word.text for word in words if word.text.isalnum()])
    asked = asked or question_meant(texts(trimmed(words, names.lexicon)))
    if asked and not (
        asked in MAY_BE_THINGS and {word.text for word in words} & scene.nouns_here()
    ):
        return Reading((question(asked),), 0.95, "", "", "question")
    named = addressed(scene, words)
    if named is not None:
        return as_reading(model, state, [spoken_to(scene, named[0], typed, named[1])], typed, words)
    if (polite := greeting_meant(scene, typed, words)) is not None:
        return as_reading(model, state, [polite], typed, words)
    meanings = in_order(names, state, typed, words, scene)
    reading = as_reading(model, state, meanings, typed, words)
    return likelier_choice(reading, typed, choices)


def whole_line(scene: Scene, typed: str) -> Meaning | None:
    """A line of speech in quotation marks, if that is what was typed."""
    line = quoted(typed)
    return speech(scene, line[0], line[1]) if line and line[0] else None


def understood(scene: Scene, typed: str) -> list[Word]:
    """The words that were typed, with plain mistakes mended."""
    names = scene.names
    near = scene.nouns_here() | sight_words(names.model.places[scene.board.place].file.sights)
    here = sorted(numbered(word for word in near if len(word) > 2))
    topics = [
        word
        for id_ in scene.board.folk_here()
        for topic in scene.board.model.folk[id_].topics
        for word in topic.split("_")
    ]
    words = words_of(typed, names.lexicon)
    words = [
        replace(word, text="and") if word.text == "n" and joins(names, words, at) else word
        for at, word in enumerate(words)
    ]
    return mend(words, names.known, [here, topics, names.long_nouns], names.long_verbs, JOINTS)


def joins(names: Names, words: Sequence[Word], at: int) -> bool:
    """Whether an `n` between two deeds is an `and`, and no way north."""
    return 1 < at < len(words) - 2 and words[at + 1].text in names.verbs


JOINTS = tuple(
    {
        "about",
        "with",
        "from",
        "into",
        "through",
        "along",
        "under",
        "behind",
        "inside",
        "everything",
        "north",
        "south",
        "east",
        "west",
    }
)


def spoken_of(model: Model, actions: Sequence[str]) -> list[str]:
    """The things and folk of some actions, the latest last."""
    parts = chain.from_iterable(
        reversed(action.split(":")[1:]) for action in actions if not action.startswith("improvise:")
    )
    return [part for part in parts if part in model.start_at]


def in_order(
    names: Names, state: State, typed: str, words: Sequence[Word], scene: Scene
) -> list[Meaning]:
    """The meaning of each deed in a row, each read where the one before it leads."""
    found: list[Meaning] = []
    recent = list(scene.recent)
    now = state
    parts = clauses(scene, words) or [strip_joints(words)]
    for part in parts:
        scene = Scene(names, Board(names.model, now), recent)
        meaning = deed(scene, typed, part, alone=len(parts) == 1)
        if not meaning.actions:
            continue
        found.append(meaning)
        recent += spoken_of(names.model, meaning.actions)
        if part is not parts[-1]:
            if meaning.actions[-1].startswith("improvise:absent:"):
                break  # who looks for what isn't here does nothing with it
            now = after(names.model, now, meaning.actions)
    return found


def after(model: Model, state: State, actions: Sequence[str]) -> State:
    """Where a deed leads, for reading the next one; nowhere if it is refused."""
    later, outcome = take_turn(model, state, [Action(action) for action in actions])
    return state if outcome.refused or outcome.ending else later


def deed(scene: Scene, typed: str, words: Sequence[Word], *, alone: bool) -> Meaning:
    """What the words of one deed mean."""
    meanings = Meanings(
        scene,
        typed,
        SPECIAL,
        lambda: frozenset(action.id for action in possible_actions(scene.board)),
    )
    said = texts(words)
    best = meanings.best(words)
    spoken = best is not None and bool(best.actions) and best.verb in SPEAKING | {"say"}
    if best is not None and spoken and best.score > 1:
        return best
    if (knack := knack_meant(scene, said)) is not None:
        return knack
    if not (best and best.actions and best.actions[0] in meanings.possible) and (
        harm := cruel_meant(scene, said)
    ):
        return harm
    if (strange := strange_meant(scene, said)) is not None:
        return strange
    if said[:2] in (("do", "not"), ("not", "to")) or said[:1] in (("not",), ("never",)):
        return improvised("trivial", ("think", "better", "of", "it"), 0.6)
    if best is not None and best.actions and best.score >= 0.5:
        there = shortened(scene, meanings, typed, words) if best.verb == "take" else None
        return there if there is not None and there.actions[-1].startswith("go:") else best
    return looser(scene, meanings, typed, words, best, alone=alone)


def looser(
    scene: Scene,
    meanings: Meanings,
    typed: str,
    words: Sequence[Word],
    best: Meaning | None,
    *,
    alone: bool,
) -> Meaning:
    """What the words mean where no pattern covers them whole."""
    said = texts(words)
    attempts = (noun_verb, bare_name, lone_verb, asked_of_somebody, shortened, to_somebody)
    for attempt in (of_oneself, *attempts) if alone else attempts:
        found = attempt(scene, meanings, typed, words)
        if found is not None:
            return found
    if not alone and best is None and not scene.names.lexicon.deed_kinds(said):
        return Meaning()
    return free_deed(scene, said, best if best and (best.lost or best.verb in SPEAKING) else None)


def bare_name(
    scene: Scene, meanings: Meanings, _typed: str, words: Sequence[Word]
) -> Meaning | None:
    """A direction, a way or a thing alone."""
    said = texts(words)
    small = scene.small
    if len(said) == 1 and said[0] in small.directions:
        way = scene.way(said)
        return Meaning((f"go:{way.id if way else small.directions[said[0]]}",), 3)
    is_verb = bool(said) and said[0] in scene.names.verbs
    least = 0.75 if not is_verb else 0.9 if len(said) < MOST_BARE_WORDS else 1
    found = [one for one in scene.meant(said) if one.fit >= least]
    if found:
        return Meaning((f"examine:{meanings.choose('examine', found).id}",), 2, 0.7, guessed=True)
    way = scene.way(said)
    least = 0.95 if len(said) == 1 and is_verb else 0.75
    return Meaning((f"go:{way.id}",), 2, 0.8, guessed=True) if way and way.fit >= least else None


def noun_verb(
    scene: Scene, meanings: Meanings, _typed: str, words: Sequence[Word]
) -> Meaning | None:
    """A thing's name as a verb: `oil the hinges` uses the oil on them."""
    if len(words) < 2 or words[0].text in scene.small.pronouns:
        return None
    targets = scene.meant(texts(words[1:]))
    if not targets:
        return None
    things = scene.board.model.things
    tools = [one for one in scene.meant(texts(words[:1])) if one.id in things and one.fit >= 0.9]
    if tools:
        made = meanings.pairs("use", [tools], targets)
        return replace(made, sure=0.85, guessed=True) if made.actions else None
    tool = scene.phrase(texts(words[:1]))
    if words[0].text not in scene.names.verbs and any(scene.fit(tool, id_) == 1 for id_ in things):
        return improvised("absent", tool, 0.8)
    return None


def lone_verb(
    scene: Scene, meanings: Meanings, _typed: str, words: Sequence[Word]
) -> Meaning | None:
    """A verb without its thing, where only one thing can be meant."""
    if len(words) != 1 or words[0].text in {"go", "use", "put", "give"}:
        return None
    verbs = {
        pattern.act[0] for pattern in meanings.patterns(words[0].text) if len(pattern.elements) == 2
    }
    fitting = [
        action
        for action in sorted(meanings.possible)
        if action.split(":")[0] in verbs and ":" in action
    ]
    if (
        not fitting
        or {"trivial", "impossible"} & scene.names.lexicon.deed_kinds(texts(words)).keys()
    ):
        return None
    fitting.sort(
        key=lambda action: (
            not scene.board.is_carried(action.split(":")[1])
            if action.split(":")[1] in scene.board.model.things
            else True,
            action,
        )
    )
    return Meaning((fitting[0],), 1, 0.85 if len(fitting) == 1 else 0.6, guessed=True)


def asked_of_somebody(
    scene: Scene, _meanings: Meanings, typed: str, words: Sequence[Word]
) -> Meaning | None:
    """A question that somebody here can be asked."""
    said = texts(words)
    person = scene.somebody()
    if not person or not said or said[0] == "ask":
        return None
    meant = request(scene, person, said)
    if meant is not None:
        return meant
    if typed.rstrip().endswith("?") and said[0] in ASKING:
        topic = topic_meant(scene.board.model.folk[person], said)
        if topic is not None:
            return Meaning((f"ask:{person}:{topic.id}",), 3, 0.85, guessed=True)
        return Meaning((f"say:{person}:{raw(typed, words)}",), 1, 0.6, guessed=True)
    return None


def shortened(
    scene: Scene, meanings: Meanings, _typed: str, words: Sequence[Word]
) -> Meaning | None:
    """The deed without what is said at the end of its manner or its way: `down the stairs`."""
    for at in range(len(words) - 1, 0, -1):
        tail = texts(words[at:])
        if tail[0] not in scene.small.tails and not (
            len(tail) == 1 and tail[0] in scene.small.directions
        ):
            continue
        found = meanings.best(words[:at])
        if found is None or not found.actions or found.score < 1.5 or ":" not in found.actions[0]:
            continue
        way = (
            scene.way(tail[1:] if tail[0] in TOWARDS else tail) if found.verb in CARRYING else None
        )
        going = (f"go:{way.id}",) if way and way.fit >= 0.75 else ()
        actions = found.actions
        if going and scene.board.is_carried(actions[0].split(":")[1]):
            actions = ()
        return replace(found, actions=(*actions, *going), sure=found.sure * 0.8, guessed=True)
    return None


def as_reading(
    model: Model, state: State, meanings: Sequence[Meaning], typed: str, words: Sequence[Word]
) -> Reading:
    """Meanings in order as one Reading, echoed where the words don't say it themselves."""
    ids = [
        yours(model, allowed(model, action)) for meaning in meanings for action in meaning.actions
    ]
    ids = [one for at, one in enumerate(ids) if not (one.startswith("read:") and one in ids[:at])]
    if not ids:
        return Reading(sure=0.0, unread=typed)
    mended = any(word.mended for word in words)
    sure = min(meaning.sure for meaning in meanings) * (0.92 if mended else 1.0)
    free = [action for action in ids if action.startswith("improvise:")]
    stands_in = any(word.text in STANDING_IN for word in words)
    plain = mended or stands_in or any(meaning.guessed for meaning in meanings)
    shown = echo(model, state.place, ids) if plain and len(free) < len(ids) else ""
    kind = "improvised" if ids[0] in free else "actions"
    return Reading(
        tuple(Action(id_) for id_ in ids), round(sure, 3), shown, typed if sure < 0.5 else "", kind
    )


def yours(model: Model, action: str) -> str:
    """A free deed as it is told of the player: `drink my tea` becomes `drink your tea`."""
    kind, said, words = action.rpartition(":")
    if not kind.startswith("improvise:"):
        return action
    first, *rest = as_written(model, [OTHERS.get(word, word) for word in words.split(" ")])
    return f"{kind}{said}{' '.join(['are' if first == 'be' else first, *rest])}"


def allowed(model: Model, action: str) -> str:
    """An action that a World knows; what it doesn't (opening somebody) is impossible."""
    if action.startswith(f"{QUESTION}:"):
        return action
    try:
        return parse_action(model, action).id
    except ValueError:
        verb, *rest = action.split(":")
        what = " ".join(
            [verb.replace("_", " "), *(model.the(id_) for id_ in rest if id_ in model.start_at)]
        )
        return f"improvise:impossible:{what}"
