"""What `fabletop model merge`, `decode` and `check` do."""

from __future__ import annotations

from pathlib import Path

from tui.cli.listing import say, show
from tui.cli.progress import refuse_to_overwrite, worked
from tui.game.modelshelf import garbage_words
from tui.game.program import Program
from tui.machine import at_home
from tui.modelfiles.errors import ModelFileError
from tui.ui.clean import clean_line


def merged(
    program: Program, adapter: Path, base: str, target: Path, *, scale: float, force: bool
) -> None:
    """Write a model with an adapter added."""
    refuse_to_overwrite(target, force=force)
    if not at_home(adapter).exists():
        raise ModelFileError(f"{adapter} does not exist; look at how it is spelt.")
    model = program.shelf.find(base)
    asked = {
        "source": _whole(adapter),
        "base": str(model.path),
        "target": str(target.absolute()),
        "scale": scale,
    }
    answer = worked(program, "merge", asked, adapter.name)
    if answer["garbage"]:
        raise ModelFileError(garbage_words(target.name, float(answer["perplexity"])))
    say(
        f"{target} is written; a page of plain English has a perplexity of "
        f"{answer['perplexity']:.2f} with it."
    )


def decoded(program: Program, source: Path, base: Path, target: Path) -> bool:
    """Decode a folder; False where it is not what its publisher had, as far as that is known."""
    asked = {"source": _whole(source), "base": _whole(base), "target": str(target.absolute())}
    answer = worked(program, "decode", asked, source.name)
    for note in answer["notes"]:
        say(clean_line(note))
    say(f"{target} is written. {clean_line(answer['sentence'])}")
    return bool(answer["right"])


def checked(program: Program, folder: Path, sums: Path | None) -> bool:
    """Say of each file whether it is right; whether all are."""
    if not at_home(folder).is_dir():
        raise ModelFileError(f"{folder} is no folder; name the folder itself.")
    asked = {"source": _whole(folder), "sums": _whole(sums) if sums else ""}
    answer = worked(program, "check", asked, folder.name)
    if answer["files"]:
        show(("file", "is"), [(clean_line(name), state) for name, state in answer["files"].items()])
    say(clean_line(answer["sentence"]))
    return bool(answer["right"])


def _whole(path: Path) -> str:
    return str(at_home(path).absolute())
