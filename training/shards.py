"""Documents as tokens on disk, made a little faster than training eats them.

A shard is one `.npz`: `tokens` (uint16) of all its documents, `starts` where each begins,
and `own`, which says of each token whether the model learns it: 0 no, 1 yes, 2 no but what
is learnt in its place is the end of the text (the reply before it is over), 3 yes and it is
part of a name, 4 yes and it is part of a list of choices.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterable
from pathlib import Path
from random import Random

import numpy as np

from training.games import Segment
from training.paths import WORK
from training.sources import Source, mixed
from training.tokeniser import BEGIN, END, Tokeniser

SHARDS = WORK / "shards"
CONTEXT, OWN, ENDS, NAME, CHOICE = 0, 1, 2, 3, 4


def encoded(segments: Iterable[Segment], tokeniser: Tokeniser) -> tuple[list[int], list[int]]:
    """Ids of a document and what each is to the model."""
    tokens, own = [BEGIN], [CONTEXT]
    ends = False
    for segment in segments:
        ids = tokeniser.encode(segment.text)
        marks = [OWN if segment.own else CONTEXT] * len(ids)
        if segment.own:
            _mark(marks, ids, segment, tokeniser)
        if ends:
            marks[0] = ENDS
        tokens += ids
        own += marks
        ends = segment.own
    if ends:
        tokens.append(END)
        own.append(OWN)
    return tokens, own


def _mark(marks: list[int], ids: list[int], segment: Segment, tokeniser: Tokeniser) -> None:
    spans = tokeniser.spans(ids)
    listed = segment.text.find("\n\n- ")
    for place, (start, _) in enumerate(spans):
        if 0 <= listed <= start:
            marks[place] = CHOICE
    for name in segment.names:
        at = segment.text.find(name)
        if at < 0 or 0 <= listed < at:
            continue
        for place, (start, end) in enumerate(spans):
            if start < at + len(name) and end > at:
                marks[place] = NAME


def make_shard(
    source: Source, tokeniser: Tokeniser, seed: int, size: int, most: int
) -> dict[str, np.ndarray]:
    """About `size` tokens of documents of up to `most` turns, none twice."""
    random = Random(seed)
    tokens: list[int] = []
    own: list[int] = []
    starts: list[int] = []
    seen: set[int] = set()
    while len(tokens) < size:
        segments = source(random, random.randint(max(1, most // 3), most))
        ids, marks = encoded(segments, tokeniser)
        if len(segments) < 2 or hash(tuple(ids)) in seen:
            continue
        seen.add(hash(tuple(ids)))
        starts.append(len(tokens))
        tokens += ids
        own += marks
    return {
        "tokens": np.asarray(tokens, np.uint16),
        "own": np.asarray(own, np.uint8),
        "starts": np.asarray(starts, np.int64),
    }


def write_shard(path: Path, shard: dict[str, np.ndarray]) -> None:
    """Write a shard whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part.npz")
    np.savez(part, **shard)
    part.replace(path)


def eaten() -> int:
    """How many shards the training has taken up."""
    file = WORK / "eaten.json"
    return json.loads(file.read_text())["shards"] if file.exists() else 0


def main() -> None:
    """Write shards, staying a few ahead of the training; texts are read again for each."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--size", type=int, default=1_000_000)
    parser.add_argument("--turns", type=int, default=4)
    parser.add_argument("--ahead", type=int, default=3)
    parser.add_argument("--worlds", type=float, default=0.3, help="share of documents from worlds")
    parser.add_argument("--core", type=int, default=0, help="frames of a kind that are preferred")
    parser.add_argument("--folder", type=Path, default=SHARDS)
    parser.add_argument("--held-out", action="store_true", help="write the held-out shard instead")
    asked = parser.parse_args()
    tokeniser = Tokeniser()
    if asked.held_out:
        shard = make_shard(
            mixed(asked.worlds, core=asked.core), tokeniser, 999_999_937, 200_000, asked.turns
        )
        write_shard(WORK / "held_out.npz", shard)
        return
    for number in range(asked.first, asked.first + asked.count):
        path = asked.folder / f"{number:04}.npz"
        while number > eaten() + asked.ahead:
            time.sleep(10)
        if path.exists():
            continue
        began = time.monotonic()
        write_shard(
            path,
            make_shard(
                mixed(asked.worlds, core=asked.core),
                tokeniser,
                1000 + number,
                asked.size,
                asked.turns,
            ),
        )
        print(f"{path.name} {asked.size / (time.monotonic() - began):.0f} tokens/s", flush=True)


if __name__ == "__main__":
    main()
