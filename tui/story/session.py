"""A session: the fold over its records, and the records by which it changes.

Every change is a record. The methods that make one (`say`, `edit`, `undo`, ...) change nothing;
`apply` folds it. So what was appended to the save is exactly what happened, and opening a save
again gives the same session.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, cast

from tui.story.acts import Acts
from tui.story.fold import FOLDS
from tui.story.history import History
from tui.story.records import (
    Record,
    RecordError,
    list_of,
    number_of,
    object_of,
    text_of,
    whole_of,
    written,
)
from tui.story.tree import Tree
from tui.story.turn import NOTHING, Turn

VERSION = 1
LINE_LENGTH = 100


class AuthorNote(NamedTuple):
    """The player's standing hint to the model, so many turns from the end."""

    text: str = ""
    depth: int = 2


class Damage(NamedTuple):
    """A record that could not be folded, and why; it stays in the save."""

    record: Mapping[str, object]
    reason: str


class Mark(NamedTuple):
    """What the list of saves shows of a session."""

    name: str
    card: str
    turns: int
    last_line: str
    place: str = ""
    tags: tuple[str, ...] = ()
    here: int | None = None
    whole: bool | None = None
    """True where the last turns can't be told from the last records alone."""


@dataclass(frozen=True, slots=True)
class Header:
    """What a session began with."""

    version: int = VERSION
    id: str = ""
    name: str = ""
    card_id: str = ""
    card: Mapping[str, object] = field(default_factory=lambda: NOTHING)
    """The card's data, as it was then."""
    model: str = ""
    persona: str = ""
    """The player's name in this story."""
    persona_text: str = ""
    created_at: float = 0.0
    world_seed: int = 0
    company: tuple[object, ...] = ()
    """In a talk of several, the other cards: `id` and `card` of each."""


def new_header(
    *,
    session_id: str,
    name: str,
    card_id: str,
    card: Mapping[str, object],
    model: str = "",
    persona: str = "",
    persona_text: str = "",
    created_at: float = 0.0,
    world_seed: int = 0,
    company: Sequence[Record] = (),
) -> Record:
    """Return the record that a save begins with; `session_id` is any text that no other session has."""
    fields: Record = {
        "fabletop": VERSION,
        "id": session_id,
        "name": name,
        "card_id": card_id,
        "card": dict(card),
    }
    fields |= {"model": model, "persona": persona, "persona_text": persona_text}
    fields |= {"created_at": round(created_at, 3), "world_seed": world_seed}
    return {"t": "header"} | fields | ({"company": list(company)} if company else {})


def header_of(record: Mapping[str, object]) -> Header:
    """Read a header record.

    Raises:
        RecordError: A field isn't what it should be.
    """
    return Header(
        version=whole_of(record, "fabletop"),
        id=text_of(record, "id"),
        name=text_of(record, "name"),
        card_id=text_of(record, "card_id"),
        card=object_of(record, "card"),
        model=text_of(record, "model"),
        persona=text_of(record, "persona"),
        persona_text=text_of(record, "persona_text"),
        created_at=float(number_of(record, "created_at")),
        world_seed=int(number_of(record, "world_seed")),
        company=tuple(list_of(record, "company")),
    )


