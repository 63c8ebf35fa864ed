"""Playing: what actions do, what is refused and why, and what `Now` says of it."""

from __future__ import annotations

import pytest

from tests.world.lamp import file_of, played, world_of
from tui.world import Action, World

TO_THE_STAIR = ("take:brass_key", "go:causeway", "unlock:lamp_door:brass_key", "go:in")
WITH_LIGHT = ("go:east", "take:lantern", "light:lantern", "go:west", *TO_THE_STAIR)
TO_THE_END = (
    *WITH_LIGHT,
    "give:bread:dog",
    "go:down",
    "open:barrels",
    "take:oil",
    "go:up",
    "go:up",
    "use:oil:great_lamp",
    "light:great_lamp",
)


def test_scene_line_has_the_fixed_shape() -> None:
    world = world_of()
    state, outcome = played(world, "take:brass_key")
    assert world.scene_line(state, outcome) == (
        "Scene: the quay, evening. Here: Marta, the table. You carry: the brass key, the bread. "
        "Ways: the lamp rock, east to the shore. Goal: Light the great lamp (1 of 5). "
        "Now: you take the brass key from the table."
    )


def test_the_opening_tells_what_the_author_wrote() -> None:
    world = world_of()
    assert world.opening(world.start(1)).now == "the ferry comes in with nobody aboard"


def test_unlocking_opens_and_a_full_game_ends() -> None:
    world = world_of()
    _, outcome = played(world, *TO_THE_STAIR[:3])
    assert outcome.now == "you unlock the lamp-house door with the brass key; it opens"
    state, outcome = played(world, *TO_THE_END)
    assert outcome.ending is not None
    assert outcome.ending.id == state.ended == "lamp"
    assert world.possible(state) == ()
    assert world.options(state, 3) == ()
    again, over = world.apply(state, [Action("wait")])
    assert again == state
    assert over.ending == outcome.ending


def test_the_ending_with_more_conditions_wins() -> None:
    world = world_of()
    way = [*TO_THE_END]
    way.insert(way.index("take:oil"), "take:letter")
    _, outcome = played(world, *way)
    assert outcome.ending is not None
    assert outcome.ending.id == "truth"


@pytest.mark.parametrize(
    ("before", "action", "kind"),
    [
        ((), "take:table", "fixed"),
        ((), "go:up", "no_way"),
        ((), "take:lantern", "absent"),
        ((), "give:bread:dog", "absent"),
        ((), "drop:brass_key", "not_held"),
        ((), "eat:brass_key", "impossible"),
        ((), "take:marta", "unwilling"),
        ((), "give:marta:bread", "impossible"),
        ((), "persuade:marta:row", "unwilling"),
        (("take:brass_key",), "give:brass_key:marta", "unwilling"),
        (("take:brass_key",), "take:brass_key", "already"),
        (("go:causeway",), "open:lamp_door", "locked"),
        (("go:causeway",), "go:in", "locked"),
        (("go:causeway",), "unlock:lamp_door", "needs"),
        (("go:east",), "take:whistle", "absent"),
        (TO_THE_STAIR, "examine:dog", "too_dark"),
        (TO_THE_STAIR, "go:up", "blocked"),
        ((*WITH_LIGHT, "go:down"), "search:barrels", "not_open"),
        ((), "improvise:absent:telephone", "absent"),
        ((), "improvise:impossible:fly to the moon", "impossible"),
        ((), "improvise:not_of_world:phone a taxi", "not_of_world"),
        ((), "improvise:cruel:hit marta", "cruel"),
    ],
)
def test_refusals_have_the_right_cause(before: tuple[str, ...], action: str, kind: str) -> None:
    world = world_of()
    state, outcome = played(world, *before, action)
    earlier, _ = played(world, *before)
    assert outcome.facts[0].kind == kind
    assert outcome.refused
    assert dict(state.at) == dict(earlier.at)
    assert state.place == earlier.place


def test_an_obstacle_tells_its_own_text() -> None:
    world = world_of()
    way = TO_THE_END[: TO_THE_END.index("go:down")]
    _, outcome = played(world, *way, "go:up", "light:great_lamp")
    assert outcome.refused
    assert outcome.now == (
        "you try to light the great lamp; the wick smokes and goes out, for the bowl is dry"
    )


