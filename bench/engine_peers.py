"""Text a second beside other programs: `python -m bench.engine_peers MODEL --server PYTHON --llama-server PROGRAM`.

PYTHON is an interpreter that has `llama_cpp.server` (an extra of llama-cpp-python), best in an
environment of its own; PROGRAM is llama.cpp's `llama-server`, built from the source distribution
of llama-cpp-python (`cmake -S vendor/llama.cpp -DLLAMA_BUILD_UI=OFF -DLLAMA_USE_PREBUILT_UI=OFF`, target
`llama-server`). Either may be left out. Each peer runs once for every count of threads, with one
slot, this window and otherwise as it comes, and its best count is told. All write the same number
of tokens after the same prompt, in turn; the first text of a retry is measured beside it. Medians
are printed.
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import json
import os
import socket
import subprocess
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench.engine import ENDLESS, N_CTX, is_small, running, show
from tui.engine import LlamaBackend, Piece, Request, Run

PROMPT = "The old lamp room is cold, and a stair goes down to the water. " * 4
EOS = 2
START_SECONDS = 120


def peers(model: Path, python: Path | None, program: Path | None) -> dict[str, list[list[str]]]:
    """Each peer's commands, one for every count of threads."""
    found: dict[str, list[list[str]]] = {}
    counts = [str(count) for count in range(1, (os.cpu_count() or 1) + 1)]
    if python:
        common = [str(python), "-m", "llama_cpp.server", "--model", str(model)]
        common += ["--n_ctx", str(N_CTX), "--verbose", "false"]
        found["llama_cpp.server"] = [
            [*common, "--n_threads", count, "--n_threads_batch", count] for count in counts
        ]
    if program:
        common = [str(program), "--model", str(model), "--ctx-size", str(N_CTX)]
        common += ["--parallel", "1", "--no-ui"]
        found["llama-server"] = [[*common, "--threads", count] for count in counts]
    return found


@contextmanager
def serving(command: Sequence[str]) -> Generator[int]:
    """A peer's server on a free port of this machine."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    ours = [*command, "--host", "127.0.0.1", "--port", str(port)]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(ours, stdin=quiet, stdout=quiet, stderr=quiet) as server:
        try:
            wait_for(port)
            yield port
        finally:
            server.terminate()


def wait_for(port: int) -> None:
    """Wait until the model writes there. Raises TimeoutError."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        try:
            theirs(port, 2, 0)
        except (OSError, http.client.HTTPException):
            time.sleep(0.2)
        else:
            return
    raise TimeoutError("The peer's server does not answer.")


def theirs(port: int, count: int, seed: int) -> tuple[float, float]:
    """Seconds to the first text, and tokens a second after it. Raises OSError and HTTPException."""
    body = {
        "prompt": PROMPT,
        "max_tokens": count,
        "stream": True,
        "temperature": 0.8,
        "top_k": 40,
        "top_p": 1.0,
        "min_p": 0.05,
        "repeat_penalty": 1.0,
        "seed": seed,
        "logit_bias": {str(EOS): -100},
        "cache_prompt": True,
    }
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    started = time.perf_counter()
    connection.request(
        "POST", "/v1/completions", json.dumps(body), {"Content-Type": "application/json"}
    )
    lines = connection.getresponse()
    if lines.status != http.HTTPStatus.OK:
        raise http.client.HTTPException(lines.reason)
    arrived = [time.perf_counter() for line in lines if line.startswith(b"data: {")]
    connection.close()
    return arrived[0] - started, (count - 1) / (arrived[-1] - arrived[0])


async def ours(backend: LlamaBackend, count: int, seed: int) -> tuple[float, float]:
    """The same of our own engine."""
    tokens = await backend.encode([Run(PROMPT)])
    started, arrived = time.perf_counter(), list[tuple[float, int]]()
    async for event in backend.generate(Request(tokens, count, ENDLESS, seed=seed)):
        if isinstance(event, Piece):
            arrived.append((time.perf_counter(), len(event.tokens)))
    written = sum(number for _, number in arrived[1:])
    return arrived[0][0] - started, written / (arrived[-1][0] - arrived[0][0])


async def measure(model: Path, commands: Mapping[str, list[list[str]]], repeat: int) -> None:
    """Alternate, and print both rows of each peer."""
    count = 200 if is_small(model) else 24
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in ("ours", *commands)}
    with ExitStack() as servers:
        ports = {
            name: [servers.enter_context(serving(command)) for command in variants]
            for name, variants in commands.items()
        }
        async with running(model) as backend:
            for turn in range(repeat + 1):
                found["ours"].append(await ours(backend, count, turn))
                for name, variants in ports.items():
                    took = [await asyncio.to_thread(theirs, port, count, turn) for port in variants]
                    best = min(first for first, _ in took), max(rate for _, rate in took)
                    found[name].append(best)
    # The first round has read the prompt; those that are told are retries.
    (firsts, rates), *others = [list(zip(*took[1:], strict=True)) for took in found.values()]
    for name, (their_firsts, their_rates) in zip(commands, others, strict=True):
        show("write", rates, their_rates, "tokens/s", ("ours", name))
        show("first text of a retry", firsts, their_firsts, "s", ("ours", name))


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("--server", type=Path, metavar="PYTHON")
    parser.add_argument("--llama-server", type=Path, metavar="PROGRAM")
    parser.add_argument("--repeat", type=int, default=5)
    given = parser.parse_args()
    commands = peers(given.model, given.server, given.llama_server)
    if not commands:
        parser.error("name at least one of --server and --llama-server")
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    asyncio.run(measure(given.model, commands, given.repeat))


if __name__ == "__main__":
    main()
