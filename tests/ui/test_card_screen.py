"""Cards in the program: taken in by a path, looked at, edited, copied, thrown away and taken back."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from urllib.parse import quote

import pytest
from textual import events
from textual.pilot import Pilot

from tests.cards.formats import makers
from tests.cards.test_portraits import picture, png_card
from tests.ui.test_library import library_of, shelved
from tests.ui.waiting import page_text, play_of, until
from tui.app import FabletopApp
from tui.cards import Card
from tui.store import SettingsFile
from tui.ui.cardparts import about_content
from tui.ui.dropped import paths_in
from tui.ui.screens.card import CardScreen
from tui.ui.screens.library import LibraryScreen
from tui.ui.screens.play import PlayScreen

MakeApp = Callable[..., FabletopApp]
ADULT = "name: Ada\nadult: true\nfirst_mes: A secret greeting.\n"


def card_of(pilot: Pilot[str]) -> CardScreen:
    screen = pilot.app.screen
    assert isinstance(screen, CardScreen)
    return screen


async def pasted(pilot: Pilot[str], text: str) -> CardScreen:
    await shelved(pilot)
    pilot.app.post_message(events.Paste(text))
    await until(pilot, lambda: isinstance(pilot.app.screen, CardScreen))
    return card_of(pilot)


def mine(app: FabletopApp, name: str, text: str) -> Path:
    folder = app.program.paths.characters
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)
    return folder / name


async def opened(pilot: Pilot[str], name: str) -> CardScreen:
    """The screen of the player's card of that name."""
    await shelved(pilot)
    library = library_of(pilot)
    await pilot.press("slash", *name)
    await until(pilot, lambda: library.entry is not None and library.entry.id == name)
    await pilot.press("enter", "i")
    await until(pilot, lambda: isinstance(pilot.app.screen, CardScreen))
    return card_of(pilot)


# taking in


async def test_a_pasted_picture_is_taken_in_with_what_was_kept(make_app: MakeApp, tmp_path: Path):
    source = tmp_path / "Ada Wren.png"
    source.write_bytes(png_card(picture()))
    app = make_app()
    async with app.run_test(size=(100, 30)) as pilot:
        card = await pasted(pilot, f"'{source}'")
        assert card.path == app.program.paths.characters / "ada-wren.png"
        assert card.path.read_bytes() == source.read_bytes()
        await until(
            pilot, lambda: "taken in: V2: greeting and 2 more, lorebook of 1" in page_text(pilot)
        )
        assert "◇ wants a bigger model: m models · Enter plays anyway" in page_text(pilot)
        await until(pilot, lambda: card.portrait.display)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, PlayScreen))
        assert play_of(pilot).narrator.card.name == "Ada"
        await until(pilot, lambda: app.model_words.endswith("ready"))


async def test_the_same_card_is_not_taken_in_twice(make_app: MakeApp, tmp_path: Path):
    source = tmp_path / "ada.json"
    source.write_bytes(makers.json_bytes(makers.v2()))
    app = make_app(model=False)
    async with app.run_test(size=(100, 30)) as pilot:
        await pasted(pilot, str(source))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, LibraryScreen))
        await pasted(pilot, str(source))
        await until(pilot, lambda: "was there already" in page_text(pilot))
        assert len(list(app.program.paths.characters.iterdir())) == 1


async def test_a_dropped_folder_is_taken_in_whole(make_app: MakeApp, tmp_path: Path):
    folder = tmp_path / "old cards"
    folder.mkdir()
    for number in range(3):
        (folder / f"c{number}.json").write_bytes(makers.json_bytes(makers.v2(name=f"N{number}")))
    (folder / "plain.png").write_bytes(makers.png())
    (folder / "bad.json").write_text("{")
    async with make_app(model=False).run_test(size=(100, 30), notifications=True) as pilot:
        await shelved(pilot)
        pilot.app.post_message(events.Paste(f"file://{quote(str(folder))}"))
        await until(pilot, lambda: "3 cards taken in, 1 other files passed by" in page_text(pilot))
        await until(pilot, lambda: "N2" in page_text(pilot))
        assert "offline" in library_of(pilot).masthead.state


def archive_without_card() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as out:
        out.writestr("notes.txt", "nothing")
    return made.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.gif", b"GIF89a....", "GIF picture"),
        ("a.png", b"rcc||rcc||", "RisuAI"),
        ("a.charx", archive_without_card(), "archive"),
        ("a.json", b'{"kind": "character", "persona": {"kind": "text"}}', "Agnai"),
    ],
)
async def test_what_is_not_read_says_what_it_is(
    make_app: MakeApp, tmp_path: Path, name: str, content: bytes, kind: str
):
    source = tmp_path / name
    source.write_bytes(content)
    async with make_app(model=False).run_test(size=(120, 30), notifications=True) as pilot:
        await shelved(pilot)
        pilot.app.post_message(events.Paste(str(source)))
        await until(pilot, lambda: kind in page_text(pilot))
        assert isinstance(pilot.app.screen, LibraryScreen)


def test_paths_are_read_as_terminals_write_them(tmp_path: Path):
    one, two = tmp_path / "a card.png", tmp_path / "it's.json"
    one.touch()
    two.touch()
    assert paths_in(str(one)) == (one,)
    assert paths_in(f"'{one}' ") == (one,)
    assert paths_in(f"file://{quote(str(two))}") == (two,)
    escaped = str(one).replace(" ", "\\ ")
    assert paths_in(f"{escaped} '{tmp_path}'") == (one, tmp_path)
    assert paths_in(f"{one}\n{two}\n") == (one, two)
    for words in (
        "~nobody-at-all/x",
        "",
        "river",
        "it's late",
        "characters",
        f"{one}x",
        "\0",
        "/" * 9000,
    ):
        assert paths_in(words) == ()


