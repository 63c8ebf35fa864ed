"""Broken GGUF files by the thousand: `python -m bench.fuzz_gguf [--count N] [--seed N]`.

A small model is damaged at random, mostly where sizes, counts and kinds are, or cut short. Its page
must be readable or one sentence, and loading it, which a child process does, must end soon in a
model or in one sentence. What does neither is kept in a folder and ends the run.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import shutil
import struct
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.tiny_model import make_tiny_model
from tui.engine.backend import BackendError, LoadSettings, WorkerDied
from tui.engine.client import LlamaBackend
from tui.game.modelshelf import ModelShelf
from tui.modelfiles.find import FoundModel
from tui.prompt import shipped_templates
from tui.store import Settings

SLOWEST_SECONDS = 60.0
LONGEST_SENTENCE = 600
LIES = (0, 1, 7, 1 << 20, 1 << 31, 1 << 32, 1 << 60, (1 << 64) - 1)


def header_length(data: bytes) -> int:
    """Where the descriptions of the tensors end, about."""
    return data.rindex(b"output.weight") + 64


def damaged(dice: random.Random, whole: bytes, header: int) -> bytes:
    """The file with one to four wounds."""
    data = bytearray(whole)
    for _ in range(dice.randint(1, 4)):
        at = dice.randrange(4, header)
        match dice.randrange(6):
            case 0:
                data[at] ^= 1 << dice.randrange(8)
            case 1:
                data[at] = dice.randrange(256)
            case 2:
                data[at : at + 8] = struct.pack("<Q", dice.choice(LIES))
            case 3:
                data[at : at + 4] = struct.pack("<I", dice.choice(LIES) & 0xFFFFFFFF)
            case 4:
                del data[at : at + dice.randint(1, 64)]
            case _:
                del data[dice.randrange(header if dice.random() < 0.5 else len(data)) :]
                header = min(header, max(len(data), 5))
    return bytes(data)


class Trial:
    """One backend that is given file after file."""

    def __init__(self, folder: Path) -> None:
        """Start nothing yet."""
        self.path = folder / "broken.gguf"
        self.log = folder / "engine.log"
        self.backend = LlamaBackend(log=self.log)
        self.shelf = ModelShelf((folder,), folder / "cache", Settings())
        self.templates = shipped_templates()
        self.counts = Counter[str]()

    async def load(self, data: bytes) -> str:
        """What came of a file; a text that begins with "!" should not have come."""
        self.path.write_bytes(data)
        found = FoundModel(self.path, self.path.name, "", len(data))
        page = self.shelf.page(found, self.templates)
        begun = time.monotonic()
        try:
            async with asyncio.timeout(SLOWEST_SECONDS):
                await self.backend.load(self.path, LoadSettings(n_ctx=256, n_threads=1))
        except TimeoutError:
            return f"! took more than {SLOWEST_SECONDS:.0f} seconds"
        except BackendError as error:
            words = str(error)
            if "\n" in words or len(words) > LONGEST_SENTENCE:
                return f"! was told in many words: {words}"
            return "a crash, told" if isinstance(error, WorkerDied) else "refused"
        slow = time.monotonic() - begun
        return "loaded" if slow < SLOWEST_SECONDS else f"! took {slow:.0f} seconds ({page.problem})"


def keep(data: bytes, seed: int, number: int) -> Path:
    """Put a file aside that was told of wrongly."""
    path = Path(f"broken-{seed}-{number}.gguf")
    path.write_bytes(data)
    return path


async def fuzz(count: int, seed: int) -> int:
    """Try that many files; how many did what none should."""
    folder = Path(tempfile.mkdtemp(prefix="fabletop-gguf-"))
    whole = make_tiny_model(folder / "whole.gguf").read_bytes()
    dice, trial = random.Random(seed), Trial(folder)
    bad = 0
    for number in range(count):
        data = damaged(dice, whole, header_length(whole))
        came = await trial.load(data)
        trial.counts[came.split(" (")[0]] += 1
        if came.startswith("!"):
            bad += 1
            print(f"{keep(data, seed, number)} {came}")
    await trial.backend.close()
    shutil.rmtree(folder)
    print(", ".join(f"{times:,} {what}" for what, times in trial.counts.most_common()))
    return bad


def main() -> int:
    """Run; 0 where every file was told of rightly."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    return 1 if asyncio.run(fuzz(wanted.count, wanted.seed)) else 0


if __name__ == "__main__":
    sys.exit(main())
