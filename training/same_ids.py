"""Whether llama.cpp tokenises as SentencePiece does: thousands of texts, id for id."""

from __future__ import annotations

import argparse
from pathlib import Path
from random import Random

from llama_cpp import Llama

from training.paths import POCKET
from training.sources import direct
from training.tokeniser import Tokeniser

AWKWARD = [
    "",
    " ",
    "  a  b   c ",
    "\n\n\n- x",
    "naïve café 12:30 ßü 漢字 🙂",
    "<|user|><|user|>hi",
    "end.<|model|> You",
    "“Quote”…—’s",
    "\ttab",
    "A<|user",
    "1234567890",
]
LETTERS = " abcdefgXYZ.,;’“”…é1\n-<|>▁"


def texts(random: Random, documents: int) -> list[str]:
    """Generated documents, their parts, and texts of letters at random."""
    make = direct()
    found = list(AWKWARD)
    for _ in range(documents):
        parts = make(random, 3)
        found.append("".join(part.text for part in parts))
        found += [part.text for part in parts]
    for _ in range(documents * 4):
        found.append("".join(random.choice(LETTERS) for _ in range(random.randint(1, 30))))
    return found


def main() -> None:
    """Compare, and say how many differ."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--model", type=Path, default=POCKET)
    parser.add_argument("--documents", type=int, default=800)
    asked = parser.parse_args()
    model, tokeniser = Llama(str(asked.model), vocab_only=True, verbose=False), Tokeniser()
    lines = texts(Random(77), asked.documents)
    different = [
        line
        for line in lines
        if model.tokenize(line.encode(), add_bos=False, special=False) != tokeniser.encode(line)
    ]
    print(f"{len(different)} of {len(lines)} texts differ")
    for line in different[:10]:
        print(repr(line[:80]))


if __name__ == "__main__":
    main()
