"""Training, in stages that can be stopped and resumed at any time.

The rate is warmed up, held, and cooled down only on request (warm-up, stable, decay), so that
a run may end whenever time does: `--cool TOKENS` goes on from the newest checkpoint and lets
the rate fall to nothing over that many tokens. An exponential average of the weights is kept
beside them; it is what a look at a run in progress exports.
"""

from __future__ import annotations

import argparse
import json
import signal
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
import torch

from training.network import Network, Shape, parameter_count
from training.numpy_forward import weights_of
from training.optimiser import Muon
from training.paths import WORK
from training.ranks import Ranks
from training.rows import batch_of, load, rows_of
from training.shards import NAME, SHARDS

CHECKPOINT = WORK / "checkpoint.pt"


@dataclass
class Plan:
    """What one run does; kept in its checkpoints."""

    batch: int = 8
    length: int = 640
    matrix_rate: float = 0.02
    other_rate: float = 0.003
    warm_steps: int = 120
    average: float = 0.998
    context_weight: float = 0.1
    choice_weight: float = 1.0
    cool_tokens: int = 0
    stop_tokens: int = 0


@dataclass
class Progress:
    """How far a run is."""

    step: int = 0
    tokens: int = 0
    shard: int = 0
    row: int = 0
    cooling_from: int = 0
    seconds: float = 0.0


@dataclass
class Run:
    """Network, optimisers and average of a run."""

    shape: Shape
    plan: Plan
    progress: Progress = field(default_factory=Progress)
    ranks: Ranks = field(default_factory=lambda: Ranks(1))

    def __post_init__(self) -> None:
        """Build the network and its optimisers."""
        torch.manual_seed(20)
        self.network = Network(self.shape)
        named = dict(self.network.named_parameters())
        matrices = [one for name, one in named.items() if one.ndim == 2 and "embd" not in name]
        others = [one for name, one in named.items() if one.ndim != 2 or "embd" in name]
        self.muon = Muon(matrices, lr=self.plan.matrix_rate, ranks=self.ranks)
        self.adam = torch.optim.AdamW(
            others, lr=self.plan.other_rate, betas=(0.9, 0.95), weight_decay=0.0
        )
        self.average = {name: one.detach().clone() for name, one in named.items()}

    def save(self, path: Path) -> None:
        """Write a checkpoint whole or not at all."""
        part = path.with_suffix(".part")
        torch.save(
            {
                "shape": self.shape.as_dict(),
                "plan": asdict(self.plan),
                "progress": asdict(self.progress),
                "network": self.network.state_dict(),
                "average": self.average,
                "muon": self.muon.state_dict(),
                "adam": self.adam.state_dict(),
            },
            part,
        )
        part.replace(path)

    def restore(self, path: Path) -> None:
        """Go on from a checkpoint of the same shape."""
        saved = torch.load(path, weights_only=True)
        self.network.load_state_dict(saved["network"])
        self.average = saved["average"]
        self.muon.load_state_dict(saved["muon"])
        self.adam.load_state_dict(saved["adam"])
        self.progress = Progress(**saved["progress"])

    def begin(self, weights: dict[str, np.ndarray]) -> None:
        """Start from the weights of an exported network, as after an earlier run."""
        with torch.no_grad():
            for name, weight in self.network.named_parameters():
                weight.copy_(torch.from_numpy(weights[name]))
                self.average[name].copy_(weight)

    def set_rates(self) -> float:
        """The share of the full rates at this step, given to the optimisers."""
        share = min(1.0, (self.progress.step + 1) / self.plan.warm_steps)
        if self.plan.cool_tokens:
            gone = (self.progress.tokens - self.progress.cooling_from) / self.plan.cool_tokens
            share *= max(0.0, 1.0 - gone)
        for optimiser, rate in (
            (self.muon, self.plan.matrix_rate),
            (self.adam, self.plan.other_rate),
        ):
            for group in optimiser.param_groups:
                group["lr"] = rate * share
        return share

    def learn(self, rows: list[tuple[np.ndarray, np.ndarray]]) -> float:
        """One step; the loss on the model's own tokens with the context's small share."""
        self.set_rates()
        inputs, targets, weights, _ = batch_of(
            self.ranks.share(rows),
            self.plan.context_weight,
            self.plan.choice_weight,
            self.progress.step,
        )
        loss = self.network.loss(
            torch.from_numpy(inputs), torch.from_numpy(targets), torch.from_numpy(weights)
        )
        loss.backward()
        self.ranks.add_up([one.grad for one in self.network.parameters()], mean=True)
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.muon.step()
        self.adam.step()
        self.network.zero_grad(set_to_none=True)
        # The average begins as the weights themselves and slows down to its full length.
        keep = min(self.plan.average, (self.progress.step + 1) / (self.progress.step + 10))
        with torch.no_grad():
            for name, weight in self.network.named_parameters():
                self.average[name].lerp_(weight, 1 - keep)
        self.progress.step += 1
        self.progress.tokens += inputs.shape[1] * len(rows)
        return float(loss.detach())

    @torch.no_grad()
    def examine(self, rows: list[tuple[np.ndarray, np.ndarray]]) -> dict[str, float]:
        """Held-out loss on own tokens, and how many tokens of names are guessed right.

        Both are of the averaged weights.
        """
        current = {name: one.detach().clone() for name, one in self.network.named_parameters()}
        self.network.load_state_dict(self.average, strict=False)
        total = count = right = names = 0.0
        for start in range(0, len(rows), self.plan.batch):
            inputs, targets, weights, kinds = batch_of(
                rows[start : start + self.plan.batch], 0.0, 0.0
            )
            logits = self.network(torch.from_numpy(inputs))
            wanted = torch.from_numpy(targets)
            each = torch.nn.functional.cross_entropy(
                logits.flatten(0, 1), wanted.flatten(), reduction="none"
            )
            share = torch.from_numpy(weights).flatten()
            total += float((each * share).sum())
            count += float(share.sum())
            named = torch.from_numpy(kinds == NAME)
            right += float((logits.argmax(-1) == wanted)[named].sum())
            names += float(named.sum())
        self.network.load_state_dict(current, strict=False)
        return {"held_out": round(total / count, 4), "names": round(right / max(names, 1), 4)}


