"""Folders are where the design says, and are made only when something is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui.store import Paths, StoreError, shown


def package_in(folder: Path, *, checkout: bool) -> Path:
    package = folder / "tui"
    package.mkdir(parents=True)
    if checkout:
        (folder / "pyproject.toml").write_text('[project]\nname = "fabletop"\n')
    return package


def test_checkout_keeps_the_players_things_in_itself(tmp_path: Path) -> None:
    paths = Paths.find({}, package_in(tmp_path, checkout=True))
    assert paths.saves == tmp_path / "saves"
    assert paths.shipped_characters == paths.characters == tmp_path / "characters"
    assert paths.card_folders == (tmp_path / "characters",)
    assert tmp_path not in paths.settings.parents
    assert tmp_path not in paths.cache.parents


def test_installed_program_uses_the_platforms_folders(tmp_path: Path) -> None:
    package = package_in(tmp_path, checkout=False)
    paths = Paths.find({}, package)
    assert tmp_path not in paths.saves.parents
    assert paths.shipped_models == package / "shipped" / "models"
    assert paths.model_folders == (paths.models, paths.shipped_models)


def test_other_project_beside_the_package_is_no_checkout(tmp_path: Path) -> None:
    package = package_in(tmp_path, checkout=False)
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "somebody-elses"\n')
    assert Paths.find({}, package).shipped == package / "shipped"


def test_home_moves_all_that_is_the_players_and_what_ships_stays(tmp_path: Path) -> None:
    home = tmp_path / "home"
    paths = Paths.find({"FABLETOP_HOME": str(home)}, package_in(tmp_path / "code", checkout=True))
    for path in (
        paths.characters,
        paths.models,
        paths.saves,
        paths.settings,
        paths.cache,
        paths.log,
    ):
        assert home in path.parents
    assert paths.shipped == tmp_path / "code"
    assert not home.exists()


def test_folder_that_can_not_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    paths = Paths.within(tmp_path / "file", tmp_path)
    with pytest.raises(StoreError, match="not a folder"):
        paths.make(paths.saves)


def test_a_path_in_the_home_folder_is_shown_from_there(tmp_path: Path) -> None:
    assert shown(tmp_path / "a" / "settings.yaml", tmp_path) == "~/a/settings.yaml"
    assert shown(tmp_path / "settings.yaml", tmp_path / "a") == str(tmp_path / "settings.yaml")
