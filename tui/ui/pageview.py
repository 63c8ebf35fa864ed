"""PageView: a Narrator's story in the words and figures that the page shows."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from tui.game import cast
from tui.game.narrator import Narrator
from tui.game.verbs import verb_named
from tui.story import Turn
from tui.ui.keys import label_of
from tui.ui.widgets.bars import Figures
from tui.ui.widgets.scenepanel import Scene
from tui.ui.widgets.turnview import Shown

CHOOSE = "say or do anything"


class PageView:
    """Reads a Narrator; changes nothing."""

    def __init__(self, narrator: Narrator) -> None:
        self.narrator = narrator
        self._reply_to: Mapping[int, int] = {}

    def turns(self) -> tuple[Turn, ...]:
        """The path as the page shows it: without the word that begins every tale."""
        path = self.narrator.session.path()
        self._reply_to = {before.id: after.id for before, after in pairwise(path)}
        return path[1:] if path and path[0].role == "player" else path

    def turn(self, turn_id: int) -> Turn:
        """A turn as it now stands."""
        return self.narrator.session.turns[turn_id]

    def shown(self, turn: Turn) -> Shown:
        """A turn, with the place of its reply among other replies, and who speaks."""
        reply = self._reply_to.get(turn.id) if turn.role == "player" else self._opening(turn)
        siblings = self.narrator.session.siblings(reply) if reply is not None else ()
        place = siblings.index(reply) + 1 if reply is not None and len(siblings) > 1 else 0
        return Shown(turn, place, len(siblings), self._speaker(turn))

    def _opening(self, turn: Turn) -> int | None:
        """The turn itself where no player's line on the page comes before it."""
        parent = turn.parent
        first = parent is None or self.narrator.session.turns[parent].parent is None
        return turn.id if first and turn.role == "model" else None

    def _speaker(self, turn: Turn) -> str:
        companion = self.narrator.card.kind == "companion"
        return turn.name if companion and turn.role == "model" else ""

    @property
    def title(self) -> str:
        """What the page is headed with."""
        return self.narrator.session.name or self.narrator.card.name

    @property
    def expected_choices(self) -> int:
        """How many rows to keep for choices that will come."""
        card, cards = self.narrator.card, self.narrator.cards
        offers = any(one.facts or one.things_to_say for one in cards)
        if card.kind == "companion" and not offers:
            return 0
        return cast.choice_count(self.narrator.session, card)

    @property
    def state(self) -> str:
        """Day, time, turn and whether all is saved."""
        narrator = self.narrator
        parts: list[str] = []
        if narrator.stage:
            panel = narrator.stage.world.panel(
                narrator.stage.at(narrator.session, narrator.session.here)
            )
            parts += [f"day {panel.day}" if panel.day > 1 else "", panel.time]
        turns = narrator.session.count()
        kept = "saved ✓" if narrator.book.saved else "saving"
        parts += [
            f"turn {turns}" if turns else "",
            kept if narrator.book.writable else "only to read",
        ]
        return " · ".join(part for part in parts if part)

    def scene(self) -> Scene:
        """What stands beside the page."""
        narrator, card = self.narrator, self.narrator.card
        pinned = tuple(narrator.session.pinned.values())
        if not narrator.stage:
            name = card.nickname or card.name
            about = (card.genre or card.tone,) if card.genre or card.tone else ()
            kept = (narrator.session.memory,) if narrator.session.memory else ()
            here = tuple(cast.teller(one) for one in narrator.cards)
            if len(here) > 1:
                return Scene(here=here, pinned=(*pinned, *kept))
            return Scene(name, about=about, pinned=(*pinned, *kept))
        panel = narrator.stage.world.panel(
            narrator.stage.at(narrator.session, narrator.session.here)
        )
        return Scene(
            name=panel.person,
            place=panel.place,
            here=panel.here,
            ways=panel.ways,
            carried=panel.carried,
            goal=panel.goal,
            done=panel.done,
            steps=len(panel.steps),
            pinned=pinned,
        )

    def figures(self, model_state: str) -> Figures:
        """What the status line tells, from the latest reply that a model told."""
        narrator = self.narrator
        model = narrator.teller.model
        if model is None:
            return Figures(reading=model_state or "the storyteller wakes up")
        here = narrator.session.turn
        stats = here.stats if here else {}
        seconds = stats.get("write_seconds", 0.0)
        used = int(stats.get("prompt", 0) + stats.get("written", 0))
        return Figures(
            model=model.name,
            used=used,
            window=narrator.teller.window if used else 0,
            kept=int(stats.get("kept", 0)),
            read=int(stats.get("read", 0)),
            speed=stats.get("written", 0) / seconds if seconds else 0.0,
        )

    @property
    def memory_begins(self) -> int | None:
        """The first turn that the model remembers; None where it remembers all."""
        here = self.narrator.session.turn
        first = int(here.stats.get("first_turn", 0)) if here else 0
        path = self.narrator.session.path()
        early = {turn.id for turn in path[:2]}
        return first if first and first not in early else None

    def invitation(self, keymap: Mapping[str, str], *, ended: bool) -> str:
        """What the empty composer says, with the keys as the player has set them."""

        def key(verb_id: str) -> str:
            return label_of(verb_named(verb_id), keymap, short=False)

        here = self.narrator.session.turn
        if not self.narrator.book.writable:
            return f"Enter goes on in a copy · {key('library')} library"
        if ended:
            return f"Enter turns the last page · {key('undo')} goes back"
        if here is not None and (here.state == "cut" or here.role == "player"):
            return f"Enter continues · {key('retry')} retries · or say something else"
        count = len(self.narrator.choices)
        parts = [CHOOSE, f"1–{count} choose" if count > 1 else "", "↑ pick a turn"]
        return " · ".join(part for part in parts if part)
