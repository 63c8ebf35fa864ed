"""The settings file is the player's: what they wrote in it stays as they wrote it."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tui.store import Settings, SettingsFile, StoreError
from tui.store.settings import described

WRITTEN = """\
# my settings
theme: paper   # easier by day

colour: blue
keymap:   # my fingers
  retry: f6
  # not this one
bell: true
sampling: {temperature: 0.7}
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config" / "settings.yaml"


def write(path: Path, text: str | bytes) -> SettingsFile:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return SettingsFile.read(path)


def test_missing_file_is_all_defaults_and_is_not_made(path: Path) -> None:
    file = SettingsFile.read(path)
    assert file.values == Settings()
    assert not file.problems
    assert not path.parent.exists()


def test_values_are_read_and_unknown_keys_named(path: Path) -> None:
    file = write(path, WRITTEN)
    assert file.values.theme == "paper"
    assert file.values.bell
    assert file.values.keymap == {"retry": "f6"}
    assert file.values.sampling == {"temperature": 0.7}
    assert len(file.problems) == 1
    assert "“colour” is not a setting" in file.problems[0]


def test_change_touches_its_own_line_only(path: Path) -> None:
    file = write(path, WRITTEN).write(theme="lamplight", model="pocket.gguf")
    text = path.read_text()
    assert (
        text == WRITTEN.replace("theme: paper   #", "theme: lamplight  #") + "model: pocket.gguf\n"
    )
    assert file.values.theme == "lamplight"
    assert file.values.model == "pocket.gguf"
    assert file.values.bell


def test_block_and_flow_values_are_replaced_whole(path: Path) -> None:
    file = write(path, WRITTEN).write(keymap={"play.undo": "f6"}, sampling={"min_p": 0.1})
    assert file.values.keymap == {"play.undo": "f6"}
    assert file.values.sampling == {"min_p": 0.1}
    text = path.read_text()
    assert "colour: blue" in text
    assert "bell: true" in text
    assert "# my settings" in text


def test_what_another_program_wrote_meanwhile_is_kept(path: Path) -> None:
    file = write(path, "theme: paper\n")
    path.write_text("theme: paper\nbell: true\n")
    assert file.write(motion=False).values.bell


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("choices: 9\n", "“choices” can't be 9"),
        ("choices: 1\n", "“choices” can't be 1"),
        ("reveal: fast\n", "“reveal” can't be 'fast'"),
        ("sampling: [1]\n", "“sampling” can't be"),
        ("theme: {}\n", "“theme” can't be {}"),
    ],
)
def test_value_that_can_not_be_used_is_named_and_its_default_stands_in(
    path: Path, text: str, words: str
) -> None:
    file = write(path, text + "bell: true\n")
    assert file.values == Settings(bell=True)
    assert len(file.problems) == 1
    assert words in file.problems[0]


@pytest.mark.parametrize(
    "data",
    [b"theme: [\n", b"\xff\xfe\0", b"- a\n- b\n", b"just words\n", b"a: &a [*a]\n", b"[" * 9999],
)
def test_broken_file_is_a_problem_and_kept_beside_on_writing(path: Path, data: bytes) -> None:
    file = write(path, data)
    assert file.values == Settings()
    assert file.problems
    after = file.write(bell=True)
    assert after.values.bell
    if not any("“" in problem for problem in file.problems):
        assert path.with_name("settings.yaml.broken").read_bytes() == data


def test_words_of_yaml_that_look_like_other_things(path: Path) -> None:
    file = write(path, "reveal: off\nuser_name: No\npersona: 12:30\nbell: no\n")
    assert file.values.reveal == "off"
    assert file.values.user_name == "No"
    assert file.values.persona == "12:30"
    assert not file.values.bell
    assert file.write(user_name="12:30").values.user_name == "12:30"


def test_value_that_is_not_allowed_is_refused(path: Path) -> None:
    with pytest.raises(StoreError, match="choices"):
        SettingsFile.read(path).write(choices=7)
    assert not path.exists()


def test_empty_values_mean_the_default(path: Path) -> None:
    file = write(path, "theme:\nmodel:\n")
    assert file.values == Settings()
    assert not file.problems


def test_windows_line_ends_and_bom(path: Path) -> None:
    file = write(path, b"\xef\xbb\xbftheme: paper\r\nbell: true\r\n")
    assert file.values.theme == "paper"
    assert file.write(bell=False).values == Settings(theme="paper")


def test_every_setting_is_described() -> None:
    for name, (default, meaning) in described().items():
        assert meaning.endswith("."), name
        assert yaml.safe_load(yaml.safe_dump({name: default})) is not None


def test_the_page_about_settings_has_each_as_it_is() -> None:
    page = (Path(__file__).parents[2] / "docs" / "settings.md").read_text(encoding="utf-8")
    for name, (default, meaning) in described().items():
        plain = (
            yaml.safe_dump(default).removesuffix("\n...\n") if default not in ("", (), {}) else ""
        )
        assert f"| `{name}` | {plain and f'`{plain}`'} | {meaning} |" in page
