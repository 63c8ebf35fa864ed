"""The process of one piece of long work: `python -m tui.modelfiles.worker OPERATION LOG`.

The first line of its input are the arguments, as JSON. It answers with lines of JSON: progress,
then an answer or an error. When its input ends, the work ends, and half files are taken away.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tui.modelfiles.errors import Cancelled, ModelFileError, disk_error
from tui.modelfiles.halves import half_of

if TYPE_CHECKING:
    from tui.modelfiles.convert import Progress as ConvertProgress

TELL_SECONDS = 0.1
GRACE_SECONDS = 3.0
GARBAGE = 1000.0
"""A perplexity above this means a broken file, not a bad model."""


class Worker:
    """One operation: what it was asked, whom it tells, and what must not be left behind."""

    def __init__(self, log: Path) -> None:
        """Keep the pipes on descriptors of our own, and send what libraries print to the log."""
        self._in, self._out = os.dup(0), os.dup(1)
        null = os.open(os.devnull, os.O_RDWR)
        where = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        for source, descriptor in ((null, 0), (where, 1), (where, 2)):
            os.dup2(source, descriptor)
        self._last = 0.0
        self._cancelled = False
        self.half_files: list[Path] = []
        self._lines = os.fdopen(self._in, encoding="utf-8")

    def arguments(self) -> dict[str, Any]:
        """What was asked; from then on the end of the input ends the work."""
        asked = json.loads(self._lines.readline() or "null")
        threading.Thread(target=self._watch, daemon=True).start()
        return asked

    def _watch(self) -> None:
        """Wait for the end of the input; then end, whatever llama.cpp is deep in."""
        while self._lines.readline():
            continue
        self._cancelled = True
        time.sleep(GRACE_SECONDS if self.half_files else 0)
        self.clear()
        os._exit(0)

    def clear(self) -> None:
        """Take half files away."""
        for path in self.half_files:
            path.unlink(missing_ok=True)

    def tell(self, step: str, done: int, total: int, unit: str = "parts") -> None:
        """Say how far it is, ten times a second at most. Raises Cancelled."""
        if self._cancelled:
            raise Cancelled
        now = time.monotonic()
        if now - self._last >= TELL_SECONDS or done == total:
            self._last = now
            self.send({"step": step, "done": done, "total": total, "unit": unit})

    def send(self, message: Mapping[str, Any]) -> None:
        """Write one line."""
        try:
            os.write(self._out, json.dumps(message).encode() + b"\n")
        except BrokenPipeError:
            self.clear()
            os._exit(0)


def look(worker: Worker, asked: dict[str, Any]) -> object:
    """What a name stands for on the hub."""
    from tui.modelfiles.hub import look as look_up

    worker.tell("asking", 0, 0)
    return look_up(asked["wanted"])


def fetch(worker: Worker, asked: dict[str, Any]) -> object:
    """Files of the hub, or of any address."""
    from tui.modelfiles.hub import fetch as get

    return str(get(asked["offer"], Path(asked["folder"]), worker.tell))


def convert(worker: Worker, asked: dict[str, Any]) -> object:
    """A file or folder of another kind, as GGUF; then a passage is scored."""
    from tui.modelfiles.convert import Kind, kind_of
    from tui.modelfiles.convert import convert as write

    target = Path(asked["target"])
    half = _half(worker, target)
    base = Path(asked["base"]) if asked.get("base") else None
    wanted = asked.get("type") or None
    write(Path(asked["source"]), half, base=base, float_type=wanted, on_progress=_bytes(worker))
    adapter = kind_of(Path(asked["source"])) in (Kind.LORA_PEFT, Kind.LORA_GGLA)
    found = {} if adapter else _passage(worker, half)
    _finish(worker, half, target)
    return {"path": str(target), "size": target.stat().st_size, **found}


def merge(worker: Worker, asked: dict[str, Any]) -> object:
    """A LoRA adapter added to its model; then a passage is scored."""
    from tui.modelfiles.convert import merge as write

    target = Path(asked["target"])
    half = _half(worker, target)
    adapter, base = Path(asked["source"]), Path(asked["base"])
    write(adapter, base, half, scale=asked["scale"], on_progress=_bytes(worker))
    found = _passage(worker, half)
    _finish(worker, half, target)
    return {"path": str(target), "size": target.stat().st_size, **found}


def decode(worker: Worker, asked: dict[str, Any]) -> object:
    """A folder of XOR files decoded; then its MD5 sums are looked at."""
    from tui.modelfiles.convert import check_md5, decode_xor

    target, tell = Path(asked["target"]), _bytes(worker)
    notes = decode_xor(Path(asked["source"]), Path(asked["base"]), target, on_progress=tell)
    report = check_md5(target, on_progress=tell)
    right = report.right or report.list_name is None
    return {"notes": notes, "right": right, "sentence": report.sentence}


def check(worker: Worker, asked: dict[str, Any]) -> object:
    """The MD5 sums of a folder's files, by a list or by the shipped one that fits."""
    from tui.modelfiles.convert import check_md5, parse_md5

    sums = Path(asked["sums"]) if asked.get("sums") else None
    wanted = parse_md5(sums.read_text("utf-8", "replace"), sums.name) if sums else None
    report = check_md5(Path(asked["source"]), wanted, on_progress=_bytes(worker))
    return {"files": dict(report.files), "right": report.right, "sentence": report.sentence}


