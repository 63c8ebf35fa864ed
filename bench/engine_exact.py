"""How far what comes next differs after each path through the caches: `python -m bench.engine_exact MODEL`.

Prints Kullback-Leibler divergences in nats from a fresh read of the same tokens: what batch
sizes alone do, what forks, batches, reading ahead and restored states do, and what planted
faults (a token dropped, a token changed) would do.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from bench.bare import prompt_ids
from tests.engine.inside import Fresh, Inside, distribution, divergence, worst
from tui.engine import LoadSettings, Request, Sampling
from tui.engine.worker.library import Library

N_CTX = 1024
ENDLESS = Sampling(ban_eos=True)


def paths(inside: Inside) -> list[tuple[str, list[Request | list[int] | str]]]:
    """What is asked, path by path: requests, prompts to read ahead, "save" or "restore"."""
    story = prompt_ids(300)
    trimmed = [*story[:60], *story[160:]]
    return [
        ("retry", [Request(tuple(story), 20, ENDLESS), Request(tuple(story), 20, ENDLESS, seed=2)]),
        ("undo", [Request(tuple(story[:200]), 12, ENDLESS)]),
        ("batch of 4", [Request(tuple(story), 20, ENDLESS, count=4)]),
        (
            "idle forks",
            [Request((*story, 400 + n), 20, ENDLESS, priority="idle") for n in range(3)],
        ),
        ("read ahead", [trimmed, Request((*trimmed, 500, 501), 10, ENDLESS)]),
        ("restored", ["save", "forget", "restore"]),
    ]


def main() -> None:
    """Take every path and print the worst divergence of each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    model = parser.parse_args().model
    with tempfile.TemporaryDirectory() as folder:
        inside = Inside(Library(), model, LoadSettings(n_ctx=N_CTX), Path(folder))
        fresh = Fresh(inside.loaded.model, N_CTX, flash=inside.loaded.info.flash_attention)
        story = prompt_ids(300)
        whole = fresh.read(story)
        for size in (1, 3, 7, 32):
            print(f"batches of {size}: {divergence(whole, fresh.read(story, size)):.2g}")
        print(f"a token dropped: {divergence(whole, fresh.read(story[:200] + story[201:])):.2g}")
        changed = [*story[:200], story[200] + 1, *story[201:]]
        print(f"a token changed: {divergence(whole, fresh.read(changed)):.2g}")
        for name, steps in paths(inside):
            for step in steps:
                take(inside, step)
            print(f"{name}: {worst_of(inside, fresh):.2g}")


def take(inside: Inside, step: Request | list[int] | str) -> None:
    """Ask one thing and let it be done."""
    if isinstance(step, Request):
        inside.start(step)
    elif isinstance(step, list):
        inside.ask("ahead", tokens=step)
    elif step == "forget":
        inside.forget()
    else:
        inside.ask(step, tokens=prompt_ids(300)[:60])
    inside.work()


def worst_of(inside: Inside, fresh: Fresh) -> float:
    """The largest divergence of all sequences from fresh reads."""
    return worst(
        (distribution(lane.context, seq), fresh.read(lane.context.sequences.tokens(seq)))
        for lane in inside.lanes()
        for seq in range(len(lane.context.sequences))
        if lane.context.sequences.length(seq)
    )


if __name__ == "__main__":
    main()
