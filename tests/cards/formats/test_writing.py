"""What was read and written and read again is the same, in every format, whatever was in it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.cards.formats import makers
from tests.cards.formats.makers import json_bytes, packed, png, text, v2, v3
from tui.cards import Card, CardError, inspect_card, read_card
from tui.cards.formats.dialects import OURS, SPEC_V3
from tui.cards.formats.writing import Belongings, belongings_of, write_card
from tui.cards.template import new_card_template

FORMATS = (".png", ".json", ".charx", ".yaml")
SPECIALS = [
    "no",
    "12:30",
    "1e3",
    "1.0e-07",
    "- a",
    "{{user}}: x",
    "\r\n",
    "\x07",
    "\ud800",
    "#",
    "007",
]
TEXTS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(SPECIALS),
    st.lists(st.text(max_size=12), max_size=4).map("\n".join),
    st.text("ab \n", max_size=200),
)
NUMBERS = st.one_of(st.integers(), st.floats(allow_nan=False, allow_infinity=False))
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS),
    lambda inside: st.one_of(
        st.lists(inside, max_size=3), st.dictionaries(st.text(max_size=8), inside, max_size=3)
    ),
    max_leaves=8,
)
ENTRY_FIELDS = ["keys", "key", "content", "enabled", "position", "insertion_order", "extensions"]
ENTRIES = st.dictionaries(st.sampled_from([*ENTRY_FIELDS, "id", "name", "odd"]), VALUES, max_size=6)
BOOKS = st.one_of(
    VALUES,
    st.fixed_dictionaries(
        {"entries": st.lists(ENTRIES, max_size=3)},
        optional={"scan_depth": VALUES, "name": TEXTS, "extensions": VALUES},
    ),
)
GOOD = {name: TEXTS for name in SPEC_V3 if name != "name"}
CARDS = st.fixed_dictionaries(
    {"name": TEXTS},
    optional={
        **GOOD,
        "alternate_greetings": st.one_of(st.lists(TEXTS, max_size=3), VALUES),
        "tags": st.one_of(st.lists(TEXTS, max_size=3), VALUES),
        "character_book": BOOKS,
        "extensions": st.one_of(st.dictionaries(st.text(max_size=8), VALUES, max_size=3), VALUES),
        "assets": VALUES,
        "kind": VALUES,
        "data": VALUES,
        "world": VALUES,
        "fabletop": VALUES,
        "id": VALUES,
    },
)
MORE = st.dictionaries(st.text(max_size=8), VALUES, max_size=3)


@settings(
    max_examples=60,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
@given(CARDS, MORE, MORE, st.sampled_from(["chara_card_v2", "chara_card_v3", "tavern_ai", ""]))
def test_any_card_is_the_same_after_being_written_and_read(
    fields: dict[str, Any], more: dict[str, Any], beside: dict[str, Any], spec: str
) -> None:
    data = {**more, **fields}
    value = {**beside, "spec": spec, "data": data} if spec.startswith("chara") else data
    card = read_card(as_json(value), "ada.json")
    for suffix in FORMATS:
        content = write_card(card, suffix).content
        again = read_card(content, f"ada{suffix}")
        assert again.model_dump() == card.model_dump(), suffix


def as_json(value: object) -> bytes:
    """JSON with escapes, since halves of surrogate pairs have no other form."""
    return json.dumps(value).encode()


ROUND = {
    "V2": json_bytes(v2()),
    "V3": json_bytes(v3()),
    "picture": png([text(b"note", b"mine"), text(b"chara", packed(v2()))]),
    "no book": json_bytes(v2(character_book=None)),
    "one greeting": json_bytes(v2(alternate_greetings="Well, well.")),
    "numbers as texts": json_bytes(v2(extensions={"depth_prompt": {"depth": ""}})),
    "entries by number": json_bytes(v2(character_book={"entries": {"0": {"key": ["a"]}}})),
    "set aside": json_bytes(v2(choices="many", tags={"a": 1})),
    "text-generation-webui": b'{"name": "A", "context": "x", "greeting": "y", "user": "Wren"}',
    "a tale": new_card_template("tale").encode(),
    "a companion": new_card_template("companion").encode(),
}


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("name", ROUND)
def test_from_any_format_to_any_other_and_back(name: str, suffix: str) -> None:
    given = "ada.yaml" if name.startswith("a ") else "ada"
    card = read_card(ROUND[name], given)
    content = write_card(card, suffix, belongings_of(ROUND[name], given)).content
    assert read_card(content, f"ada{suffix}").model_dump() == card.model_dump()
    assert inspect_card(content, f"ada{suffix}").card is not None


def test_older_readers_find_all_fields_of_the_second_specification() -> None:
    card = read_card(new_card_template("tale").encode())
    value = read_json(write_card(card, ".json", spec="V2").content)
    assert value["spec"] == "chara_card_v2"
    assert set(value["data"]) == set(SPEC_V3) - {
        "nickname",
        "group_only_greetings",
        "character_book",
    }
    assert set(value["data"]["extensions"]["fabletop"]) <= set(OURS)
    assert value["data"]["extensions"]["fabletop"]["world"]["start"]["place"] == "path"


def read_json(content: bytes) -> dict[str, Any]:
    """The value of a JSON text."""
    return json.loads(content)


def test_a_picture_keeps_all_of_its_other_parts() -> None:
    source = png(
        [text(b"note", b"mine"), text(b"Chara", packed(v2()))], [makers.chunk(b"eXIf", b"x")]
    )
    card = read_card(source, "a.png")
    made = write_card(card, ".png", belongings_of(source, "a.png")).content
    for part in (makers.HEAD, text(b"note", b"mine"), makers.DATA, makers.chunk(b"eXIf", b"x")):
        assert part in made
    assert made.count(b"ccv3\0") == 1
    assert made.lower().count(b"chara\0") == 1
    assert made.index(b"ccv3\0") < made.index(b"IDAT")


def test_embedded_files_go_from_picture_to_archive_and_back() -> None:
    assets = [{"type": "emotion", "uri": "__asset:happy.png", "name": "happy", "ext": "png"}]
    value = v3(assets=assets)
    own = text(b"chara-ext-asset_:happy.png", b"aGFwcHk=")
    source = png([text(b"ccv3", packed(value)), own])
    card = read_card(source, "a.png")
    archive = write_card(card, ".charx", belongings_of(source, "a.png"))
    assert not archive.left
    inside = belongings_of(archive.content, "a.charx")
    assert inside.files["happy.png"] == b"happy"
    assert inside.picture == png()
    moved = read_card(archive.content, "a.charx")
    assert moved.model_dump() == card.model_dump()
    back = write_card(moved, ".png", inside).content
    assert own in back
    assert b"IDAT" in back
    assert read_card(back, "a.png").model_dump() == card.model_dump()


def test_what_a_text_can_t_hold_is_said() -> None:
    card: Card = read_card(json_bytes(v2()), "a.json")
    assert write_card(card, ".json", Belongings(png())).left == ("the picture",)
    assert write_card(card, ".yaml", Belongings(files={"a": b"", "b": b""})).left == (
        "2 embedded files",
    )


def test_what_is_no_whole_picture_is_not_written_into() -> None:
    card = read_card(json_bytes(v2()), "a.json")
    for picture in (b"\xff\xd8\xff", png()[:-12], png()[:40]):
        with pytest.raises(CardError):
            write_card(card, ".png", Belongings(picture))


def test_our_yaml_is_pleasant() -> None:
    card = read_card(
        json_bytes(v2(first_mes="One. \n\nTwo.", description="word " * 40 + "end")), "a"
    )
    said = write_card(card, ".yaml").content.decode()
    assert "tags: [harbour, nets]\n" in said
    assert "first_mes: |-\n  One. \n\n  Two.\n" in said
    assert "description: >-\n  word word" in said
    assert "personality: dry, kind\n" in said
    assert "post_history_instructions" not in said
    assert max(map(len, said.splitlines())) <= 100
