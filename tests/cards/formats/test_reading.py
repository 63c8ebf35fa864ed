"""Cards of every program are read, with all that is odd in them, and nothing is lost."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from tests.cards.formats import makers
from tests.cards.formats.makers import V1, json_bytes, packed, png, text, v2, v3
from tui.cards import Card, CardError, card_from_data, inspect_card, read_card
from tui.cards.formats.limits import NotACard
from tui.cards.formats.lorebooks import read_lorebook


def assert_is_ada(card: Card) -> None:
    for name, value in V1.items():
        assert getattr(card, name) == value
    assert card.kind == "companion"


PICTURES = {
    "tEXt": png([text(b"chara", packed(v2()))]),
    "after the image data": png(after=[text(b"chara", packed(v2()))]),
    "zTXt": png([makers.ztext(b"chara", packed(v2()))]),
    "iTXt": png([makers.itext(b"ccv3", packed(v2()))]),
    "iTXt, compressed": png([makers.itext(b"chara", packed(v2()), compressed=True)]),
    "capital key": png([text(b"Chara", packed(v2()))]),
    "no padding": png([text(b"chara", packed(v2(x="ab")).rstrip(b"="))]),
    "line breaks": png([text(b"chara", b"\r\n ".join((packed(v2())[:99], packed(v2())[99:])))]),
    "of the URL kind": png([text(b"chara", base64.urlsafe_b64encode(json_bytes(v2())))]),
    "plain JSON": png([makers.itext(b"chara", json_bytes(v2()))]),
    "wrong check sums": png([text(b"chara", packed(v2()))[:-4] + b"\0\0\0\0"]),
    "cut off after the card": png([text(b"chara", packed(v2()))])[:-30],
    "webp": makers.webp(json_bytes(v2())),
    "webp, charset and NUL": makers.webp(b"ASCII\0\0\0" + json_bytes(v2()) + b"\0"),
    "webp, first directory": makers.webp(json_bytes(v2()), sub=False),
    "webp, big-endian": makers.webp(json_bytes(v2()), ">", prefix=b"Exif\0\0"),
    "webp, numbers": makers.webp(",".join(map(str, json_bytes(v2()))).encode() + b"\0"),
    "charx": makers.charx(v2(), {"assets/icon/images/a.png": b"x"}),
    "charx behind a picture": b"\xff\xd8\xff\xe0picture" + makers.charx(v2()),
    "capital card.json": makers.charx(v2(), name="Card.JSON"),
    "json with a mark": b"\xef\xbb\xbf" + json_bytes(v2()),
    "json in UTF-16": json.dumps(v2()).encode("utf-16"),
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_card_is_found_wherever_programs_put_it(name: str) -> None:
    card = read_card(PICTURES[name], "ada.card")
    assert_is_ada(card)
    assert card.id == "ada"
    assert card.alternate_greetings == ("“You.”", "“Sit, then.”")
    assert card.extensions == makers.EXTRA["extensions"]
    assert card.character_book is not None
    entry = card.character_book.entries[0]
    assert entry.extensions["odd"] == {"a": [1]}
    assert (entry.model_extra or {})["unheard"] == "of"


def test_the_newer_specification_wins_and_the_older_stands_in() -> None:
    stale = text(b"chara", packed(v2(name="Stale")))
    card = read_card(png([stale, text(b"ccv3", packed(v3()))]), "a.png")
    assert (card.name, card.nickname) == ("Ada", "Addie")
    assert card.extra["source"] == ["elsewhere"]
    broken = inspect_card(png([stale, text(b"ccv3", b"%%%")]), "a.png")
    assert broken.card is not None
    assert broken.card.name == "Stale"
    assert "the older one" in broken.problems[0].text


def test_what_stood_beside_the_data_is_kept_where_it_differs() -> None:
    card = read_card(
        json_bytes({**v2(), "name": "Ada", "description": "old", "fav": True}), "a.json"
    )
    assert_is_ada(card)
    assert card.extensions["fabletop"] == {"beside": {"description": "old", "fav": True}}


def test_tavern_ai_says_a_specification_and_is_flat() -> None:
    value = {**V1, "spec": "tavern_ai", "spec_version": "1.0", "create_date": "long ago"}
    card = read_card(json_bytes(value), "a.json")
    assert_is_ada(card)
    assert card.extra == {"create_date": "long ago"}


def test_a_version_that_is_yet_to_come_is_read() -> None:
    value = {**v3(), "spec": "chara_card_v4", "spec_version": "4.7"}
    assert_is_ada(read_card(json_bytes(value), "a.json"))


def test_pygmalion_and_gradio_json() -> None:
    value = {
        "char_name": "Ada",
        "char_persona": V1["description"],
        "char_greeting": V1["first_mes"],
        "world_scenario": V1["scenario"],
        "example_dialogue": "<START>\nYou: Well?\nAda: Well.",
        "avatar_url": "kept",
    }
    card = read_card(json_bytes(value), "a.json")
    assert (card.name, card.description, card.first_mes) == (
        "Ada",
        V1["description"],
        V1["first_mes"],
    )
    assert card.mes_example == "<START>\n{{user}}: Well?\nAda: Well."
    assert card.extra == {"avatar_url": "kept"}


def test_text_generation_webui_yaml() -> None:
    content = (
        "name: Ada\nyour_name: Wren\ngreeting: |\n  Late.\ncontext: |\n  Ada's Persona: dry.\n"
    )
    card = read_card(content.encode(), "Ada.yaml")
    assert (card.first_mes, card.description) == ("Late.\n", "Ada's Persona: dry.\n")
    assert card.user_name == "Wren"
    legacy = read_card(b"bot: Ada\ngreeting: Late.\ncontext: x\n", "old.yml")
    assert legacy.name == "Ada"


ODD: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "no book": ({"character_book": None}, {"character_book": None}),
    "one greeting": (
        {"alternate_greetings": "Well, well."},
        {"alternate_greetings": ("Well, well.",)},
    ),
    "tags in one text": ({"tags": "sea, fog"}, {"tags": ("sea", "fog")}),
    "no name": ({"name": ""}, {"name": "the file"}),
    "a number as a name": ({"name": 7}, {"name": "7"}),
    "a number as a version": ({"character_version": 2}, {"character_version": "2"}),
    "nothing in a field": ({"creator": None}, {"creator": ""}),
    "a list for extensions": ({"extensions": []}, {"extensions": {}}),
}


@pytest.mark.parametrize("name", ODD)
def test_what_programs_get_wrong_is_put_right(name: str) -> None:
    given, wanted = ODD[name]
    card = read_card(json_bytes(v2(**given)), "the_file.json")
    assert {key: getattr(card, key) for key in wanted} == wanted


def test_values_that_no_card_has_are_set_aside_and_told() -> None:
    entry = {"keys": "a, b", "content": "c", "enabled": "perhaps", "insertion_order": ""}
    book = {"scan_depth": "", "token_budget": "many", "entries": {"0": entry, "1": None}}
    found = inspect_card(json_bytes(v2(character_book=book, choices="x", world="Sea")), "a.json")
    assert found.card is not None
    assert found.card.character_book is not None
    assert found.card.character_book.entries[0].keys == ("a", "b")
    assert found.card.kind == "companion"
    kept = found.card.extensions["fabletop"]["as_found"]
    assert kept == {
        "choices": "x",
        "world": "Sea",
        "character_book.token_budget": "many",
        "character_book.entries[1].enabled": "perhaps",
    }
    assert {problem.field for problem in found.problems} == set(kept)
    assert not found.errors


def test_a_card_from_elsewhere_survives_being_kept_in_a_save() -> None:
    card = read_card(json_bytes(v3(choices="x")), "a.json")
    again = card_from_data(json.loads(json.dumps(card.data)), "a")
    assert again.model_dump() == card.model_dump()


BOOKS = {
    "V3": {"spec": "lorebook_v3", "data": makers.BOOK},
    "in a card": v2(),
    "world info": {
        "entries": {
            "0": {"uid": 0, "key": ["gull"], "content": "Ada knows every gull.", "order": 5}
        }
    },
    "a list": {"entries": [{"key": "gull", "content": "Ada knows every gull.", "disable": False}]},
    "one bad entry": {
        "entries": [makers.BOOK["entries"][0], {"keys": ["x"], "content": {"no": 1}}]
    },
}


@pytest.mark.parametrize("name", BOOKS)
def test_lorebooks_in_files_of_their_own(name: str) -> None:
    book = read_lorebook(json_bytes(BOOKS[name]), "book.json")
    assert len(book.entries) == 1
    assert book.entries[0].keys == ("gull",)
    assert book.entries[0].content == "Ada knows every gull."
    assert book.entries[0].enabled


OTHERS = {
    "is a lorebook": json_bytes(BOOKS["world info"]),
    "is a character of Agnai": json_bytes({"kind": "character", "name": "A", "persona": {}}),
    "is a card that RisuAI encrypted": png([text(b"chara", b"rcc||rccv1||AAAA")]),
    "is a NovelAI scenario": json_bytes({"scenarioVersion": 3, "name": "A"}),
    "is a chat": json_bytes({"chat_metadata": {}, "name": "A"}),
    "has none of a card's fields": json_bytes({"version": 1}),
    "but not a card": b"[1, 2]",
    "is a picture without a card": png(),
    "is a JPEG picture": b"\xff\xd8\xff\xe0 and no archive",
    "is a GIF picture": b"GIF89a",
    "is an archive without a card": makers.charx({}, name="other.json"),
}


@pytest.mark.parametrize("sentence", OTHERS)
def test_other_files_get_one_sentence(sentence: str) -> None:
    with pytest.raises(CardError) as caught:
        read_card(OTHERS[sentence], "x")
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_no_card_can_be_told_from_a_broken_one() -> None:
    with pytest.raises(NotACard):
        read_lorebook(json_bytes({"a": 1}), "x.json")