class Session(Acts):
    """One playthrough: card, persona, settings, and a tree of turns."""

    def __init__(self, header: Header | None = None) -> None:
        """Begin a session without a turn."""
        self.header = header or Header()
        self.tree = Tree()
        self.history = History()
        self.damaged: list[Damage] = []
        self.token_ids: dict[int, int] = {}
        """Each token id once, so that ten thousand turns share their objects."""

    @classmethod
    def open(cls, records: Iterable[Mapping[str, object]]) -> Session:
        """Fold records into a session; what can't be folded is listed in `damaged`.

        A reply that the records leave unfinished comes out as "cut".
        """
        session = cls()
        for record in records:
            try:
                session.apply(record)
            except RecordError as error:
                session.damaged.append(Damage(record, str(error)))
        session.settle()
        return session

    def apply(self, record: Mapping[str, object]) -> None:
        """Fold one record, in O(1).

        Raises:
            RecordError: It can't be folded; the session is as it was.
        """
        kind = text_of(record, "t")
        if kind == "header":
            self.header = header_of(record)
            return
        fold = FOLDS.get(kind)
        if fold is None:
            raise RecordError(f"this version knows no records of the kind “{kind}”")
        fold(self.tree, self.history, record, self.token_ids.setdefault)

    def settle(self) -> None:
        """Take every reply that is still streaming as cut: nobody writes it any more."""
        for turn_id in self.tree.streaming:
            self.tree.change(turn_id, state="cut")

    # what stands

    @property
    def turns(self) -> Mapping[int, Turn]:
        """All turns by id, hidden ones too."""
        return self.tree.turns

    @property
    def next_id(self) -> int:
        """The id that the next new turn gets."""
        return self.tree.next_id

    @property
    def here(self) -> int | None:
        """The turn where the story stands; None before the first."""
        return cast("int | None", self.history.get("here"))

    @property
    def turn(self) -> Turn | None:
        """The turn where the story stands."""
        return None if self.here is None else self.tree.turns[self.here]

    def path(self) -> tuple[Turn, ...]:
        """Return the turns from the root to where the story stands; kept until it changes."""
        return self.tree.path()

    def path_to(self, turn_id: int) -> tuple[Turn, ...]:
        """Return the turns from the root to any turn."""
        return tuple(self.tree.turn(item) for item in self.tree.way_to(turn_id))

    def children(self, turn_id: int | None) -> tuple[int, ...]:
        """Return the ids of what followed a turn (None: the roots), oldest first, hidden ones not."""
        return tuple(item for item in self.tree.children(turn_id) if item not in self.hidden)

    def siblings(self, turn_id: int) -> tuple[int, ...]:
        """Return a turn's swipes, oldest first, itself among them, hidden ones not."""
        siblings = self.tree.children(self.tree.turn(turn_id).parent)
        return tuple(item for item in siblings if item == turn_id or item not in self.hidden)

    def tip(self, turn_id: int) -> int:
        """Return the place under a turn where the story was last: where a jump leads."""
        return self.tree.tip(turn_id, self.hidden)

    def count(self, turn_id: int | None = None) -> int:
        """Return how often the player has acted on the way to a turn (absent: to here)."""
        return self.tree.plays(self.here if turn_id is None else turn_id)

    # what was set

    @property
    def settings(self) -> Mapping[str, object]:
        """The session's own settings."""
        return cast("Mapping[str, object]", self.history.all("setting"))

    @property
    def hidden(self) -> Mapping[Hashable, object]:
        """The turns that were deleted, by id; what follows them can't be reached either."""
        return self.history.all("hidden")

    @property
    def folded(self) -> Mapping[int, object]:
        """The turns whose branches the map doesn't draw."""
        return cast("Mapping[int, object]", self.history.all("folded"))

    @property
    def pins(self) -> tuple[int, ...]:
        """The pinned turns, in the order of their ids."""
        return tuple(sorted(cast("Mapping[int, str]", self.history.all("pin"))))

    @property
    def pinned(self) -> Mapping[int, str]:
        """What each pin says, by the turn's id."""
        pins = cast("Mapping[int, str]", self.history.all("pin"))
        return {turn_id: pins[turn_id] or self.tree.turns[turn_id].text for turn_id in self.pins}

    @property
    def bookmarks(self) -> Mapping[int, str]:
        """The bookmarks' names by turn, in the order of the turns."""
        marks = cast("Mapping[int, str]", self.history.all("bookmark"))
        return {turn_id: marks[turn_id] for turn_id in sorted(marks)}

    @property
    def author_note(self) -> AuthorNote:
        """The player's standing hint to the model."""
        return AuthorNote(*cast("tuple[str, int]", self.history.get("note", default=AuthorNote())))

    @property
    def memory(self) -> str:
        """What the player or the recap wrote down for the model to remember."""
        return cast("str", self.history.get("memory", default=""))

    @property
    def name(self) -> str:
        """The session's name."""
        return cast("str", self.history.get("name", default="")) or self.header.name

    @property
    def tags(self) -> tuple[str, ...]:
        """The player's tags on this save."""
        return cast("tuple[str, ...]", self.history.get("tags", default=()))

    @property
    def card(self) -> Mapping[str, object]:
        """The card's data that the story is played with."""
        return cast("Mapping[str, object]", self.history.get("card", default=self.header.card))

    @property
    def company(self) -> Sequence[object]:
        """In a talk of several, the other cards as they were saved: `id` and `card` of each.

        The same object for as long as nobody comes or goes.
        """
        held = self.settings.get("company", self.header.company)
        return cast("Sequence[object]", held) if isinstance(held, list | tuple) else ()

    @property
    def persona(self) -> str:
        """The player's name in this story."""
        return str(self.settings.get("persona", self.header.persona))

    @property
    def persona_text(self) -> str:
        """Who the player is, in this story."""
        return str(self.settings.get("persona_text", self.header.persona_text))

    @property
    def can_undo(self) -> bool:
        """Whether there is something to take back."""
        return self.history.done > 0

    @property
    def can_redo(self) -> bool:
        """Whether there is something to do again."""
        return self.history.undone > 0

    @property
    def mark(self) -> Mark:
        """What the list of saves shows, as it stands now."""
        turn = self.turn
        line = "" if turn is None else last_line(turn.text)
        whole = True if self.tree.rewritten else None
        names = (self.name, self.header.card_id)
        return Mark(*names, self.count(), line, self._place(), self.tags, self.here, whole)

    def _place(self) -> str:
        """Return the beginning of the last scene line: the place and its time."""
        turn = self.turn
        while turn is not None and not turn.scene:
            turn = None if turn.parent is None else self.tree.turns[turn.parent]
        return "" if turn is None else turn.scene.removeprefix("Scene:").split(".", 1)[0].strip()


def last_line(text: str) -> str:
    """Return a turn's last paragraph as one line, cut at a word where it is long."""
    paragraphs = [" ".join(part.split()) for part in text.split("\n") if part.strip()]
    line = paragraphs[-1] if paragraphs else ""
    return line if len(line) <= LINE_LENGTH else line[:LINE_LENGTH].rsplit(" ", 1)[0] + "…"


def mark_record(mark: Mark) -> Record:
    """Return a mark as it is written beside a record."""
    return {key: value for key, value in written("", 0.0, **mark._asdict()).items() if key != "t"}
