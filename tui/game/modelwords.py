"""Models in words: what is known of one, for the command line and for the screens."""

from __future__ import annotations

from collections.abc import Iterator

from tui.game.modelshelf import ModelPage, entry_bytes
from tui.modelfiles.catalogue import Entry


def page_lines(page: ModelPage) -> Iterator[tuple[str, str]]:
    """What is known of a model on this machine, a label and words each."""
    model = page.model
    yield "model", model.name
    yield "file", str(model.path)
    if page.problem:
        yield "problem", page.problem
        return
    size = size_words(model.size_bytes)
    yield "network", " · ".join(filter(None, (page.architecture or "unknown", _weights(page))))
    yield "size", " · ".join(filter(None, (size, page.quantisation)))
    if not model.needs_converting:
        yield "licence", page.licence or "not stated in the file"
    else:
        yield "played", "after it is converted to GGUF, once"
    if page.n_ctx_train:
        yield "context", f"{page.n_ctx:,} tokens of the {page.n_ctx_train:,} it learnt"
    yield "template", f"{page.template} ({page.reason})"
    yield "memory", memory_words(page.need_bytes, page.have_bytes)


def _weights(page: ModelPage) -> str:
    if page.n_params > 5e7:
        return f"{page.n_params / 1e9:.2g} billion weights"
    return f"{page.n_params / 1e6:.1f} million weights" if page.n_params else ""


def entry_lines(entry: Entry, free: int) -> Iterator[tuple[str, str]]:
    """What is known of a model that can be fetched, a label and words each; `free` memory is there."""
    need = entry_bytes(entry)
    yield "model", entry.title
    yield "good for", entry.good_for
    yield "from", entry.wanted
    yield "template", entry.template
    yield "size", f"{entry.size_gb:.1f} GB to fetch"
    yield "licence", entry.licence
    yield "memory", memory_words(need, free, entry.context)
    if entry.audience == "adults":
        yield "warning", f"not for minors. {entry.warning}"
    if entry.scores:
        scores = ", ".join(f"{name} {value:g}" for name, value in entry.scores.items())
        yield "scores", f"{scores} (Open LLM Leaderboard, as its card publishes them)"


def memory_words(need: int, have: int, n_ctx: int = 0) -> str:
    """What is needed (with a window of `n_ctx` tokens), and whether this machine has it."""
    fit = "it fits" if need <= have else "it does not fit"
    window = f" at {n_ctx:,} tokens" if n_ctx else ""
    return f"{size_words(need)} needed{window}, {size_words(have)} free: {fit}"


def size_words(size: float) -> str:
    """Bytes as a person reads them."""
    for unit, many in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if size >= many:
            return f"{size / many:.1f} {unit}"
    return f"{size:.0f} bytes"


def time_words(seconds: float) -> str:
    """A time that is left, in a word or two."""
    if seconds >= 5400:
        return f"{seconds / 3600:.0f} h left"
    if seconds >= 90:
        return f"{seconds / 60:.0f} min left"
    return f"{max(seconds, 1):.0f} s left"
