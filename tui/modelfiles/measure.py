"""What a model is worth: perplexity by two methods, a fixed passage, and speed. Child process only.

Perplexities compare only with others by the same method on the same text and vocabulary.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from importlib import resources
from pathlib import Path
from typing import Any, Literal

from tui.machine import cores
from tui.modelfiles.errors import ModelFileError, disk_error
from tui.modelfiles.llama import Evaluator, Weights, negative_log_likelihoods

Method = Literal["gptq", "llama.cpp"]
Tell = Callable[[str, int, int], None]

GPTQ_TOKENS = 2048
LLAMA_CPP_TOKENS = 512
READ_TOKENS = 512
WRITE_TOKENS = 64


def read_text(path: Path) -> str:
    """A text file. Raises ModelFileError."""
    try:
        return path.read_bytes().decode("utf-8-sig", "replace")
    except OSError as error:
        raise disk_error("Could not read the text", path, error) from error


def perplexity(weights: Weights, text: str, method: Method, tell: Tell) -> dict[str, Any]:
    """The perplexity of a text by one method, and how many pieces of it were scored.

    `gptq` is GPTQ-for-LLaMa's: pieces of 2,048 tokens that don't overlap, one BOS at the
    beginning of the whole text, the rest dropped; the mean over a piece's 2,047 predictions
    counts for 2,048. `llama.cpp` is that of its `perplexity` tool: pieces of 512, each beginning
    with BOS, of which the second half counts. Raises ModelFileError where the text is too short.
    """
    tokens = weights.tokens_of(text)
    size = GPTQ_TOKENS if method == "gptq" else LLAMA_CPP_TOKENS
    least = size if method == "gptq" else 2 * size
    if len(tokens) < least:
        raise ModelFileError(
            f"The text has {len(tokens)} tokens of this model; by {method}'s method it must have "
            f"{least} or more."
        )
    count = len(tokens) // size
    evaluator = Evaluator(weights, size, threads(), logits=True)
    total = 0.0
    try:
        for index in range(count):
            tell(f"perplexity ({method})", index, count)
            piece = tokens[index * size : (index + 1) * size]
            if method == "gptq":
                total += _cost(evaluator, piece, 0) / (size - 1)
            else:
                first = [weights.bos] if weights.adds_bos else piece[:1]
                total += _cost(evaluator, [*first, *piece[1:]], size // 2) / (size - 1 - size // 2)
    finally:
        evaluator.close()
    mean = total / count
    value = math.exp(mean) if mean < 700 else math.inf
    return {"method": method, "perplexity": value, "pieces": count, "tokens": len(tokens)}


def score_passage(weights: Weights) -> float:
    """The perplexity of a fixed passage of plain English: some tens in a model that is sound."""
    text = (resources.files("tui.modelfiles") / "passage.txt").read_text(encoding="utf-8")
    tokens = weights.tokens_of(text)
    evaluator = Evaluator(weights, len(tokens), threads(), logits=True)
    try:
        mean = _cost(evaluator, tokens, 0) / (len(tokens) - 1)
    finally:
        evaluator.close()
    return math.exp(mean) if mean < 700 else math.inf


def _cost(evaluator: Evaluator, tokens: Sequence[int], since: int) -> float:
    """What the tokens after position `since` cost, in nats, each given all before it."""
    total = 0.0
    for start, logits in evaluator.logits_of(tokens):
        rows = range(max(start, since), min(start + len(logits), len(tokens) - 1))
        if rows:
            part = logits[rows.start - start : rows.stop - start]
            following = [tokens[row + 1] for row in rows]
            total += float(negative_log_likelihoods(part, following).sum())
    if math.isnan(total):
        raise ModelFileError("The model answers with what is no number; the file is damaged.")
    return total


def bench(weights: Weights, tell: Tell, counts: Sequence[int] = ()) -> list[dict[str, Any]]:
    """Tokens a second, read (512 at once) and written (64, one by one), by number of threads."""
    rows: list[dict[str, Any]] = []
    counts = counts or sorted({threads(), threads() + 1})
    for number, count in enumerate(counts):
        tell("speed", number, len(counts))
        evaluator = Evaluator(weights, READ_TOKENS + WRITE_TOKENS, count, logits=False)
        try:
            rows.append(_speed(evaluator, weights, count))
        finally:
            evaluator.close()
    return rows


def _speed(evaluator: Evaluator, weights: Weights, count: int) -> dict[str, Any]:
    tokens = [index % max(weights.n_vocab - 300, 1) + 1 for index in range(READ_TOKENS)]
    evaluator.read(tokens, 0, logits=False)
    evaluator.forget()
    begun = time.perf_counter()
    evaluator.read(tokens, 0, logits=False)
    read = time.perf_counter() - begun
    begun = time.perf_counter()
    for index in range(WRITE_TOKENS):
        evaluator.read([tokens[index]], READ_TOKENS + index, logits=False)
    written = time.perf_counter() - begun
    return {
        "threads": count,
        "read_per_second": READ_TOKENS / read,
        "write_per_second": WRITE_TOKENS / written,
    }


def threads() -> int:
    """All processor cores that this process may use but one, which keeps the rest alive."""
    return max(cores() - 1, 1)
