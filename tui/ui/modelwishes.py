"""What a player wants of a single model: its template, how much it remembers, how it is drawn from."""

from __future__ import annotations

from collections.abc import Mapping

from tui.engine.sampling import Sampling
from tui.modelfiles.find import FoundModel
from tui.ui.host import Host
from tui.ui.screens.dialogs import LineDialog
from tui.ui.screens.menu import MenuDialog

CONTEXTS = (1024, 2048, 4096, 8192, 16_384, 32_768)
AS_IT_SAYS = "as it says"
SAMPLING_WORDS = (
    "Names and values, such as: temperature 0.8 min_p 0.05. Empty: as its template likes it."
)


async def ask_template(app: Host, model: FoundModel) -> bool:
    """Ask which template; whether something was chosen."""
    templates = app.program.templates().templates
    ways = [
        (AS_IT_SAYS, "as the model's file says"),
        *((name, one.title) for name, one in templates.items()),
    ]
    picked = await app.push_screen_wait(MenuDialog(f"The template of {model.name}", ways))
    if picked is None:
        return False
    keep(app, model, {"template": "" if picked == AS_IT_SAYS else picked})
    return True


async def ask_context(app: Host, model: FoundModel) -> bool:
    """Ask how many tokens are remembered; whether something was chosen."""
    program = app.program
    learnt = program.shelf.page(model, program.templates().templates).n_ctx_train
    fitting = [count for count in CONTEXTS if not learnt or count <= learnt]
    ways = [("auto", "as in the settings"), *((str(one), f"{one:,} tokens") for one in fitting)]
    picked = await app.push_screen_wait(MenuDialog(f"What {model.name} remembers", ways))
    if picked is None:
        return False
    keep(app, model, {"n_ctx": "auto" if picked == "auto" else int(picked)})
    return True


async def ask_sampling(app: Host, model: FoundModel) -> bool:
    """Ask how it is drawn from; whether something was changed."""
    now = app.program.shelf.choice(model).sampling
    ready = " ".join(f"{name} {value}" for name, value in now.items())
    dialog = LineDialog(f"How {model.name} is drawn from", ready, SAMPLING_WORDS)
    words = await app.push_screen_wait(dialog)
    if words is None:
        return False
    try:
        values = read_sampling(words)
    except ValueError as error:
        app.notify(str(error), severity="error", timeout=10)
        return False
    keep(app, model, {"sampling": values})
    return True


def read_sampling(words: str) -> dict[str, float | int]:
    """Names and values in turn. Raises ValueError, in a sentence."""
    parts = words.replace("=", " ").replace(":", " ").replace(",", " ").split()
    if len(parts) % 2:
        raise ValueError(f"“{parts[-1]}” has no value: write a name and a number, in turn.")
    values: dict[str, float | int] = {}
    for name, text in zip(parts[::2], parts[1::2], strict=True):
        try:
            values[name] = int(text) if text.lstrip("-").isdecimal() else float(text)
        except ValueError:
            raise ValueError(f"“{text}” is no number for {name}.") from None
    Sampling.from_dict(values)
    return values


def keep(app: Host, model: FoundModel, changes: Mapping[str, object]) -> None:
    """Keep what is wanted of one model in the settings."""
    shelf = app.program.shelf
    own = shelf.choice(model).model_dump() | dict(changes)
    models = {name: one.model_dump() for name, one in app.program.settings.models.items()}
    app.change_settings(models={**models, model.name: own})
