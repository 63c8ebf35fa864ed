"""How long a start takes, beside what it is made of: `python bench/startup.py [--runs 5]`.

Each figure is a median of whole processes, the two of a ratio run in turns.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

MODEL = Path(__file__).parents[1] / "models" / "pocket.gguf"
BARE_LOAD = (
    "import sys, llama_cpp as l; l.llama_backend_init(); "
    "m = l.llama_model_load_from_file(sys.argv[1].encode(), l.llama_model_default_params()); "
    "c = l.llama_init_from_model(m, l.llama_context_default_params()); sys.exit(not c)"
)
PY = sys.executable


def seconds(command: Sequence[str], home: str, lines: str = "", until: str = "") -> float:
    """How long a process takes to its end, or until it has written `until`."""
    started = time.perf_counter()
    environment = {**os.environ, "FABLETOP_HOME": home}
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=environment,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(lines)
        process.stdin.close()
        took = 0.0
        for line in process.stdout:
            if until and until in line and not took:
                took = time.perf_counter() - started
    return took or time.perf_counter() - started


def main() -> None:
    """Print each figure beside its measure, and their ratio."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as home:
        game = [PY, "-m", "tui", "play", "the-borrowed-hour", "--plain", "--seed", "1"]
        rows = {
            "first output ÷ bare `import textual`": (
                lambda: seconds(game, home, until="It has been eleven"),
                lambda: seconds([PY, "-c", "import textual"], home),
            ),
            "a told turn ÷ bare load of the same file": (
                lambda: seconds(game, home, lines="1\n", until="1. "),
                lambda: seconds([PY, "-c", BARE_LOAD, str(MODEL)], home),
            ),
        }
        for name, (ours, bare) in rows.items():
            pairs = [(ours(), bare()) for _ in range(runs)]
            mine, theirs = (statistics.median(side) for side in zip(*pairs, strict=True))
            print(f"{name}: {mine:.2f} s ÷ {theirs:.2f} s = {mine / theirs:.2f}")


if __name__ == "__main__":
    main()
