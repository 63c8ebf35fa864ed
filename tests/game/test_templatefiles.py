"""The player's own templates: found beside their cards, chosen per model, bad ones named."""

from __future__ import annotations

from pathlib import Path

from tui.game.templatefiles import templates_in
from tui.prompt import shipped_templates


def test_a_folder_that_is_not_there_holds_none(tmp_path: Path) -> None:
    loaded = templates_in(tmp_path / "templates")
    assert loaded.templates == shipped_templates()
    assert loaded.problems == ()


def test_a_players_template_is_found_and_a_bad_one_named(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("like: alpaca\nname: mine\ntitle: Mine\n")
    (tmp_path / "bad.yaml").write_text("name: bad\n")
    (tmp_path / "worse.yml").write_bytes(b"\xff\xfe\x00")
    loaded = templates_in(tmp_path)
    assert loaded.templates["mine"].title == "Mine"
    assert len(loaded.problems) == 2
    assert all("\n" not in problem for problem in loaded.problems)
