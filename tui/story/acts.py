"""The records by which a session changes: each method makes one and changes nothing itself."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Literal

from tui.story.history import History
from tui.story.records import Record, RecordError, written
from tui.story.tree import Tree
from tui.story.turn import NO_STATS, NOTHING, Choice, Note, Origin, Role

Step = Literal["own", "join", "none"]
"""What a record is to undo: a step of its own, a part of the step before, or not to be undone."""


class Acts(ABC):
    """What can be done in a session; `at` is the time in unix seconds, where it is known."""

    tree: Tree
    history: History

    @property
    @abstractmethod
    def here(self) -> int | None:
        """The turn where the story stands."""

    def say(
        self,
        text: str,
        *,
        name: str = "",
        origin: Origin = "said",
        chosen: int | None = None,
        scene: str = "",
        reading: str = "",
        actions: Sequence[str] = (),
        notes: Sequence[Note] = (),
        parent: int | None = None,
        at: float = 0.0,
    ) -> Record:
        """Return the player's turn, after where the story stands (or after `parent`)."""
        return written(
            "say",
            at,
            id=self.tree.next_id,
            parent=self.here if parent is None else parent,
            name=name,
            text=text,
            origin=origin,
            chosen=chosen,
            scene=scene,
            reading=reading,
            actions=tuple(actions),
            notes=tuple(notes),
        )

    def lay(
        self,
        role: Role,
        text: str,
        *,
        name: str = "",
        origin: Origin = "authored",
        choices: Sequence[Choice] = (),
        scene: str = "",
        actions: Sequence[str] = (),
        parent: int | None = None,
        root: bool = False,
        step: Step = "none",
        at: float = 0.0,
    ) -> Record:
        """Return a whole turn that nobody typed or sampled now: the root, an opening, an import.

        It goes after where the story stands, after `parent`, or (`root`) under nothing.
        """
        under = None if root else self.here if parent is None else parent
        record = written(
            "turn", at, id=self.tree.next_id, parent=under, role=role, name=name, text=text
        )
        record |= {"origin": origin}
        more = written("turn", at, choices=tuple(choices), scene=scene, actions=tuple(actions))
        return record | more | _step(step)

    def reply_started(
        self,
        *,
        parent: int | None = None,
        name: str = "",
        model: str = "",
        seed: int | None = None,
        sampling: Mapping[str, object] = NOTHING,
        origin: Origin = "sampled",
        continues: int | None = None,
        at: float = 0.0,
    ) -> Record:
        """Return the start of a reply to the player's last turn, or to any other (`parent`).

        A reply to what the player has just done belongs to that step of undo; a retry is a step of
        its own. With `continues`, the reply goes on from that cut one, as its sibling, with its
        text and tokens; the cut one gives place to it.

        Raises:
            RecordError: There is no turn `continues`.
        """
        under = self.here if parent is None else parent
        if continues is not None:
            under = self.tree.turn(continues).parent
        joins = continues is None and under is not None and under == self.history.asked
        record = written(
            "started",
            at,
            id=self.tree.next_id,
            parent=under,
            name=name,
            model=model,
            seed=seed,
            sampling=sampling,
            origin=origin,
            continues=continues,
        )
        return record | _step("join" if joins else "own")

    def reply_grew(
        self, turn: int, text: str, tokens: Sequence[int] = (), at: float = 0.0
    ) -> Record:
        """Return a further piece of a streaming reply."""
        return written("grew", at, id=turn, text=text, tokens=tuple(tokens))

    def reply_ended(
        self,
        turn: int,
        text: str,
        *,
        tokens: Sequence[int] = (),
        prose_tokens: int = 0,
        choices: Sequence[Choice] = (),
        finish: str = "end",
        origin: Origin | None = None,
        notes: Sequence[Note] = (),
        stats: Mapping[str, float] = NO_STATS,
        at: float = 0.0,
    ) -> Record:
        """Return the end of a reply, with all of its text; `finish` "cancelled" makes it a cut one."""
        return {"text": text} | written(
            "ended",
            at,
            id=turn,
            tokens=tuple(tokens),
            prose_tokens=prose_tokens or None,
            choices=tuple(choices),
            finish=finish,
            origin=origin,
            notes=tuple(notes),
            stats=stats,
        )

    def offer(
        self, turn: int, choices: Sequence[Choice], *, tokens: Sequence[int] = (), at: float = 0.0
    ) -> Record:
        """Return other choices for a turn; `tokens` are all of its ids then, if it keeps any.

        Raises:
            RecordError: Its reply hasn't ended yet.
        """
        if self.tree.turn(turn).state == "streaming":
            raise RecordError("a reply that is still being written can't get other choices")
        return written("offer", at, id=turn, tokens=tuple(tokens)) | written(
            "offer", at, choices=tuple(choices)
        )

    def edit(
        self,
        turn: int,
        text: str,
        *,
        choices: Sequence[Choice] | None = None,
        chosen: int | None = None,
        scene: str | None = None,
        reading: str = "",
        actions: Sequence[str] | None = None,
        keep_following: bool = False,
        at: float = 0.0,
    ) -> Record:
        """Return an edited sibling of a turn, and the move to it.

        Choices, scene and actions stay as they were where not given. With `keep_following`, what
        followed the turn follows the edited one from then on (and again the old one after undo).

        Raises:
            RecordError: There is no such turn.
        """
        old = self.tree.turn(turn)
        record = written(
            "edit", at, id=self.tree.next_id, of=turn, text=text, chosen=chosen, reading=reading
        )
        record |= written("edit", at, choices=tuple(old.choices if choices is None else choices))
        record |= written("edit", at, scene=old.scene if scene is None else scene)
        record |= written("edit", at, actions=tuple(old.actions if actions is None else actions))
        return record | ({"keep": True} if keep_following else {})

    def move(self, turn: int | None, at: float = 0.0) -> Record:
        """Return a jump to any turn."""
        return written("move", at) | {"to": turn}

    def delete(self, turn: int, at: float = 0.0) -> Record:
        """Return the hiding of a turn and all that follows it; it stays in the save.

        Raises:
            RecordError: It is the root, without which there is no story.
        """
        if self.tree.turn(turn).parent is None and len(self.tree.children(None)) == 1:
            raise RecordError("the beginning of a story can't be deleted")
        return written("delete", at, id=turn)

    def restore(self, turn: int, at: float = 0.0) -> Record:
        """Return the showing again of a deleted turn."""
        return written("restore", at, id=turn)

    def undo(self, at: float = 0.0) -> Record:
        """Return the taking back of the last step."""
        return written("undo", at)

    def redo(self, at: float = 0.0) -> Record:
        """Return the doing again of what was taken back last."""
        return written("redo", at)

    def set(self, key: str, value: object, *, step: Step = "own", at: float = 0.0) -> Record:
        """Return the change of one of the session's settings; None removes it."""
        return written("set", at, key=key) | {"value": value} | _step(step)

    def pin(self, turn: int, text: str = "", at: float = 0.0) -> Record:
        """Return the pinning of a turn; `text` is what the pin says, if not the turn's own."""
        return written("pin", at, id=turn, text=text)

    def unpin(self, turn: int, at: float = 0.0) -> Record:
        """Return the taking off of a pin."""
        return written("unpin", at, id=turn)

    def note(self, text: str, depth: int = 2, at: float = 0.0) -> Record:
        """Return another author's note, so many turns from the end."""
        return written("note", at, text=text) | {"depth": depth}

    def remember(self, text: str, *, step: Step = "own", at: float = 0.0) -> Record:
        """Return another text for the model to remember."""
        return written("memory", at, text=text) | _step(step)

    def bookmark(self, turn: int, name: str, at: float = 0.0) -> Record:
        """Return a named bookmark at a turn; an empty name takes it away."""
        return written("bookmark", at, id=turn, name=name)

    def fold_branch(self, turn: int, folded: bool = True, at: float = 0.0) -> Record:
        """Return the folding (or unfolding) of the branch at a turn on the story map."""
        return written("fold", at, id=turn) | {"on": folded}

    def rename(self, name: str, at: float = 0.0) -> Record:
        """Return another name for the session."""
        return written("rename", at, name=name)

    def tag(self, tags: Sequence[str], at: float = 0.0) -> Record:
        """Return the player's tags on this save, all of them."""
        return written("tags", at, tags=tuple(tags))

    def take_card(self, card: Mapping[str, object], at: float = 0.0) -> Record:
        """Return the taking over of a card that has changed since the session began."""
        return written("card", at) | {"card": dict(card)}


def _step(step: Step) -> Record:
    return {} if step == "own" else {"step": step}
