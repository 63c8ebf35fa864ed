"""`fabletop model`, and a story told by a model of 2023, as they are typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Home
from tests.modelfiles.convert.ggml_writer import write_ggml
from tests.modelfiles.convert.small import Small
from tests.modelfiles.fake_hub import running_hub
from tui.modelfiles.catalogue import catalogue, entry_named
from tui.prompt import shipped_templates


def test_models_are_listed_and_shown(home: Home) -> None:
    listed = json.loads(home.run("model", "list", "--json").stdout)
    assert {"pocket.gguf", "tiny.gguf"} <= {one["name"] for one in listed["here"]}
    assert len(listed["to_fetch"]) == len(catalogue())
    shown = home.run("model", "show", "tiny.gguf").stdout
    assert "template     Metharme (nothing in the file says otherwise)" in shown
    assert "free: it fits" in shown
    entry = home.run("model", "show", "metharme-7b").stdout
    assert "HellaSwag 78.62" in entry
    assert "not for minors" in entry
    missing = home.run("model", "show", "none")
    assert missing.returncode == 1
    assert missing.stderr.startswith("fabletop: There is no model none.")


def test_a_listed_model_that_is_here_is_not_offered(home: Home, tiny_model: Path) -> None:
    (home.folder / "models" / "metharme-7b-Q4_K_M.gguf").write_bytes(tiny_model.read_bytes())
    listed = json.loads(home.run("model", "list", "--json").stdout)
    offered = {one["name"] for one in listed["to_fetch"]}
    assert offered == {one.name for one in catalogue()} - {"metharme-7b"}


def test_the_list_of_models_holds_together() -> None:
    entries = catalogue()
    names = [one.name for one in entries]
    assert len(set(names)) == len(names)
    templates = shipped_templates()
    for one in entries:
        assert one.template in templates, one.name
        assert 1 <= one.size_gb <= 9, one.name
        assert (one.audience == "adults") == bool(one.warning), one.name
        assert entry_named(one.title) in (one, None)
        assert entry_named(one.wanted) == one
    assert [one.size_gb for one in entries] == sorted(one.size_gb for one in entries)


def test_a_story_is_told_by_a_ggml_file_which_is_converted_once(home: Home) -> None:
    write_ggml(home.folder / "old.bin", Small(), "ggjt 3", "F16")
    words = ("play", "quay", "--plain", "--model", str(home.folder / "old.bin"))
    first = home.run(*words, lines=["1"])
    assert first.returncode == 0
    assert "converting" in first.stderr
    assert "Saved." in first.stdout
    again = home.run(*words)
    assert "converting" not in again.stderr
    bad = home.folder / "bad.bin"
    bad.write_bytes((home.folder / "old.bin").read_bytes()[:9000])
    broken = home.run("play", "quay", "--plain", "--model", str(bad))
    assert broken.returncode == 1
    assert broken.stderr.count("\n") <= 2
    assert "bad.bin" in broken.stderr.splitlines()[-1]


def test_a_model_for_adults_wants_a_yes_once(
    home: Home, monkeypatch: pytest.MonkeyPatch, tiny_model: Path
) -> None:
    entry = next(one for one in catalogue() if one.name == "pygmalion-2-7b")
    with running_hub() as hub:
        hub.files[f"{entry.repo}/model.Q4_K_M.gguf"] = tiny_model.read_bytes()
        for name, value in hub.environment().items():
            monkeypatch.setenv(name, value)
        refused = home.run("model", "fetch", entry.name)
        assert refused.returncode == 1
        assert "Not for minors." in refused.stdout
        assert "add --yes" in refused.stderr
        assert not hub.asked
        taken = home.run("model", "fetch", entry.name, "--yes")
        assert taken.returncode == 0, taken.stderr
        assert "model.Q4_K_M.gguf is here" in taken.stdout
        (home.folder / "models" / "model.Q4_K_M.gguf").unlink()
        again = home.run("model", "fetch", entry.name)
        assert "Not for minors" not in again.stdout
        assert again.returncode == 0
    settings = (home.folder / "settings.yaml").read_text()
    assert "pygmalion-2-7b" in settings
