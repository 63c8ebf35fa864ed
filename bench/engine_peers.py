"""Text a second beside another program's: `python -m bench.engine_peers MODEL --server PYTHON`.

PYTHON is an interpreter that has `llama_cpp.server` (an extra of llama-cpp-python), best in an
environment of its own. Both write the same number of tokens after the same prompt, in turn; the
first text of a retry is measured beside it. Medians are printed.
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
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from bench.engine import ENDLESS, N_CTX, is_small, running, show
from tui.engine import Piece, Request, Run

PROMPT = "The old lamp room is cold, and a stair goes down to the water. " * 4
EOS = 2
START_SECONDS = 120


@contextmanager
def serving(python: Path, model: Path) -> Generator[int]:
    """The peer's server on a free port of this machine."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [str(python), "-m", "llama_cpp.server", "--model", str(model), "--port", str(port)]
    command += ["--n_ctx", str(N_CTX), "--verbose", "false"]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=quiet, stderr=quiet) as server:
        try:
            wait_for(port)
            yield port
        finally:
            server.terminate()


def wait_for(port: int) -> None:
    """Wait until something answers there. Raises TimeoutError."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError("The peer's server does not answer.")


def theirs(port: int, count: int, seed: int) -> tuple[float, float]:
    """Seconds to the first text, and tokens a second after it."""
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
    }
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    started = time.perf_counter()
    connection.request(
        "POST", "/v1/completions", json.dumps(body), {"Content-Type": "application/json"}
    )
    lines = connection.getresponse()
    arrived = [time.perf_counter() for line in lines if line.startswith(b"data: {")]
    connection.close()
    return arrived[0] - started, (count - 1) / (arrived[-1] - arrived[0])


async def measure(model: Path, python: Path, repeat: int) -> None:
    """Alternate, and print both rows."""
    count = 200 if is_small(model) else 24
    rates: tuple[list[float], list[float]] = ([], [])
    firsts: tuple[list[float], list[float]] = ([], [])
    with serving(python, model) as port:
        async with running(model) as backend:
            tokens = await backend.encode([Run(PROMPT)])
            for turn in range(repeat + 1):
                started, arrived = time.perf_counter(), list[tuple[float, int]]()
                async for event in backend.generate(Request(tokens, count, ENDLESS, seed=turn)):
                    if isinstance(event, Piece):
                        arrived.append((time.perf_counter(), len(event.tokens)))
                seconds = arrived[-1][0] - arrived[0][0]
                first, rate = await asyncio.to_thread(theirs, port, count, turn)
                if turn:
                    firsts[0].append(arrived[0][0] - started)
                    rates[0].append(sum(number for _, number in arrived[1:]) / seconds)
                    firsts[1].append(first)
                    rates[1].append(rate)
    names = ("ours", "llama_cpp.server")
    show("write", *rates, "tokens/s", names)
    show("first text of a retry", *firsts, "s", names)


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("--server", type=Path, required=True)
    parser.add_argument("--repeat", type=int, default=5)
    arguments = parser.parse_args()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    asyncio.run(measure(arguments.model, arguments.server, arguments.repeat))


if __name__ == "__main__":
    main()