def test_several_actions_join_into_one_now_and_stop_at_a_refusal() -> None:
    world = world_of()
    state, outcome = world.apply(
        world.start(1), [world.action("take:brass_key"), world.action("go:causeway")]
    )
    assert outcome.now.startswith(
        "you take the brass key from the table; you go along the causeway"
    )
    assert len(outcome.now.split()) <= 40
    _, stopped = world.apply(state, [world.action("open:lamp_door"), world.action("go:causeway")])
    assert [action.id for action in stopped.actions] == ["open:lamp_door"]


def test_topics_open_with_mood_and_set_flags() -> None:
    world = world_of()
    _, shy = played(world, "ask:marta:lock")
    assert shy.facts[0].kind == "withheld"
    assert "brother drowned" in shy.facts[0].secret
    state, told = played(world, "give:bread:marta", "ask:marta:lock")
    assert told.facts[0].kind == "ask"
    assert told.facts[0].secret == ()
    assert state.values["flag.knows_brother"] is True


def test_a_search_finds_what_is_hidden() -> None:
    world = world_of()
    state, outcome = played(world, "go:east", "search:boat")
    assert "you find the tin whistle under the boat" in outcome.now
    assert Action("take:whistle") in world.possible(state)


def test_events_and_schedules_run_by_the_clock() -> None:
    world = world_of()
    state = world.start(1)
    seen: list[str] = []
    for _ in range(30):
        state, outcome = world.apply(state, [Action("wait")])
        seen.append(outcome.now)
    assert any("Marta goes to the shore" in now for now in seen)
    assert any("the tide comes in over the causeway" in now for now in seen)
    assert Action("go:causeway") not in world.possible(state)


def test_persuading_moves_people_and_player() -> None:
    world = world_of()
    state, outcome = played(
        world,
        "give:bread:marta",
        "ask:marta:lock",
        "go:east",
        "push:boat",
        "go:west",
        "persuade:marta:row",
    )
    assert state.place == "lamp_rock"
    assert outcome.facts[0].kind == "persuade"
    assert world.panel(state).person == "Marta"


def test_an_improvised_kind_may_succeed_where_the_author_allows_it() -> None:
    world = world_of()
    state, outcome = played(world, *WITH_LIGHT, "improvise:whistling:whistle an old tune")
    assert outcome.now == ("you whistle an old tune; the dog puts its head on one side and is calm")
    assert state.values["dog.state"] == "calm"
    _, alone = played(world, "improvise:whistling:whistle an old tune")
    assert alone.facts[0].kind == "trivial"


def test_a_replay_of_ids_is_exact() -> None:
    world = world_of()
    state, _ = played(world, *WITH_LIGHT, "improvise:whistling:hum", "say:dog:good: dog", seed=7)
    ids = [[id_] for id_ in (*WITH_LIGHT, "improvise:whistling:hum", "say:dog:good: dog")]
    assert world.replay(7, ids) == state
    assert hash(world.replay(7, ids)) == hash(state)


def test_unknown_actions_are_named() -> None:
    world = world_of()
    for id_ in ("fly:boat", "take:moon", "take", "ask:marta", "say:nobody:hello", ""):
        with pytest.raises(ValueError, match=id_ or "''"):
            world.action(id_)


def test_rules_that_say_enter_and_leave() -> None:
    rules = [
        {"on": "leave hall", "when": "not carried coin", "refuse": "the door will not have it"},
        {"on": "enter yard", "once": True, "say": "a cock crows", "do": "count visits +1"},
    ]
    world = World.build(
        file_of(
            rules=rules, endings={"e": {"title": "E", "text": "E.", "when": "count visits >= 2"}}
        )
    )
    _, stuck = played(world, "go:north")
    assert stuck.now == "the door will not have it"
    _, out = played(world, "take:coin", "go:north")
    assert out.now.endswith("a cock crows")
    _, back = played(world, "take:coin", "go:north", "go:south", "go:north")
    assert "cock" not in back.now


def test_own_verbs_and_senses() -> None:
    world = World.build(
        file_of(
            verbs={
                "toll": {"words": ["toll", "ring"]},
                "pray": {"words": ["pray"], "alone": True, "say": "it is quieter afterwards"},
            },
            things={
                "coin": {"at": "hall", "touch": "it is warm"},
                "bell": {"at": "hall", "fixed": True},
            },
            rules=[{"on": "toll bell", "say": "the bell hums for a long time"}],
        )
    )
    assert played(world, "toll:bell")[1].now == "you toll the bell; the bell hums for a long time"
    assert played(world, "pray")[1].now == "you pray; it is quieter afterwards"
    assert played(world, "touch:coin")[1].now == "you touch the coin; it is warm"
    assert Action("toll:bell") in world.possible(world.start(1))