# one card


async def test_a_card_says_all_it_has_and_what_each_part_costs(make_app: MakeApp):
    app = make_app()
    mine(
        app,
        "ada.yaml",
        "name: Ada\ndescription: Mends nets.\nscenario: Late.\nfirst_mes: One.\n"
        "alternate_greetings: [Two.]\ncreator_notes: Be kind.\ntags: [sea]\n"
        "character_book:\n  entries:\n  - {keys: [gull], content: It cries.}\n"
        "  - {keys: [], constant: true, content: Always fog.}\n",
    )
    async with app.run_test(size=(100, 30)) as pilot:
        card = await opened(pilot, "ada")
        await until(pilot, lambda: "tokens in every prompt" in card.masthead.state)
        text = page_text(pilot)
        assert "LOREBOOK · 2, 1 always" in text
        teller = app.teller
        assert teller is not None
        counts = await teller.backend.encode_many(["Mends nets.", "Late.", "Always fog."])
        total = sum(map(len, counts))
        assert card.masthead.state.startswith(f"{total} tokens")
        row = next(line for line in text.split("\n") if "who they are" in line)
        assert row.split("who they are")[1].split()[0] == str(len(counts[0]))
        assert "sea" in text


async def test_another_greeting_is_picked_and_played(make_app: MakeApp):
    app = make_app()
    mine(app, "ada.yaml", "name: Ada\nfirst_mes: One.\nalternate_greetings: [Two., Three.]\n")
    async with app.run_test(size=(100, 30)) as pilot:
        await opened(pilot, "ada")
        await pilot.press("g")
        await until(pilot, lambda: "How it begins" in page_text(pilot))
        await pilot.press("down", "enter")
        await until(pilot, lambda: "greeting ‹2/3›" in page_text(pilot))
        assert "Two." in page_text(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, PlayScreen))
        assert "Two." in page_text(pilot)
        await until(pilot, lambda: app.model_words.endswith("ready"))


async def test_what_the_editor_changed_is_shown(
    make_app: MakeApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    editor = tmp_path / "editor.sh"
    editor.write_text('#!/bin/sh\nprintf "name: Ada\\ndescription: Mends sails.\\n" > "$1"\n')
    editor.chmod(0o755)
    monkeypatch.setenv("VISUAL", str(editor))
    app = make_app(model=False)
    monkeypatch.setattr(app, "suspend", nullcontext)
    mine(app, "ada.yaml", "name: Ada\ndescription: Mends nets.\n")
    async with app.run_test(size=(100, 30)) as pilot:
        await opened(pilot, "ada")
        await pilot.press("down")
        await until(pilot, lambda: "Mends nets." in page_text(pilot))
        await pilot.press("e")
        await until(pilot, lambda: "Mends sails." in page_text(pilot))


async def test_a_copy_stands_beside_its_card(make_app: MakeApp):
    app = make_app(model=False)
    mine(app, "ada.yaml", "name: Ada\n")
    async with app.run_test(size=(100, 30)) as pilot:
        await opened(pilot, "ada")
        await pilot.press("d")
        folder = app.program.paths.characters
        await until(pilot, (folder / "ada-2.yaml").exists)
        await until(
            pilot, lambda: page_text(pilot).count("▸ Ada") + page_text(pilot).count("Ada  ") > 1
        )


async def test_a_card_goes_to_the_trash_and_comes_back(make_app: MakeApp):
    app = make_app(model=False)
    path = mine(app, "ada.yaml", "name: Ada\n")
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await opened(pilot, "ada")
        await pilot.press("delete")
        await until(pilot, lambda: "^Z takes it back" in page_text(pilot))
        assert not path.exists()
        await pilot.press("ctrl+z")
        await until(pilot, path.exists)
        assert path.read_text() == "name: Ada\n"


async def test_what_came_with_the_game_stays(make_app: MakeApp):
    app = make_app(model=False)
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await shelved(pilot)
        path = app.program.paths.shipped_characters / "tam.yaml"
        app.throw_card(path)
        await until(pilot, lambda: "came with the game" in page_text(pilot))
        assert path.exists()


async def test_a_card_for_adults_says_so_once_and_shows_nothing_before(make_app: MakeApp):
    app = make_app()
    mine(app, "ada.yaml", ADULT)
    async with app.run_test(size=(100, 30)) as pilot:
        await shelved(pilot)
        await pilot.press("slash", *"ada", "enter")
        await until(pilot, lambda: "This card is for adults" in page_text(pilot))
        assert "secret" not in page_text(pilot)
        await pilot.press("i")
        await until(pilot, lambda: "Ada is marked for adults" in page_text(pilot))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, LibraryScreen))
        await pilot.press("enter")
        await until(pilot, lambda: "Ada is marked for adults" in page_text(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, PlayScreen))
        assert "A secret greeting." in page_text(pilot)
        await until(pilot, lambda: app.model_words.endswith("ready"))
    assert SettingsFile.read(app.program.paths.settings).values.opened_adult == ("ada",)


def test_what_is_said_of_a_card_hangs_beside_its_labels():
    card = Card(name="Tam", tags=("river", "night", "mystery", "all ages"))
    rows = about_content(card, (), "", 30).plain.split("\n")
    tags = next(place for place, row in enumerate(rows) if row.startswith("tags"))
    assert rows[tags : tags + 2] == ["tags     river, night,", "         mystery, all ages"]
