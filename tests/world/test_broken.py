"""Properties: whatever one thing is broken in a valid world, the check tells its file, line and field."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.world.test_properties import FOLK, PLACES, THINGS, world_files
from tui.world.cardcheck import check_card

NOBODY = "nobody_at_all"
LONG = " ".join(["word"] * 26)
TEXTS = {"name": "A", "kind": "tale", "first_mes": "You stand.", "scenario": "You look."}


def into(data: dict[str, Any], path: tuple[str | int, ...], value: object) -> None:
    """Put a value at a path; what is on the way is made."""
    at: Any = data
    last: Any = path[-1]
    for part, following in pairwise(path):
        if isinstance(part, int):
            at = at[part]
        else:
            at = at.setdefault(part, [] if isinstance(following, int) else {})
    if isinstance(at, list) and last == len(cast("list[object]", at)):
        cast("list[object]", at).append(value)
    else:
        at[last] = value


@st.composite
def breakages(draw: st.DrawFn) -> tuple[tuple[str | int, ...], object, str]:
    """Where a world is broken, by what, and the line's tell-tale word."""
    place, thing, person = (
        draw(st.sampled_from(PLACES)),
        draw(st.sampled_from(THINGS)),
        draw(st.sampled_from(FOLK)),
    )
    test, effect = f"carried {NOBODY}", f"move {NOBODY} to carried"
    ways: list[tuple[tuple[str | int, ...], object, str]] = [
        (("start", "place"), NOBODY, NOBODY),
        (("places", place, "exits", "west"), NOBODY, NOBODY),
        (("places", place, "exits", "west"), {"to": place, "when": test}, NOBODY),
        (("places", place, "exits", "west"), {"to": place, "door": NOBODY}, NOBODY),
        (("places", place, "colour"), NOBODY, NOBODY),
        (("places", place, "dark"), NOBODY, NOBODY),
        (("things", thing, "at"), f"in {NOBODY}", NOBODY),
        (("things", thing, "key"), NOBODY, NOBODY),
        (("things", thing, "lit_by"), NOBODY, NOBODY),
        (("things", thing, "text"), LONG, LONG),
        (("folk", person, "at"), NOBODY, NOBODY),
        (("folk", person, "moves"), test, NOBODY),
        (("folk", person, "knows", "news", "when"), test, NOBODY),
        (("folk", person, "knows", "news", "do"), effect, NOBODY),
        (("folk", person, "wants", NOBODY), {"say": "that was wanted"}, NOBODY),
        (("folk", person, "schedule"), {"25:99": place}, "25:99"),
        (("rules", 0), {"on": f"push {NOBODY}", "say": "it gives"}, NOBODY),
        (("rules", 0), {"on": f"push {thing}", "do": effect}, NOBODY),
        (("rules", 0), {"on": f"push {thing}", "when": test, "say": "it gives"}, NOBODY),
        (("rules", 0), {"on": f"push {thing}", "say": LONG}, LONG),
        (("events", "bell", "when"), test, NOBODY),
        (("events", "bell", "do"), effect, NOBODY),
        (("events", "dawn", "at"), "25:99", "25:99"),
        (("goal", "steps", 0, "when"), test, NOBODY),
        (("endings", "over", "when"), test, NOBODY),
        (("endings", "over", "kind"), NOBODY, NOBODY),
        (("clock", "start"), "25:99", "25:99"),
    ]
    return draw(st.sampled_from(ways))


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(data=world_files(), broken=breakages())
def test_what_is_broken_is_told_with_file_line_and_field(
    tmp_path_factory: Any, data: dict[str, Any], broken: tuple[tuple[str | int, ...], object, str]
) -> None:
    where, value, mark = broken
    into(data, where, value)
    text = yaml.safe_dump({**TEXTS, "world": data}, sort_keys=False, width=1000)
    path: Path = tmp_path_factory.mktemp("broken") / "a.yaml"
    path.write_text(text, encoding="utf-8")
    errors = [one for one in check_card(path, 50).problems if one.weight == "error"]
    marked = {at for at, line in enumerate(text.splitlines(), 1) if mark in line}
    field = "world"
    for part in where:
        field += f"[{part + 1}]" if isinstance(part, int) else f".{part}"
    told = [one for one in errors if one.field.startswith(field) and one.line in marked]
    assert told, (field, marked, [one.sentence() for one in errors])
    assert all(one.file == "a.yaml" for one in errors)
