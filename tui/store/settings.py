"""The player's settings: a YAML file that is theirs; the program changes only the lines it must."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, Self

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from tui.store.errors import StoreError
from tui.store.files import in_words, write_whole
from tui.store.yamltext import change_keys, read_yaml

Number = bool | int | float | str


def _count(value: object) -> object:
    """Read “off” and digits in quotes as the numbers that are meant."""
    if value in ("off", "none", False):
        return 0
    return int(value) if isinstance(value, str) and value.isdecimal() else value


class ModelChoice(BaseModel):
    """What the player chose for one model; what is left out is as everywhere."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)

    template: str = ""
    n_ctx: Literal["auto"] | Annotated[int, Field(ge=256)] = "auto"
    sampling: Mapping[str, Number] = Field(default_factory=dict[str, Number])
    loras: Mapping[str, float] = Field(default_factory=dict[str, float])
    """LoRA adapters, each a path or the name of a file beside the models, and its strength."""


def _portraits(value: object) -> object:
    """Read yes and no as the words that are meant."""
    return {True: "auto", False: "off"}.get(value, value) if isinstance(value, bool) else value


class Settings(BaseModel):
    """What the player chose; every field has a value that works."""

    model_config = ConfigDict(
        frozen=True, extra="ignore", coerce_numbers_to_str=True, defer_build=True
    )

    theme: str = Field(
        default="lamplight",
        description="The colours: lamplight, paper, or any theme that Textual has.",
    )
    model: str = Field(
        default="",
        description="The model chosen last, as a path or a name; empty: the pocket model.",
    )
    user_name: str = Field(
        default="", description="What the stories call you; empty: what each card says."
    )
    persona: str = Field(
        default="", description="Who you are, in a sentence or two, for stories that ask for it."
    )
    choices: Annotated[Literal[0, 2, 3, 4, 5], BeforeValidator(_count)] = Field(
        default=3, description="How many choices a tale offers: 0 (none), or 2 to 5."
    )
    reveal: Literal["off"] | Annotated[int, Field(ge=10, le=2000)] = Field(
        default=120, description="How fast text appears, in characters a second; off: as it comes."
    )
    bell: bool = Field(
        default=False, description="Ring the terminal's bell when a long reply is there."
    )
    portraits: Annotated[Literal["auto", "blocks", "off"], BeforeValidator(_portraits)] = Field(
        default="auto",
        description="Portraits: pictures where the terminal shows them, else blocks; blocks; or off.",
    )
    opened_adult: tuple[str, ...] = Field(
        default=(), description="Cards for adults that you have opened; each says so once."
    )
    motion: bool = Field(
        default=True, description="Let things move and fade; off for calm eyes and slow lines."
    )
    ahead: Literal["auto"] | bool = Field(
        default="auto",
        description="Let the storyteller think ahead while you read; auto: not on battery.",
    )
    recap: bool = Field(
        default=True,
        description="Sum up what the storyteller no longer remembers, while you read.",
    )
    gpu_layers: Literal["auto"] | Annotated[int, Field(ge=0)] = Field(
        default="auto",
        description="How many of a model's layers the GPU takes; auto: as many as it has room for.",
    )
    n_ctx: Literal["auto"] | Annotated[int, Field(ge=256)] = Field(
        default="auto",
        description="How many tokens the storyteller remembers; auto: as many as the model learnt and memory allows.",
    )
    n_threads: Literal["auto"] | Annotated[int, Field(ge=1)] = Field(
        default="auto", description="How many processor cores the storyteller uses."
    )
    sampling: Mapping[str, Number] = Field(
        default_factory=dict[str, Number],
        description="Single sampling values that differ from the model's own, such as temperature: 0.7.",
    )
    models: Mapping[str, ModelChoice] = Field(
        default_factory=dict[str, "ModelChoice"],
        description="What single models get of their own, by their file's name: template, n_ctx, sampling, loras.",
    )
    model_folder: str = Field(
        default="", description="One more folder in which model files are looked for."
    )
    warned: tuple[str, ...] = Field(
        default=(), description="The models for adults whose warning you have read."
    )
    keymap: Mapping[str, str] = Field(
        default_factory=dict[str, str],
        description="Other keys, by the name of what they do, such as retry: f6.",
    )


@dataclass(frozen=True, slots=True)
class SettingsFile:
    """A settings file as it was read: its values, and what to tell the player about it."""

    path: Path
    values: Settings
    problems: tuple[str, ...] = ()
    """A sentence for each value that can't be used (its default stands in) and each unknown key."""
    text: str = ""

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read the settings; a missing file is all defaults, a broken one a problem.

        Raises:
            StoreError: The file is there, but can't be read.
        """
        if not path.exists():
            return cls(path, Settings())
        with in_words("Could not read the settings", path):
            data = path.read_bytes()
        try:
            text = data.decode("utf-8-sig")
            found: object = read_yaml(text)
        except (UnicodeDecodeError, yaml.YAMLError, RecursionError, ValueError) as error:
            return cls(path, Settings(), (_broken(path, error),), "")
        if found is None:
            return cls(path, Settings(), (), text)
        if not isinstance(found, dict):
            return cls(path, Settings(), (f"{path}: it should be lines of “name: value”.",), "")
        values, problems = _checked(path, {str(key): value for key, value in found.items()})
        return cls(path, values, problems, text)

    def write(self, **changes: object) -> SettingsFile:
        """Change some settings in the file, and nothing else in it: comments and other keys stay.

        A file that is no YAML is kept beside the new one, with `.broken` added to its name.

        Raises:
            StoreError: It can't be written, or a value isn't allowed.
        """
        try:
            values = Settings.model_validate(self.values.model_dump() | changes)
        except ValidationError as error:
            raise StoreError(
                "; ".join(_problem(self.path, item) for item in error.errors())
            ) from error
        now = SettingsFile.read(self.path)
        if now.problems and not now.text and self.path.exists():
            with in_words("Could not move", self.path):
                self.path.replace(self.path.with_name(self.path.name + ".broken"))
        text = change_keys(
            now.text or BEGINNING, {key: values.model_dump()[key] for key in changes}
        )
        write_whole(self.path, text.encode())
        return SettingsFile.read(self.path)


BEGINNING = "# Fabletop's settings. `fabletop settings` lists all there are.\n"


def described() -> dict[str, tuple[object, str]]:
    """Return the default and the meaning of each setting, by its name."""
    fields = Settings.model_fields
    return {
        name: (getattr(Settings(), name), field.description or "") for name, field in fields.items()
    }


def _checked(path: Path, found: Mapping[str, object]) -> tuple[Settings, tuple[str, ...]]:
    known = {key: value for key, value in found.items() if key in Settings.model_fields}
    problems = [
        f"{path}: “{key}” is not a setting; it is kept, but does nothing."
        for key in found
        if key not in known
    ]
    while True:
        try:
            return Settings.model_validate(known), tuple(problems)
        except ValidationError as error:
            for item in error.errors():
                key = str(item["loc"][0])
                if known.pop(key, None) is not None:
                    problems.append(_problem(path, item))


def _problem(path: Path, item: Mapping[str, object]) -> str:
    place = item["loc"]
    key = str(place[0]) if isinstance(place, tuple) and place else "?"
    meaning = described().get(key, (None, ""))[1].rstrip(".")
    return f"{path}: “{key}” can't be {item.get('input')!r}. {meaning}."


def _broken(path: Path, error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    where = f", line {mark.line + 1}" if mark is not None else ""
    return f"{path}{where}: it can't be read as YAML; the defaults are used until it is mended."
