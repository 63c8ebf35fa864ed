"""Where things live: the player's folders, what ships with the game, settings, caches, the log."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import platformdirs

from tui.machine import at_home
from tui.store.files import make_folder

NAME = "fabletop"
HOME = "FABLETOP_HOME"
PACKAGE = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Paths:
    """Every folder and file that the program uses; nothing is made until something is written."""

    characters: Path
    """The player's cards."""
    models: Path
    """The player's model files."""
    saves: Path
    """The player's sessions, one file each."""
    settings: Path
    """The settings file."""
    cache: Path
    """What can be thrown away at any time: search indexes, warm states, locks."""
    log: Path
    """The log file."""
    shipped: Path
    """What ships with the game: `characters/` and `models/` within."""

    @property
    def shipped_characters(self) -> Path:
        """The cards that ship with the game."""
        return self.shipped / "characters"

    @property
    def shipped_models(self) -> Path:
        """The models that ship with the game."""
        return self.shipped / "models"

    @property
    def card_folders(self) -> tuple[Path, ...]:
        """Where cards are found, the player's first; each folder once."""
        return tuple(dict.fromkeys((self.characters, self.shipped_characters)))

    @property
    def model_folders(self) -> tuple[Path, ...]:
        """Where models are found, the player's first; each folder once."""
        return tuple(dict.fromkeys((self.models, self.shipped_models)))

    @property
    def templates(self) -> Path:
        """The player's own templates, beside their cards."""
        return self.characters.parent / "templates"

    @property
    def personas(self) -> Path:
        """The file in which players write who they can be, beside their cards."""
        return self.characters.parent / "personas.yaml"

    @property
    def trash(self) -> Path:
        """Where saves go that the player threw away."""
        return self.saves / "trash"

    @classmethod
    def find(cls, environ: Mapping[str, str] | None = None, package: Path = PACKAGE) -> Self:
        """Find the folders, from the environment and from where the program lies.

        `FABLETOP_HOME` moves everything of the player's; else a checkout keeps cards, models and
        saves in itself, and an installed program in the platform's user-data folder.
        """
        environ = os.environ if environ is None else environ
        checkout = checkout_of(package)
        shipped = checkout or package / "shipped"
        if home := environ.get(HOME, "").strip():
            root = at_home(home).absolute()
            return cls.within(root, shipped)
        folders = platformdirs.PlatformDirs(NAME, appauthor=False)
        data = checkout or Path(folders.user_data_dir)
        return cls(
            characters=data / "characters",
            models=data / "models",
            saves=data / "saves",
            settings=Path(folders.user_config_dir) / "settings.yaml",
            cache=Path(folders.user_cache_dir),
            log=Path(folders.user_log_dir) / "fabletop.log",
            shipped=shipped,
        )

    @classmethod
    def within(cls, root: Path, shipped: Path) -> Self:
        """Return folders that all lie in one."""
        return cls(
            characters=root / "characters",
            models=root / "models",
            saves=root / "saves",
            settings=root / "settings.yaml",
            cache=root / "cache",
            log=root / "cache" / "fabletop.log",
            shipped=shipped,
        )

    def make(self, folder: Path) -> Path:
        """Make one of the folders, and tell nobody else's account what is in it.

        Raises:
            StoreError: It can't be made; the message says why.
        """
        return make_folder(folder)


def shown(path: Path, home: Path | None = None) -> str:
    """Return a path as it is said to a player: what lies in their home folder begins with `~`."""
    home = home or Path.home()
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)


def checkout_of(package: Path) -> Path | None:
    """Return the checkout that the package lies in, or None where it was installed."""
    project = package.parent / "pyproject.toml"
    try:
        text = project.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    return package.parent if f'name = "{NAME}"' in text else None