def quantise(worker: Worker, asked: dict[str, Any]) -> object:
    """A GGUF file in another type; then a passage is scored."""
    from tui.modelfiles.llama import Log, check_gguf
    from tui.modelfiles.quantise import quantise as write

    source, target = Path(asked["source"]), Path(asked["target"])
    check_gguf(source)
    half = _half(worker, target)

    def tell(done: int, total: int) -> None:
        worker.send({"step": "quantising", "done": done, "total": total, "unit": "parts"})

    log = Log()
    write(log, source, half, asked["type"], tell)
    found = _passage(worker, half)
    _finish(worker, half, target)
    return {"path": str(target), "size": target.stat().st_size, **found}


def score(worker: Worker, asked: dict[str, Any]) -> object:
    """The perplexity of the fixed passage."""
    return _passage(worker, Path(asked["path"]))


def perplexity(worker: Worker, asked: dict[str, Any]) -> object:
    """The perplexity of a text by each method that is named."""
    from tui.modelfiles import measure
    from tui.modelfiles.llama import Log, Weights

    text = measure.read_text(Path(asked["text"]))
    weights = Weights(Log(), Path(asked["path"]), _loading(worker))
    found = [measure.perplexity(weights, text, one, worker.tell) for one in asked["methods"]]
    return [{**one, "garbage": _is_garbage(one["perplexity"])} for one in found]


def bench(worker: Worker, asked: dict[str, Any]) -> object:
    """How fast a model reads and writes."""
    from tui.modelfiles import measure
    from tui.modelfiles.llama import Log, Weights

    weights = Weights(Log(), Path(asked["path"]), _loading(worker))
    rows = measure.bench(weights, worker.tell, asked.get("threads") or ())
    return {"rows": rows, "n_params": weights.n_params, "size": weights.size_bytes}


def _passage(worker: Worker, path: Path) -> dict[str, Any]:
    """Score the fixed passage, and say whether the result is garbage."""
    from tui.modelfiles.llama import Log, Weights
    from tui.modelfiles.measure import score_passage

    worker.tell("checking", 0, 0)
    found = score_passage(Weights(Log(), path, _loading(worker), light=True))
    return {"perplexity": found, "garbage": _is_garbage(found)}


def _is_garbage(perplexity: float) -> bool:
    return not perplexity <= GARBAGE


def _loading(worker: Worker) -> Callable[[float], None]:
    return lambda share: worker.tell("loading", int(share * 100), 100)


def _bytes(worker: Worker) -> Callable[[ConvertProgress], None]:
    """Tells of a conversion's steps."""
    return lambda said: worker.tell(said.step, said.done, said.total, "bytes")


def _half(worker: Worker, target: Path) -> Path:
    """The name under which a file is written until it is whole."""
    if target.is_dir():
        raise ModelFileError(f"{target} is a folder; name a file.")
    target.parent.mkdir(parents=True, exist_ok=True)
    half = half_of(target)
    worker.half_files += [half, half.with_name(f"{half.name}.part")]
    return half


def _finish(worker: Worker, half: Path, target: Path) -> None:
    """Give the whole file its name, once it is on the disk."""
    with half.open("rb+") as file:
        os.fsync(file.fileno())
    half.replace(target)
    worker.half_files.clear()


OPERATIONS: Mapping[str, Callable[[Worker, dict[str, Any]], object]] = {
    one.__name__: one
    for one in (
        look,
        fetch,
        convert,
        merge,
        decode,
        check,
        quantise,
        score,
        perplexity,
        bench,
    )
}


def run(worker: Worker, operation: str) -> None:
    """Do the work and answer; what a player can cause is one sentence."""
    from tui.modelfiles.convert.errors import ConvertError

    asked = worker.arguments()
    try:
        answer = OPERATIONS[operation](worker, asked)
    except (Cancelled, ConvertError, ModelFileError) as error:
        message: dict[str, Any] = {"error": str(error)}
    except OSError as error:
        name = error.filename or asked.get("source") or asked.get("path") or ""
        message = {"error": str(disk_error("Could not work on", str(name), error))}
    else:
        message = {"answer": answer}
    worker.clear()
    worker.send(message)


def main(arguments: list[str]) -> None:
    """Serve one operation."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    run(Worker(Path(arguments[1])), arguments[0])
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
