"""The vocabulary of a Hugging Face `tokenizer.json`: SentencePiece's BPE, or byte-level BPE."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, Field, ValidationError

from tui.modelfiles.convert.errors import ConvertError
from tui.modelfiles.convert.llama import (
    BYTE,
    CONTROL,
    NORMAL,
    UNKNOWN,
    UNUSED,
    USER_DEFINED,
    Vocabulary,
)

LARGEST_FILE = 128 * 1024 * 1024
MOST_PIECES = 1 << 21
_BYTE_PIECE = re.compile(r"<0x[0-9A-F]{2}>")
_Id = Annotated[int, Field(ge=0, lt=MOST_PIECES)]

_LLAMA_3 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)
_SPLITTERS = {_LLAMA_3: "llama-bpe"}
"""How byte-level vocabularies cut text first, and llama.cpp's name for it."""


class _Model(BaseModel):
    """The `model` of a tokenizer.json."""

    type: str = "BPE"
    vocab: dict[str, _Id]
    merges: list[str | tuple[str, str]] = []
    byte_fallback: bool = False
    unk_token: str | None = None


class AddedToken(BaseModel):
    """A piece that was added to a vocabulary."""

    id: _Id
    content: str
    special: bool = False


class _File(BaseModel):
    """What is read of a tokenizer.json."""

    model: _Model
    added_tokens: list[AddedToken] = []
    normalizer: dict[str, Any] | None = None
    pre_tokenizer: dict[str, Any] | None = None
    post_processor: dict[str, Any] | None = None


def read_tokenizer_json(path: Path) -> Vocabulary:
    """The vocabulary; raises ConvertError."""
    file = _read(path)
    if file.model.type != "BPE":
        raise ConvertError(
            f"{path} is a vocabulary of the kind {file.model.type[:20]}, which cannot be carried over."
        )
    made = _pieces(path, file)
    if file.model.byte_fallback or "<0x00>" in file.model.vocab:
        _as_sentencepiece(file, made)
    elif "ByteLevel" in _types(file.pre_tokenizer):
        _as_byte_level(path, file, made)
    else:
        raise ConvertError(f"{path} is a vocabulary of a kind that cannot be carried over.")
    return made


def add_tokens(vocabulary: Vocabulary, added: list[AddedToken]) -> None:
    """Put pieces that were added later at their places, whatever lies between filled up."""
    for token in added:
        vocabulary.pad_to(token.id + 1)
        vocabulary.pieces[token.id] = token.content
        kind = CONTROL if token.special else USER_DEFINED
        if vocabulary.types[token.id] in (NORMAL, UNUSED):
            vocabulary.types[token.id] = kind


def _read(path: Path) -> _File:
    """The file, checked; raises ConvertError."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise ConvertError(f"{path} is too long for a vocabulary; is it the right file?")
        return _File.model_validate(json.loads(path.read_bytes()))
    except OSError as error:
        raise ConvertError(f"{path} cannot be read: {error.strerror}.") from error
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])[:80]
        raise ConvertError(f"{path} is wrong at {where}; fetch the file again.") from error
    except (ValueError, RecursionError) as error:
        raise ConvertError(f"{path} is not JSON; fetch the file again.") from error


def _pieces(path: Path, file: _File) -> Vocabulary:
    """The pieces in the order of their numbers."""
    made = Vocabulary([], [], [], bos=None, eos=None, unk=None)
    count = max(file.model.vocab.values(), default=-1) + 1
    if count > 2 * len(file.model.vocab) + 1000:
        raise ConvertError(f"{path} has a vocabulary full of gaps; fetch the file again.")
    made.pad_to(count)
    for text, place in file.model.vocab.items():
        made.pieces[place], made.types[place] = text, NORMAL
    limit = count + len(file.added_tokens) + 1000
    if any(token.id > limit for token in file.added_tokens):
        raise ConvertError(f"{path} has added pieces far beyond its vocabulary; fetch it again.")
    add_tokens(made, file.added_tokens)
    return made


def _as_sentencepiece(file: _File, made: Vocabulary) -> None:
    """Scores from the order of the merges, which is what the scores of a tokenizer.model are."""
    ranks: dict[str, int] = {}
    for rank, merge in enumerate(file.model.merges):
        ranks.setdefault("".join(_parts(merge)), rank)
    lowest = -float(len(file.model.merges)) - 1
    for place, piece in enumerate(made.pieces):
        if _BYTE_PIECE.fullmatch(piece):
            made.types[place] = BYTE
        elif made.types[place] == NORMAL:
            made.scores[place] = -float(ranks[piece]) if piece in ranks else lowest
    if file.model.unk_token in file.model.vocab:
        made.unk = file.model.vocab[file.model.unk_token]
        made.types[made.unk] = UNKNOWN
    made.add_space_prefix = _puts_space(file)


def _puts_space(file: _File) -> bool:
    """Whether a space is put in front of a text."""
    for step in _steps(file.normalizer):
        if step.get("type") == "Prepend":
            return True
    for step in _steps(file.pre_tokenizer):
        if step.get("type") == "Metaspace":
            scheme = step.get("prepend_scheme")
            return step.get("add_prefix_space", True) is not False and scheme != "never"
    return False


def _as_byte_level(path: Path, file: _File, made: Vocabulary) -> None:
    """Merges, and how text is cut before they are made."""
    splits = [
        step.get("pattern") for step in _steps(file.pre_tokenizer) if step.get("type") == "Split"
    ]
    patterns = [split.get("Regex") for split in splits if isinstance(split, dict)]
    made.pre = _SPLITTERS.get(str(patterns[0]), "") if patterns else "gpt-2"
    if not made.pre or len(patterns) > 1:
        raise ConvertError(
            f"{path} cuts text in a way that is not known; look for the same model as GGUF."
        )
    made.model = "gpt2"
    made.merges = [" ".join(_parts(merge)) for merge in file.model.merges]
    made.add_bos = _begins(file)


def _begins(file: _File) -> bool:
    """Whether a text gets a piece in front that marks its beginning."""
    for step in _steps(file.post_processor):
        single = step.get("single")
        if isinstance(single, list) and single and isinstance(single[0], dict):
            return "SpecialToken" in single[0]
    return False


def _parts(merge: str | tuple[str, str]) -> tuple[str, str]:
    """The two sides of a merge, which older files have in one text."""
    if isinstance(merge, str):
        left, _, right = merge.partition(" ")
        return left, right
    return merge


def _steps(step: dict[str, Any] | None) -> list[dict[str, Any]]:
    """A step, or those of a sequence."""
    if step is None:
        return []
    for name in ("normalizers", "pretokenizers", "processors"):
        inner = step.get(name)
        if step.get("type") == "Sequence" and isinstance(inner, list):
            return [one for one in inner if isinstance(one, dict)]
    return [step]


def _types(step: dict[str, Any] | None) -> set[str]:
    """What the steps are."""
    return {str(one.get("type")) for one in _steps(step)}
