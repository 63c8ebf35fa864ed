"""Does a model know what odd words mean? `python -m bench.weighing [MODEL]` asks it.

Each of weighing.yaml is read; what no pattern reads is weighed. The lead that a deed needs
(`LEAD` in tui/game/weighing.py) is set by this table: rights as many as may be, no wrongs.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import TypedDict

import yaml

from tui.cards.read import read_card
from tui.engine.backend import LoadSettings
from tui.engine.client import LlamaBackend
from tui.game.understanding import understood
from tui.game.weighing import Scales, weighed
from tui.prompt import shipped_templates, template_for
from tui.world import World

ROOT = Path(__file__).parents[1]
NOTHING = "-"


class Table(TypedDict):
    """Rows typed at one place of a tale."""

    tale: str
    do: list[str]
    rows: dict[str, str]


async def main() -> None:
    """Weigh every row and print what was taken for what."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("model", nargs="?", type=Path, default=ROOT / "models" / "pocket.gguf")
    model = asked.parse_args().model
    tables: list[Table] = yaml.safe_load((ROOT / "bench" / "weighing.yaml").read_text("utf-8"))
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        backend = LlamaBackend(log=Path(folder) / "log", cache=Path(folder))
        loaded = await backend.load(model, LoadSettings())
        template = template_for(model.name, loaded.metadata, shipped_templates())[0]
        started = time.perf_counter()
        for table in tables:
            card = read_card(ROOT / "characters" / f"{table['tale']}.yaml")
            assert card.world is not None
            world = World.build(card.world)
            state = world.start(7)
            for action in table["do"]:
                state, _ = world.apply(state, [world.action(action)])
            for words, meant in table["rows"].items():
                read = understood(world, state, words, (), "")
                if not read.unread:
                    counts["read without a model"] += 1
                    continue
                scales = Scales(backend, template, card.scenario)
                got = await weighed(read, world, state, scales)
                action = got.actions[0].id if got is not read else NOTHING
                kind = "left" if action == NOTHING else "right" if action == meant else "wrong"
                counts[kind] += 1
                print(f"{kind:6} {words!r}: {action}, meant {meant}")
        weighed_rows = sum(counts[kind] for kind in ("left", "right", "wrong"))
        seconds = (time.perf_counter() - started) / max(weighed_rows, 1)
        await backend.close()
    print(f"{dict(counts)}, {seconds * 1000:.0f} ms each")


if __name__ == "__main__":
    asyncio.run(main())
