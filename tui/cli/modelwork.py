"""What `fabletop model ...` does with the models that are on this machine."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from rich.text import Text

from tui.cli.lines import Lines
from tui.cli.listing import say, show, write_json
from tui.cli.progress import refuse_to_overwrite, worked
from tui.game.modelshelf import ModelPage, entry_bytes, garbage_words
from tui.game.modelwords import entry_lines, page_lines, size_words
from tui.game.program import Program
from tui.machine import at_home
from tui.modelfiles.catalogue import Entry, entry_named, to_fetch
from tui.modelfiles.errors import ModelFileError
from tui.modelfiles.find import FoundModel
from tui.ui.clean import clean_line

NAMES = {
    "gptq": "GPTQ-for-LLaMa's (2,048 tokens, all positions)",
    "llama.cpp": "llama.cpp's (512 tokens, second halves)",
}


def listed(program: Program, *, as_json: bool) -> None:
    """Every model on this machine, and those that `fetch` knows by name."""
    found = program.shelf.all()
    entries = to_fetch(one.name for one in found)
    if as_json:
        here = [
            {**_facts(one), "path": str(one.path), "kind": one.kind, "source": one.source}
            for one in found
        ]
        write_json({"here": here, "to_fetch": [one.model_dump() for one in entries]})
        return
    if found:
        show(("model", "size", "where", "in"), [_row(program, one) for one in found])
    else:
        say(f"There is no model yet: put a .gguf file into {program.paths.models}, or fetch one.")
    say("To fetch (`fabletop model fetch NAME`, or org/repo:file, or an address):")
    heads = ("name", "size", "memory", "template", "for", "licence", "score")
    show(heads, [_entry_row(one) for one in entries])
    say("Score: the Open LLM Leaderboard's average, as the model's card has it.")
    say("`fabletop model show NAME` says more of each.")


def _entry_row(entry: Entry) -> tuple[str, ...]:
    average = entry.scores.get("average")
    return (
        entry.name,
        f"{entry.size_gb:.1f} GB",
        size_words(entry_bytes(entry)),
        entry.template,
        "all" if entry.audience == "everyone" else entry.audience,
        entry.licence,
        f"{average:g}" if average is not None else "",
    )


def _facts(model: FoundModel) -> dict[str, object]:
    return {"name": model.name, "size_bytes": model.size_bytes}


def _row(program: Program, model: FoundModel) -> tuple[str, ...]:
    kind = "" if model.kind == "gguf" else " (is converted first)"
    folder = model.path.parent
    if model.source == "models folder":
        shipped = program.paths.shipped_models in (folder, *folder.parents)
        where = "ships with the game" if shipped and model.name == "pocket.gguf" else "yours"
    else:
        where = model.source
    return (model.name + kind, size_words(model.size_bytes), where, str(folder))


def shown(program: Program, wanted: str, *, as_json: bool) -> None:
    """All that is known of one model, or of one that can be fetched by name."""
    entry = entry_named(wanted)
    if entry is not None and not Path(wanted).exists():
        _show_entry(program, entry, as_json=as_json)
        return
    page = program.shelf.page(program.shelf.find(wanted), program.templates().templates)
    if as_json:
        model = page.model
        facts = {key: getattr(page, key) for key in ModelPage.__slots__ if key != "model"}
        write_json({**_facts(model), "path": str(model.path), **facts, "fits": page.fits})
        return
    _say_lines(page_lines(page))


def _say_lines(lines: Iterable[tuple[str, str]]) -> None:
    out = Lines()
    for label, words in lines:
        out.print(Text.assemble((f"{label:<13}", "bold"), clean_line(words)), soft_wrap=True)


def _show_entry(program: Program, entry: Entry, *, as_json: bool) -> None:
    if as_json:
        write_json(entry.model_dump())
    else:
        _say_lines(entry_lines(entry, program.shelf.memory()))


def quantised(program: Program, source: str, target: Path, type_: str, *, force: bool) -> None:
    """Write a GGUF file in another type."""
    model = program.shelf.find(source)
    refuse_to_overwrite(target, force=force)
    asked = {"source": str(model.path), "target": str(target.absolute()), "type": type_}
    answer = worked(program, "quantise", asked, model.name)
    before, after = model.size_bytes, int(answer["size"])
    say(f"{target} is written: {size_words(after)} instead of {size_words(before)}.")
    _say_score(target.name, answer)


def converted(
    program: Program,
    source: Path,
    target: Path | None,
    *,
    base: Path | None,
    type_: str,
    force: bool,
) -> None:
    """Convert a model of another kind to GGUF."""
    out = (
        target or program.paths.models / f"{source.stem if source.is_file() else source.name}.gguf"
    )
    refuse_to_overwrite(out, force=force)
    asked = {
        "source": str(at_home(source).absolute()),
        "target": str(out.absolute()),
        "base": str(at_home(base).absolute()) if base else "",
        "type": type_,
    }
    answer = worked(program, "convert", asked, source.name)
    say(f"{out} is written: {size_words(int(answer['size']))}.")
    _say_score(out.name, answer)


def measured(
    program: Program, files: Sequence[str], text: Path, methods: Sequence[str], *, as_json: bool
) -> bool:
    """The perplexity of a text by each method on each model, side by side; whether all are sound."""
    models = [program.shelf.find(name) for name in files]
    found: dict[str, dict[str, Any]] = {}
    for model in models:
        asked = {"path": str(model.path), "text": str(text.absolute()), "methods": list(methods)}
        answer = worked(program, "perplexity", asked, model.name)
        found[model.name] = {one["method"]: one for one in answer}
    if as_json:
        write_json(found)
    else:
        heads = ("method", *(model.name for model in models))
        rows = [
            (NAMES[method], *(_number(found[model.name][method]) for model in models))
            for method in methods
        ]
        show(heads, rows)
    bad = [(name, one) for name, by in found.items() for one in by.values() if one["garbage"]]
    for name, one in dict(bad).items():
        if not as_json:
            say(
                f"{name}: a perplexity of {one['perplexity']:,.0f} is garbage: the file is broken, "
                "or the text is nothing that it knows."
            )
    return not bad


def _number(found: dict[str, Any]) -> str:
    value = float(found["perplexity"])
    return "∞" if math.isinf(value) else f"{value:,.4f} ({found['pieces']} pieces)"


def benched(program: Program, wanted: str, threads: Sequence[int], *, as_json: bool) -> None:
    """How fast a model reads and writes."""
    model = program.shelf.find(wanted)
    answer = worked(
        program, "bench", {"path": str(model.path), "threads": list(threads)}, model.name
    )
    if as_json:
        write_json(answer)
        return
    rows = [
        (
            str(one["threads"]),
            f"{one['read_per_second']:,.1f} tokens/s",
            f"{one['write_per_second']:,.1f} tokens/s",
        )
        for one in answer["rows"]
    ]
    show(("threads", "reads (512 at once)", "writes (64, one by one)"), rows)


def _say_score(name: str, answer: dict[str, Any]) -> None:
    """What a page of plain English costs the new file."""
    if "perplexity" not in answer:
        return
    if answer["garbage"]:
        raise ModelFileError(garbage_words(name, float(answer["perplexity"])))
    say(f"A page of plain English has a perplexity of {answer['perplexity']:.2f} with it.")
