"""The vocabulary of a SentencePiece `tokenizer.model`, which is a protocol buffer.

Fields: https://github.com/google/sentencepiece/blob/master/src/sentencepiece_model.proto. Read here
because a few fields are all that is needed, and because the file comes from strangers: SentencePiece
itself is a C++ library in this process.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

from tui.modelfiles.convert.errors import ConvertError
from tui.modelfiles.convert.llama import NORMAL, Vocabulary

LARGEST_FILE = 64 * 1024 * 1024
_PIECE, _TRAINER, _NORMALISER = 1, 2, 3
_BPE = 2
_MODEL_TYPE, _UNK, _BOS, _EOS = 3, 40, 41, 42
_ADD_DUMMY_PREFIX = 3

Fields = dict[int, list[int | bytes]]


def read_sentencepiece(path: Path) -> Vocabulary:
    """The vocabulary; raises ConvertError."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise ConvertError(f"{path} is too long for a vocabulary; is it the right file?")
        model = _fields(path.read_bytes())
        made = _vocabulary(path, model)
    except OSError as error:
        raise ConvertError(f"{path} cannot be read: {error.strerror}.") from error
    except (ValueError, struct.error, IndexError) as error:
        raise ConvertError(
            f"{path} is no SentencePiece vocabulary; fetch the file again."
        ) from error
    if not made.pieces:
        raise ConvertError(f"{path} has no pieces; fetch the file again.")
    return made


def _vocabulary(path: Path, model: Fields) -> Vocabulary:
    """The pieces and what the trainer and the normaliser were told."""
    trainer, normaliser = _message(model, _TRAINER), _message(model, _NORMALISER)
    if _number(trainer, _MODEL_TYPE, 1) != _BPE:
        raise ConvertError(
            f"{path} is a vocabulary of another kind than LLaMA's (not BPE), which cannot be carried "
            "over."
        )
    made = Vocabulary([], [], [])
    for raw in model.get(_PIECE, []):
        piece = _fields(_bytes(raw))
        [score] = struct.unpack("<f", _bytes(piece.get(2, [bytes(4)])[-1]))
        text = _bytes(piece.get(1, [b""])[-1]).decode("utf-8")
        made.add(text, score, _number(piece, 3, NORMAL))
    count = len(made.pieces)
    made.unk = _id(_number(trainer, _UNK, 0), count)
    made.bos = _id(_number(trainer, _BOS, 1), count)
    made.eos = _id(_number(trainer, _EOS, 2), count)
    made.add_space_prefix = bool(_number(normaliser, _ADD_DUMMY_PREFIX, 1))
    return made


def _id(number: int, count: int) -> int | None:
    """A piece's number, None for "there is none"."""
    return number if 0 <= number < count else None


def _message(fields: Fields, number: int) -> Fields:
    """A message within; of several, the last."""
    return _fields(_bytes(fields[number][-1])) if number in fields else {}


def _number(fields: Fields, number: int, default: int) -> int:
    """A whole number, signed as protocol buffers sign 32 bits."""
    value = fields.get(number, [default])[-1]
    if isinstance(value, bytes):
        raise ValueError("text where a number belongs")
    return value - (1 << 64) if value >= 1 << 63 else value


def _bytes(value: int | bytes) -> bytes:
    """What must be a run of bytes."""
    if isinstance(value, int):
        raise ValueError("a number where text belongs")
    return value


def _fields(raw: bytes) -> Fields:
    """A message's fields by number; four and eight bytes stay bytes."""
    made: Fields = {}
    for number, value in _each_field(raw):
        made.setdefault(number, []).append(value)
    return made


def _each_field(raw: bytes) -> Iterator[tuple[int, int | bytes]]:
    """The fields in their order; raises ValueError or IndexError for a broken message."""
    at = 0
    while at < len(raw):
        tag, at = _varint(raw, at)
        wire = tag & 7
        if wire == 0:
            value, at = _varint(raw, at)
            yield tag >> 3, value
            continue
        if wire not in (1, 2, 5):
            raise ValueError("a field of an unknown kind")
        length, at = _varint(raw, at) if wire == 2 else ({1: 8, 5: 4}[wire], at)
        if at + length > len(raw):
            raise ValueError("a field that ends too late")
        yield tag >> 3, raw[at : at + length]
        at += length


def _varint(raw: bytes, at: int) -> tuple[int, int]:
    """A number of variable length and the place after it."""
    value = shift = 0
    while True:
        byte = raw[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at
        if shift > 63:
            raise ValueError("a number that is too long")
