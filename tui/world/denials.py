"""What in a reply contradicts the state: shut doors, lying things, absent folk, invented takings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from tui.world.board import Board
from tui.world.hearing import compiled, name_pattern, names_it, normal, stems
from tui.world.values import Outcome

if TYPE_CHECKING:
    from tui.world.checking import Checker, Prose

IS = r" (?:is|are|stays?|stands?|remains?|hangs?)(?: still| now| wide| firmly)? "
AGREEING = frozenset({"pronoun", "plural"})
MOVED_KINDS = frozenset(
    {"take", "take_from", "receive", "drop", "put_in", "put_on", "give", "wear"}
)


def denials_of_state(
    checker: Checker, board: Board, outcome: Outcome, prose: Prose
) -> Iterator[str]:
    """What the reply says that is not so."""
    named = checker.named(prose.text)
    told = _told_names(board, outcome, named)
    moved = {made.args.get("thing", "") for made in outcome.facts if made.kind in MOVED_KINDS}
    for id_ in named:
        if id_ in board.model.folk:
            if board.model.name(id_).text not in told and id_ not in board.scope():
                yield from _absent(checker, board, id_, prose)
        elif id_ in board.model.things:
            yield from _open_or_shut(board, id_, prose)
            if board.is_carried(id_) and board.model.the(id_) not in moved:
                yield from _lying(checker, board, id_, prose)
        elif id_ != board.place and board.model.name(id_).text not in told:
            yield from _elsewhere(board, id_, prose)
    yield from _invented(checker, board, outcome, prose)


def _told_names(board: Board, outcome: Outcome, named: Sequence[str]) -> set[str]:
    """The names that the outcome's facts name, or whose authored texts do."""
    told = {name for made in outcome.facts for name in made.names}
    texts = normal(" ".join(text for made in outcome.facts for text in made.args.values() if text))
    names = {board.model.name(id_).text for id_ in named}
    return told | {name for name in names - told if names_it(texts, name)}


def _first(expression: str, prose: Prose) -> str:
    for part in prose.told:
        match = compiled(expression).search(part)
        if match:
            return match.group(0).strip()
    return ""


def _absent(checker: Checker, board: Board, id_: str, prose: Prose) -> Iterator[str]:
    name = name_pattern(board.model.name(id_).text)
    hit = _first(rf"{name} (?:\w+ly )?{checker.words.speaking}\b", prose)
    if hit:
        yield f"is not here: {hit}"


def _open_or_shut(board: Board, id_: str, prose: Prose) -> Iterator[str]:
    if not board.has(id_, "open") or id_ not in board.scope():
        return
    name = name_pattern(board.model.name(id_).text)
    if board.flag(f"{id_}.open"):
        wrong = "(?:closed|shut|locked)"
    elif board.flag(f"{id_}.locked"):
        wrong = "(?:open|ajar|unlocked)"
    else:
        wrong = "(?:open|ajar|locked)" if board.has(id_, "locked") else "(?:open|ajar)"
    hit = _first(rf"{name}{IS}{wrong}\b", prose)
    if hit:
        yield f"is not so: {hit}"


def _lying(checker: Checker, board: Board, id_: str, prose: Prose) -> Iterator[str]:
    name = name_pattern(board.model.name(id_).text)
    hit = _first(checker.words.carried_denied.replace("{name}", name), prose)
    if hit:
        yield f"is carried: {hit}"


def _elsewhere(board: Board, id_: str, prose: Prose) -> Iterator[str]:
    name = name_pattern(board.model.name(id_).text)
    hit = _first(
        rf"\byou (?:enter|arrive (?:at|in|on)|reach|step into|walk into|come (?:in)?to) (?:the )?{name}",
        prose,
    )
    if hit:
        yield f"is elsewhere: {hit}"


def _invented(checker: Checker, board: Board, outcome: Outcome, prose: Prose) -> Iterator[str]:
    known: set[str] | None = None
    for part in prose.told:
        for match in compiled(checker.words.taking).finditer(part):
            phrase = match[1].split()
            if any(word in checker.words.idle_takes for word in phrase[:3]):
                continue
            if known is None:
                known = _known_words(board, outcome) - checker.stop_stems
            if not (stems(match[1]) - checker.stop_stems) & known:
                yield f"was not taken: {(match[0] + match[1]).strip()}"


def _known_words(board: Board, outcome: Outcome) -> set[str]:
    names = [board.model.name(id_).text for id_ in board.scope() if board.is_carried(id_)]
    names += [
        text for made in outcome.facts for arg, text in made.args.items() if arg not in AGREEING
    ]
    return stems(" ".join(names).lower().replace("-", " "))