def batches(
    plan: Plan, progress: Progress, folder: Path
) -> Iterator[list[tuple[np.ndarray, np.ndarray]]]:
    """Batches of rows, shard after shard; waits for a shard that is not written yet."""
    while True:
        path = folder / f"{progress.shard:04}.npz"
        while not path.exists():
            time.sleep(2)
        (WORK / "eaten.json").write_text(json.dumps({"shards": progress.shard}))
        rows = list(rows_of(load(path), plan.length))
        order = np.random.default_rng(progress.shard).permutation(len(rows))
        while progress.row + plan.batch <= len(rows):
            chosen = order[progress.row : progress.row + plan.batch]
            progress.row += plan.batch
            yield [rows[place] for place in chosen]
        progress.shard, progress.row = progress.shard + 1, 0


def parsed() -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = argparse.ArgumentParser(description="Train the pocket storyteller.")
    for name, value in asdict(Plan()).items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(value), default=value)
    for name, value in Shape().as_dict().items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(value), default=value)
    parser.add_argument("--resume", action="store_true")
    parser.add_argument(
        "--begin-from", type=Path, help="a GGUF of ours whose weights to begin with"
    )
    parser.add_argument("--checkpoint", type=Path, default=CHECKPOINT)
    parser.add_argument("--shards", type=Path, default=SHARDS)
    parser.add_argument("--start-shard", type=int, help="begin a folder of shards here")
    parser.add_argument("--save-seconds", type=float, default=180.0)
    parser.add_argument("--look-steps", type=int, default=150)
    parser.add_argument("--threads", type=int, default=1, help="of each process")
    parser.add_argument("--processes", type=int, default=2)
    return parser.parse_args()


def main() -> None:
    """Train until stopped, or until `--stop-tokens`; a stopped run resumes where it was."""
    asked = parsed()
    torch.set_num_threads(asked.threads)
    plan = Plan(**{name: getattr(asked, name) for name in asdict(Plan())})
    shape = Shape(**{name: getattr(asked, name) for name in Shape().as_dict()})
    run = Run(shape, plan, ranks=Ranks(asked.processes))
    if asked.resume and asked.checkpoint.exists():
        run.restore(asked.checkpoint)
    elif asked.begin_from:
        run.begin(weights_of(asked.begin_from))
    if asked.start_shard is not None:
        run.progress.shard, run.progress.row = asked.start_shard, 0
    if plan.cool_tokens and not run.progress.cooling_from:
        run.progress.cooling_from = run.progress.tokens
    if plan.cool_tokens:
        plan.stop_tokens = run.progress.cooling_from + plan.cool_tokens
    held_out = list(rows_of(load(WORK / "held_out.npz"), plan.length))[: 16384 // plan.length]
    stopped: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, frame: stopped.append(number))
    if run.ranks.first:
        print(f"{parameter_count(run.network) / 1e6:.2f}M parameters, {plan}", flush=True)
    go(run, asked, held_out, stopped)
    run.ranks.close()


def go(run: Run, asked: argparse.Namespace, held_out: list, stopped: list[int]) -> None:
    """The loop: learn, log, look, save."""
    saved = looked = time.monotonic()
    losses: list[float] = []
    before = run.progress.tokens
    for rows in batches(run.plan, run.progress, asked.shards):
        losses.append(run.learn(rows))
        now = time.monotonic()
        done = run.ranks.any(bool(stopped)) or 0 < run.plan.stop_tokens <= run.progress.tokens
        if run.ranks.first and (run.progress.step % asked.look_steps == 0 or done):
            speed = (run.progress.tokens - before) / (now - looked)
            line = {"step": run.progress.step, "tokens": run.progress.tokens}
            line |= {"loss": round(float(np.mean(losses)), 4), **run.examine(held_out)}
            line |= {"tokens_a_second": round(speed), "at": int(time.time())}
            with (WORK / "log.jsonl").open("a") as log:
                log.write(json.dumps(line) + "\n")
            print(line, flush=True)
            looked, before, losses = time.monotonic(), run.progress.tokens, []
        if run.ranks.first and (now - saved > asked.save_seconds or done):
            run.save(asked.checkpoint)
            saved = now
        if done:
            break


if __name__ == "__main__":
    main()
