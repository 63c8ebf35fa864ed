"""The vocabulary of a Hugging Face folder, from whichever of its files there are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from tui.modelfiles.convert.errors import ConvertError
from tui.modelfiles.convert.kinds import read_json
from tui.modelfiles.convert.llama import Vocabulary
from tui.modelfiles.convert.sentencepiece_file import read_sentencepiece
from tui.modelfiles.convert.tokenizer_json import AddedToken, add_tokens, read_tokenizer_json

LONGEST_TEMPLATE = 1 << 20
_ADDED = TypeAdapter(list[AddedToken])


def read_vocabulary(folder: Path) -> Vocabulary:
    """The vocabulary; raises ConvertError."""
    config = _optional(folder / "tokenizer_config.json")
    if (folder / "tokenizer.model").is_file():
        made = read_sentencepiece(folder / "tokenizer.model")
        add_tokens(made, _added(folder, config, len(made.pieces)))
    elif (folder / "tokenizer.json").is_file():
        made = read_tokenizer_json(folder / "tokenizer.json")
        _name_ends(made, _optional(folder / "special_tokens_map.json") | config)
        _number_ends(made, _optional(folder / "config.json"))
    else:
        raise ConvertError(
            f"{folder} has neither tokenizer.model nor tokenizer.json; fetch one of the two as well."
        )
    if isinstance(config.get("add_bos_token"), bool):
        made.add_bos = config["add_bos_token"]
    made.chat_template = _template(folder, config)
    return made


def _optional(path: Path) -> dict[str, Any]:
    """A settings file that need not be there."""
    return read_json(path) if path.is_file() else {}


def _added(folder: Path, config: dict[str, Any], count: int) -> list[AddedToken]:
    """Pieces that were added to a tokenizer.model, by the newer or the older way of saying so."""
    decoder = config.get("added_tokens_decoder")
    if isinstance(decoder, dict):
        found = [{**value, "id": key} for key, value in decoder.items() if isinstance(value, dict)]
    else:
        older = _optional(folder / "added_tokens.json")
        found = [{"content": text, "id": place} for text, place in older.items()]
    try:
        added = _ADDED.validate_python(found)
    except ValidationError as error:
        raise ConvertError(
            f"The added pieces of {folder} are wrong; fetch its files again."
        ) from error
    if any(token.id > count + len(added) + 1000 for token in added):
        raise ConvertError(f"The added pieces of {folder} are far beyond its vocabulary.")
    return [token for token in added if token.id >= count]


def _name_ends(made: Vocabulary, settings: dict[str, Any]) -> None:
    """The pieces that begin and end a text, by the names that the settings give them."""
    places = {piece: place for place, piece in enumerate(made.pieces)}
    for key in ("bos", "eos", "unk"):
        value = settings.get(f"{key}_token")
        text = value.get("content") if isinstance(value, dict) else value
        if isinstance(text, str) and text in places and getattr(made, key) is None:
            setattr(made, key, places[text])


def _number_ends(made: Vocabulary, config: dict[str, Any]) -> None:
    """The same by their numbers, where no name was given."""
    for key in ("bos", "eos"):
        value = config.get(f"{key}_token_id")
        value = value[0] if isinstance(value, list) and value else value
        known = getattr(made, key) is not None
        if not known and isinstance(value, int) and 0 <= value < len(made.pieces):
            setattr(made, key, value)


def _template(folder: Path, config: dict[str, Any]) -> str | None:
    """The folder's chat template; of several, the default one."""
    file = folder / "chat_template.jinja"
    if file.is_file() and file.stat().st_size <= LONGEST_TEMPLATE:
        return file.read_text("utf-8", "replace")
    value = config.get("chat_template")
    if isinstance(value, list):
        named = {one.get("name"): one.get("template") for one in value if isinstance(one, dict)}
        value = named.get("default")
    return value if isinstance(value, str) and len(value) <= LONGEST_TEMPLATE else None
