"""Options: what is offered, in which order, in which words."""

from __future__ import annotations

from tests.world.lamp import file_of, played, world_of
from tui.world import World


def test_one_leads_on_one_explores_one_involves_somebody() -> None:
    world = world_of()
    kinds = [option.kind for option in world.options(world.start(1), 3)[:3]]
    assert kinds == ["goal", "explore", "person"]


def test_following_the_goal_option_ends_the_tale() -> None:
    world = world_of()
    state = world.start(1)
    for _ in range(40):
        options = world.options(state, 3)
        if not options:
            break
        state, outcome = world.apply(state, [options[0].action])
        assert not outcome.refused
    assert state.ended == "lamp"


def test_what_was_untaken_is_not_offered_again_while_there_is_other() -> None:
    world = world_of()
    state = world.start(1)
    first = [option.action.id for option in world.options(state, 3)[:3]]
    state, _ = world.apply(state, [world.action(first[0])])
    second = [option.action.id for option in world.options(state, 3, avoid=first[1:])[:3]]
    assert not set(second) & set(first[1:]) or second[0] in first


def test_every_option_can_be_done_and_has_several_wordings() -> None:
    world = world_of()
    state, _ = played(world, "take:brass_key", "go:causeway")
    options = world.options(state, 3)
    assert len(options) > 3
    for option in options:
        _, outcome = world.apply(state, [option.action])
        assert not outcome.refused
        assert option.phrasings
        assert all(line[0].isupper() and not line.endswith(".") for line in option.phrasings)
    unlock = next(option for option in options if option.action.verb == "unlock")
    assert "Unlock the lamp-house door with the brass key" in unlock.phrasings


def test_the_authors_wordings_come_first() -> None:
    world = world_of()
    state, _ = played(world, "go:east")
    options = {option.action.id: option.phrasings for option in world.options(state, 9)}
    assert options["push:boat"][0] == "Turn the boat over"


def test_the_way_on_goes_through_what_is_needed_first() -> None:
    world = World.build(
        file_of(
            things={
                "coin": {"at": "in chest"},
                "chest": {
                    "at": "yard",
                    "fixed": True,
                    "holds": "in",
                    "open": False,
                    "locked": True,
                    "key": "pin",
                },
                "pin": {"at": "under mat", "hidden": True},
                "mat": {"at": "hall", "fixed": True},
            }
        )
    )
    state = world.start(1)
    done: list[str] = []
    while not state.ended and len(done) < 12:
        action = world.options(state, 3)[0].action
        done.append(action.id)
        state, _ = world.apply(state, [action])
    assert done == ["search:mat", "take:pin", "go:north", "unlock:chest:pin", "take:coin"]


def test_what_is_for_a_later_step_is_done_while_it_is_at_hand_but_ends_nothing() -> None:
    places = {
        "hall": {"look": "A hall.", "exits": {"north": "yard"}},
        "yard": {"look": "A yard.", "exits": {"south": "hall"}},
    }
    steps = [
        {"text": "Go out", "when": "visited yard"},
        {"text": "Take the coin", "when": "carried coin"},
        {"text": "Ring", "when": "flag rung"},
    ]
    world = World.build(
        file_of(
            places=places,
            flags=["rung"],
            things={"coin": {"at": "hall"}, "bell": {"at": "hall", "fixed": True}},
            rules=[{"on": "ring bell", "do": "flag rung on", "say": "it rings"}],
            goal={"text": "Ring the bell", "steps": steps},
            endings={"rung": {"title": "Rung", "text": "It rang.", "when": "flag rung"}},
        )
    )
    goal = [one.action.id for one in world.options(world.start(1), 3) if one.kind == "goal"]
    assert goal == ["take:coin", "go:north"]
