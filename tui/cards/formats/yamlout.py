"""A card as YAML that is pleasant to go on writing: texts in blocks, no fields that say nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import yaml
from yaml.emitter import ScalarAnalysis

from tui.cards.card import Card
from tui.cards.formats.dialects import OURS
from tui.cards.formats.specs import book_value, plain
from tui.cards.yamlfile import plain_value, written_number

HEAD = "# A card for Fabletop. `fabletop card check` finds mistakes, with their lines.\n"
FIRST = ("name", "nickname", "kind", "genre", "tone", "length", "tags", "creator", "creator_notes")
LAST = ("character_book", "extensions", "world")
WIDE = 92
LONG = 72
BREAKS = "\r\x85\u2028\u2029"
"""What YAML takes for a line's end, and a card for a character."""


class CardDumper(yaml.SafeDumper):
    """PyYAML's writer, with blocks for texts, no aliases, and numbers as the reader takes them."""

    def ignore_aliases(self, data: object) -> bool:
        """Every value is written out."""
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Lists are indented under their field."""
        super().increase_indent(flow, False)

    def analyze_scalar(self, scalar: str) -> ScalarAnalysis:
        """Spaces at a line's end don't forbid a block: it keeps them."""
        analysis = super().analyze_scalar(scalar)
        if "\n" in scalar and is_block_text(scalar):
            analysis.allow_block = True
        return analysis


def is_block_text(text: str) -> bool:
    """Whether a block holds `text` as it is."""
    return (
        all(one == "\n" or one.isprintable() for one in text)
        and not text[0].isspace()
        and bool(text.strip())
    )


def represent_text(dumper: CardDumper, text: str) -> yaml.ScalarNode:
    """A text of several lines as a block, a long one folded, and no word taken for a number."""
    style = None
    if any(one in BREAKS for one in text):
        style = '"'
    elif "\n" in text:
        style = "|" if is_block_text(text) else '"'
    elif len(text) > LONG and text == text.strip() and text.isprintable() and " " in text:
        style = ">"
    elif not isinstance(plain_value(text), str):
        style = "'"
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def represent_float(dumper: CardDumper, number: float) -> yaml.ScalarNode:
    """A decimal as the reader takes it."""
    return dumper.represent_scalar("tag:yaml.org,2002:float", written_number(number))


def represent_list(dumper: CardDumper, items: list[object]) -> yaml.SequenceNode:
    """A list of a few short words on one line, any other with a line an item."""
    short = all(isinstance(one, str) and one.isprintable() for one in items)
    words = [one for one in items if isinstance(one, str)]
    flow = short and len(items) > 0 and sum(map(len, words)) + 2 * len(words) < LONG
    return dumper.represent_sequence(
        "tag:yaml.org,2002:seq", items, flow_style=flow and spaced(words)
    )


def spaced(words: list[str]) -> bool:
    """Whether these are words to search by, not sentences."""
    return all(word.count(" ") < 4 and "," not in word for word in words)


CardDumper.add_representer(str, represent_text)
CardDumper.add_representer(list, represent_list)
CardDumper.add_representer(float, represent_float)


def to_yaml(card: Card) -> bytes:
    """The card as UTF-8 YAML; reading it gives the same card."""
    fields = yaml_fields(card)
    body = yaml.dump(
        fields,
        Dumper=CardDumper,
        allow_unicode=True,
        sort_keys=False,
        default_flow_style=False,
        width=WIDE,
    )
    return (HEAD + body).encode()


def yaml_fields(card: Card) -> dict[str, Any]:
    """The fields that say something, in the order in which one would write them."""
    said: dict[str, Any] = {"name": card.name, "kind": card.kind}
    for name in Card.model_fields:
        if name in OURS:
            if name != "kind" and card.data.get(name) is not None:
                said[name] = card.data[name]
        elif value := yaml_value(card, name):
            said[name] = value
    said.update({key: one for key, one in card.extra.items() if key not in said})
    names = [name for name in FIRST if name in said]
    names += [name for name in said if name not in FIRST and name not in LAST]
    names += [name for name in LAST if name in said]
    return {name: said[name] for name in names}


def yaml_value(card: Card, name: str) -> object:
    """A field of the specification, without what says nothing."""
    value: object = getattr(card, name)
    if name == "character_book" and card.character_book is not None:
        book = book_value(card.character_book, "V2")
        entries = cast("list[dict[str, Any]]", book["entries"])
        book["entries"] = [without_empty(entry) for entry in entries]
        return without_empty(book) or {"entries": []}
    return plain(value)


def without_empty(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields without empty extensions and the values that they have anyway."""
    usual = {"extensions": {}, "enabled": True, "insertion_order": 100}
    return {key: one for key, one in fields.items() if not (key in usual and one == usual[key])}
