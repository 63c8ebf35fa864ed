"""Text to ids and back, as the model's vocabulary has it."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from functools import cached_property

from tui.engine.backend import Run
from tui.engine.worker.library import Pointer, api

SENTINELS = ("\x02", "\n", "\x1f", "|")


class Vocab:
    """A loaded model's vocabulary; every call is safe on any model, text or id."""

    def __init__(self, pointer: Pointer) -> None:
        """Look at the vocabulary once: its size, its special ids, its space in front."""
        self.pointer = pointer
        self.size = int(api.llama_vocab_n_tokens(pointer))
        self.bos = self._id(api.llama_vocab_bos(pointer))
        self.eos = self._id(api.llama_vocab_eos(pointer))
        self.adds_bos = bool(api.llama_vocab_get_add_bos(pointer)) and self.bos is not None
        self._texts: dict[int, bytes] = {}
        self._buffer = ctypes.create_string_buffer(256)
        self._puts_space = self.text_of(self._tokenise("a", special=False)) != b"a"
        self._sentinels = {text: self._tokenise(text, special=False) for text in SENTINELS}

    def _id(self, token: int) -> int | None:
        """An id, or None for llama.cpp's "there is none"."""
        return int(token) if 0 <= token < self.size else None

    def is_end(self, token: int) -> bool:
        """Whether an id ends a reply."""
        return bool(api.llama_vocab_is_eog(self.pointer, token))

    @cached_property
    def ends(self) -> tuple[int, ...]:
        """Every id that ends a reply; looked up once, since asking for each takes milliseconds."""
        return tuple(filter(self.is_end, range(self.size)))

    def piece(self, token: int) -> bytes:
        """The bytes that an id stands for in a reply; control ids stand for none."""
        known = self._texts.get(token)
        if known is None:
            known = self._texts[token] = self._read_piece(token, special=False)
        return known

    def named_piece(self, token: int) -> bytes:
        """The bytes of an id, control ids by their names; none for an id that is no one's."""
        return self._read_piece(token, special=True) if 0 <= token < self.size else b""

    def text_of(self, tokens: Sequence[int]) -> bytes:
        """The bytes of some ids together."""
        return b"".join(map(self.piece, tokens))

    def _read_piece(self, token: int, *, special: bool) -> bytes:
        """Ask llama.cpp, with a larger buffer for the few long pieces."""
        buffer = self._buffer
        length = api.llama_token_to_piece(self.pointer, token, buffer, len(buffer), 0, special)
        if length < 0:
            buffer = ctypes.create_string_buffer(-length)
            length = api.llama_token_to_piece(self.pointer, token, buffer, -length, 0, special)
        return buffer.raw[:length]

    def _tokenise(self, text: str, *, special: bool) -> list[int]:
        """llama.cpp's tokens of a text at the beginning of a prompt, without a BOS."""
        data = text.encode("utf-8", "replace")
        room = len(data) + 8
        ids = (ctypes.c_int32 * room)()
        count = api.llama_tokenize(self.pointer, data, len(data), ids, room, False, special)
        if count < 0:
            ids = (ctypes.c_int32 * -count)()
            count = api.llama_tokenize(self.pointer, data, len(data), ids, -count, False, special)
        return ids[:count]

    def continue_with(self, text: str, *, special: bool = False) -> list[int]:
        """The tokens of a text that follows others: no space is put in front.

        llama.cpp has no switch for that, so the text is tokenised behind a character that no
        piece begins with, whose tokens are then taken off. A text that merges with one such
        character is tried with the next.
        """
        if not text:
            return []
        if not self._puts_space:
            return self._tokenise(text, special=special)
        wanted = text.encode("utf-8", "replace")
        for sentinel, mark in self._sentinels.items():
            tokens = self._tokenise(sentinel + text, special=special)
            rest = tokens[len(mark) :]
            if tokens[: len(mark)] == mark and (special or self.text_of(rest) == wanted):
                return rest
        return self._tokenise(text, special=special)

    def encode(self, runs: Sequence[Run], *, add_bos: bool) -> list[int]:
        """The ids of a whole prompt; see `Backend.encode`."""
        tokens = [self.bos] if add_bos and self.adds_bos and self.bos is not None else []
        first = True
        for run in _joined(runs):
            if run.tokens:
                tokens += run.tokens
            elif first:
                tokens += self._tokenise(run.text, special=run.special)
            else:
                tokens += self.continue_with(run.text, special=run.special)
            first = False
        return tokens


def _joined(runs: Sequence[Run]) -> list[Run]:
    """The runs with neighbouring texts of one kind as one; empty ones are gone."""
    joined: list[Run] = []
    for run in runs:
        last = joined[-1] if joined else None
        if not run.text and not run.tokens:
            continue
        if last and last.text and run.text and last.special == run.special:
            joined[-1] = Run(last.text + run.text, special=run.special)
        else:
            joined.append(run)
    return joined
