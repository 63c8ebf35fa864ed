"""A save that any version of the game ever wrote is opened by this one, for ever.

The files in `saves/` were written by those versions and are never changed.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from tui.store import Journal
from tui.story import Choice, Note, Session, peek

SAVES = Path(__file__).parent / "saves"


def test_version_1(tmp_path: Path) -> None:
    opened = Journal.open(Path(shutil.copy(SAVES / "version-1.jsonl", tmp_path)))
    session = Session.open(opened.records)
    assert opened.report.sound
    assert not session.damaged
    header = session.header
    assert (header.version, header.id, header.card_id, header.world_seed) == (
        1,
        "01HZX",
        "drowned-lamp",
        42,
    )
    assert (header.model, header.persona, header.persona_text) == (
        "pocket:abc",
        "Sam",
        "a ferry hand",
    )
    assert header.card["scenario"] == "The lamp is dark."
    assert [turn.text for turn in session.path()] == [
        "Start!",
        "The quay is empty.",
        "i hold my lantrn up",
        "Salt has eaten the hinges.",
        "Ask Marta who oiled the lock",
        "A wave breaks before she",
    ]
    start, opening, said, reply, chosen, cut = session.path()
    assert start.unseen
    assert opening.choices == (Choice("Take the key", "take:brass_key"), Choice("Wait"))
    assert said.reading == "you look at the door by lantern light"
    assert said.actions == ("examine:door", "light:lantern")
    assert said.scene.startswith("Scene: quay, dusk.")
    assert (reply.origin, reply.choices) == ("edited", (Choice("Ask Marta who oiled the lock"),))
    assert (chosen.origin, chosen.chosen) == ("chosen", 0)
    assert (cut.state, cut.tokens, cut.seed, cut.sampling) == (
        "cut",
        (11, 12),
        9,
        {"temperature": 0.5},
    )
    first, second, third = session.siblings(reply.id)
    assert session.turns[first].notes == (Note("speech", "cut one line", "Salt. You say: yes"),)
    assert session.turns[first].stats == {"rate": 410.0}
    assert session.turns[second].finish == "cancelled"
    assert third == reply.id
    assert session.settings == {"choices": 4}
    assert session.pinned == {reply.id: "hinges"}
    assert session.bookmarks == {opening.id: "the quay"}
    assert session.author_note == ("slow and grey", 3)
    assert session.memory == "Marta's brother drowned."
    assert session.name == "Harrow Point"
    assert session.tags == ("coast",)
    assert (session.can_undo, session.can_redo) == (True, False)
    assert session.mark.turns == 2
    assert peek(opened.records) == session.path()
    opened.journal.close()
