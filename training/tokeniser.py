"""The pocket storyteller's tokeniser: byte-pair pieces in SentencePiece's manner.

Bytes stand in for what has no piece, digits stay single, and no space is put before a text
(`add_space_prefix` is false in the GGUF). Metharme's three role words are user-defined
pieces: ordinary text that is always one piece, so that what is before one never merges with
it. llama.cpp tokenises the same, id for id.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterable
from pathlib import Path
from random import Random

import sentencepiece

MODEL = Path(__file__).parent / "tokeniser.model"
ROLES = ("<|system|>", "<|user|>", "<|model|>")
UNKNOWN, BEGIN, END = 0, 1, 2


class Tokeniser:
    """Text to ids and back."""

    def __init__(self, path: Path = MODEL) -> None:
        self._pieces = sentencepiece.SentencePieceProcessor(model_file=str(path))

    def __len__(self) -> int:
        return self._pieces.vocab_size()

    def encode(self, text: str) -> list[int]:
        """The ids of a text, without a beginning or an end."""
        return self._pieces.encode(text)

    def decode(self, ids: list[int]) -> str:
        """The text of ids."""
        return self._pieces.decode(ids)

    def spans(self, ids: Iterable[int]) -> list[tuple[int, int]]:
        """The stretch of characters of each id; a byte counts to the character that it ends."""
        found, at, pending = [], 0, b""
        for one in ids:
            if self._pieces.is_byte(one):
                pending += bytes([int(self._pieces.id_to_piece(one)[3:5], 16)])
                try:
                    length, pending = len(pending.decode()), b""
                except UnicodeDecodeError:
                    length = 0
            else:
                length = len(self._pieces.id_to_piece(one))
            found.append((at, at + length))
            at += length
        return found

    def table(self) -> list[tuple[str, float, int]]:
        """Piece, score and llama.cpp's type of every id."""
        found = []
        for one in range(len(self)):
            kind = 1
            if self._pieces.is_unknown(one):
                kind = 2
            elif self._pieces.is_control(one):
                kind = 3
            elif self._pieces.is_byte(one):
                kind = 6
            elif self._pieces.id_to_piece(one) in ROLES:
                kind = 4
            found.append((self._pieces.id_to_piece(one), self._pieces.get_score(one), kind))
        return found


def learn(texts: Iterable[str], vocab: int, path: Path = MODEL) -> None:
    """Learn pieces from texts and write SentencePiece's model file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as lines:
        for text in texts:
            lines.write(text + "\n")
        lines.flush()
        sentencepiece.SentencePieceTrainer.train(
            input=lines.name,
            model_prefix=str(path.with_suffix("")),
            model_type="bpe",
            vocab_size=vocab,
            byte_fallback=True,
            split_digits=True,
            add_dummy_prefix=False,
            remove_extra_whitespaces=False,
            normalization_rule_name="identity",
            character_coverage=0.9999,
            user_defined_symbols=list(ROLES),
            unk_id=UNKNOWN,
            bos_id=BEGIN,
            eos_id=END,
            pad_id=-1,
            max_sentence_length=20000,
            num_threads=2,
            minloglevel=1,
        )


def main() -> None:
    """Learn the pieces from generated text."""
    from training.sources import direct  # the generator needs the whole stock of text

    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--vocab", type=int, default=3072)
    parser.add_argument("--documents", type=int, default=6000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    random = Random(asked.seed)
    make = direct()
    texts = ("".join(part.text for part in make(random, 4)) for _ in range(asked.documents))
    learn((line for text in texts for line in text.split("\n")), asked.vocab)
    print(f"{MODEL}: {len(Tokeniser())} pieces")


if __name__ == "__main__":
    main()
