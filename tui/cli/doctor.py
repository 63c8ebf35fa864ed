"""`fabletop doctor`: what is installed, what the engine was built for, whether a model runs."""

from __future__ import annotations

import asyncio
import importlib.metadata
import os
import platform
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from rich.text import Text

from tui import __version__
from tui.cli.lines import Lines
from tui.cli.listing import write_json
from tui.engine.backend import BackendError
from tui.game.exchange import unfolded
from tui.game.program import NoModel, Program
from tui.store import SettingsFile, StoreError
from tui.store.mend import check_saves, mend_save
from tui.ui.clean import clean_line

PACKAGES = ("textual", "rich", "llama-cpp-python", "pyyaml", "huggingface_hub")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `do` says what mends it, where it is not well."""

    name: str
    ok: bool
    text: str
    do: str = ""


def doctor(program: Program, *, saves: bool, as_json: bool) -> int:
    """Look at everything and say what was found; 1 where something is not well."""
    findings = [*_installed(), *_folders(program), asyncio.run(_model(program))]
    if saves:
        findings += _saves(program)
    if as_json:
        write_json([asdict(one) for one in findings])
    else:
        out = Lines()
        for one in findings:
            mark = "ok" if one.ok else "BAD"
            words = clean_line(f"{one.name}: {one.text} {one.do}")
            out.print(Text(f"{mark:<5}{words}"), soft_wrap=True)
    return 0 if all(one.ok for one in findings) else 1


def _installed() -> Iterator[Finding]:
    yield Finding(
        "fabletop",
        True,
        f"{__version__} on Python {platform.python_version()}, {platform.platform()}",
    )
    for name in PACKAGES:
        try:
            yield Finding(name, True, importlib.metadata.version(name))
        except importlib.metadata.PackageNotFoundError:
            yield Finding(name, False, "not installed.", "`make play` installs it.")


def _folders(program: Program) -> Iterator[Finding]:
    paths = program.paths
    for name in ("characters", "models", "saves", "cache"):
        folder = getattr(paths, name)
        there = next(one for one in (folder, *folder.parents) if one.exists())
        ok = there.is_dir() and os.access(there, os.W_OK)
        do = "You may not write there: check the permissions."
        if not there.is_dir():
            do = f"There is a file at {there}: move it away."
        yield Finding(name, ok, str(folder), "" if ok else do)
    problems = SettingsFile.read(paths.settings).problems
    yield Finding("settings", not problems, "; ".join(problems) or str(paths.settings))
    bad = [one for one in program.cards() if one.problem]
    text = f"{len(program.cards())} cards, {len(bad)} with a problem"
    yield Finding("cards", not bad, text, "`fabletop cards` lists them." if bad else "")
    loaded = program.templates()
    wrong = "; ".join(loaded.problems)
    yield Finding("templates", not wrong, wrong or f"{len(loaded.templates)} prompt templates")


async def _model(program: Program) -> Finding:
    try:
        teller = program.storyteller()
    except NoModel as error:
        return Finding("model", False, str(error))
    try:
        model = await teller.ready()
        layers = f", {model.gpu_layers} layers on the GPU" if model.gpu_layers else ""
        text = (
            f"{model.name} loads ({model.n_params / 1e6:,.1f} million parameters, context {model.n_ctx:,}, "
            f"{model.n_threads} thread{'s' * (model.n_threads > 1)}{layers}), template {teller.template.title}: {teller.reason}"
        )
        return Finding("model", True, text)
    except BackendError as error:
        return Finding("model", False, str(error), f"The log is {program.paths.log}.")
    finally:
        await teller.close()


def _saves(program: Program) -> Iterator[Finding]:
    """Each save looked over; what is damaged is mended into a new file, the old one kept in the trash."""
    for check in check_saves(program.paths.saves, unfolded):
        if not check.mendable:
            yield Finding("save", check.state in ("sound", "torn", "newer"), check.sentence)
            continue
        try:
            mended = mend_save(check.path, program.paths.trash)
            yield Finding("save", True, f"{check.sentence} {mended}")
        except StoreError as error:
            yield Finding("save", False, str(error))
