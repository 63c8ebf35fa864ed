"""Writing a card into a file of any format, with the picture and the files that came with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from tui.cards.card import Card
from tui.cards.formats.charx import read_assets, safe_path, write_charx
from tui.cards.formats.limits import MAX_PICTURE, refusal
from tui.cards.formats.opening import container_of, open_source, unreadable
from tui.cards.formats.png import (
    ASSET_KEY,
    SIGNATURE,
    decoded_assets,
    plain_picture,
    read_png_texts,
    write_png,
)
from tui.cards.formats.specs import Spec, as_bytes, to_json, to_spec
from tui.cards.formats.yamlout import to_yaml

WRITTEN = (".png", ".json", ".charx", ".yaml", ".yml")
ICON = "assets/icon/images/main"
MAX_KEY = 79


@dataclass(frozen=True, slots=True)
class Belongings:
    """What a card's file holds beside the card."""

    picture: bytes = b""
    """A PNG picture without any card in it; empty where there is none."""
    files: Mapping[str, bytes] = field(default_factory=dict[str, bytes])
    """Pictures and sounds, by the path that the card calls them by."""


@dataclass(frozen=True, slots=True)
class Written:
    """A file's content, and what could not come along, as sentences."""

    content: bytes
    left: tuple[str, ...] = ()


def belongings_of(source: Path | bytes, file: str) -> Belongings:
    """The picture and the files in a card's file; nothing for JSON and YAML. Raises CardError."""
    container = container_of(source, file)
    if container not in ("png", "webp", "charx"):
        return Belongings()
    try:
        with open_source(source, file) as stream:
            if container == "charx":
                files = read_assets(stream, file)
                return Belongings(icon_of(files), files)
            size = stream.seek(0, 2)
            if size > MAX_PICTURE:
                raise refusal(file, "the picture is bigger than 48 MB", "make it smaller")
            stream.seek(0)
            picture = stream.read()
    except OSError as error:
        raise unreadable(error, file) from error
    if container == "webp":
        return Belongings(files={f"{ICON}.webp": picture})
    found = read_png_texts(BytesIO(picture), file, with_assets=True)
    return Belongings(write_png(picture, {}, file), decoded_assets(found, file))


def icon_of(files: Mapping[str, bytes]) -> bytes:
    """The main picture among an archive's files; empty where none is a PNG."""
    icons = [
        name
        for name, content in sorted(files.items())
        if name.startswith("assets/icon/") and content.startswith(SIGNATURE)
    ]
    icons.sort(key=lambda name: "main" not in name)
    return files[icons[0]] if icons else b""


def write_card(
    card: Card, suffix: str, belongings: Belongings | None = None, spec: Spec = "V3"
) -> Written:
    """The card as the file that `suffix` names (`.png`, `.json`, `.charx`, `.yaml`).

    PNG holds V2 and V3 both, CHARX is V3; `spec` is JSON's.

    Raises:
        CardError: The picture can't be written into, or there is no such format to write.
    """
    own = belongings or Belongings()
    suffix = suffix.lower()
    if suffix == ".png":
        return as_png(card, own)
    if suffix == ".charx":
        return as_charx(card, own)
    if suffix == ".json":
        return Written(to_json(card, spec, indent=2) + b"\n", left_out(own))
    if suffix in (".yaml", ".yml"):
        return Written(to_yaml(card), left_out(own))
    raise refusal(
        f"*{suffix}", "is not a kind of card that is written", "use .png, .json, .charx or .yaml"
    )


def left_out(own: Belongings) -> tuple[str, ...]:
    """What a text doesn't hold, in words."""
    files = len(own.files)
    said = ["the picture"] if own.picture and not files else []
    said += [f"{files} embedded file{'s' if files > 1 else ''}"] if files else []
    return tuple(said)


def as_png(card: Card, own: Belongings) -> Written:
    """A picture with the card in it, V2 and V3 both; a plain picture where there is none."""
    keys = {path: f"{ASSET_KEY}{path}" for path in own.files}
    fit = {path: key for path, key in keys.items() if key.isascii() and len(key) <= MAX_KEY}
    texts = {"chara": to_json(card, "V2"), "ccv3": to_json(card, "V3", "__asset:")}
    texts |= {key: own.files[path] for path, key in fit.items()}
    picture = own.picture or plain_picture(card.name)
    left = len(keys) - len(fit)
    return Written(
        write_png(picture, texts, "the picture"), (f"{left} embedded files",) if left else ()
    )


def as_charx(card: Card, own: Belongings) -> Written:
    """An archive with the card, its picture as the main icon, and its files."""
    files = {path: content for path, content in own.files.items() if safe_path(path)}
    left = len(own.files) - len(files)
    if own.picture and own.picture not in files.values():
        files.setdefault(f"{ICON}.png", own.picture)
    value = to_spec(card, "V3")
    icon = next((name for name in sorted(files) if name.startswith(f"{ICON}.")), "")
    if icon:
        kind = icon.rpartition(".")[2]
        asset = {"type": "icon", "uri": f"embeded://{icon}", "name": "main", "ext": kind}
        value["data"].setdefault("assets", [asset])
    return Written(write_charx(as_bytes(value), files), (f"{left} embedded files",) if left else ())
