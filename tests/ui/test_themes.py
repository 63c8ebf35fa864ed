from __future__ import annotations

import pytest
from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme

from tui.ui.themes import GROUNDS, INKS, LEAST_CONTRAST, OUR_THEMES, contrast, page_colors

THEMES = [*OUR_THEMES, *(theme for theme in BUILTIN_THEMES.values() if not theme.ansi)]


def colors_of(theme: Theme) -> dict[str, str]:
    generated = theme.to_color_system().generate()
    return page_colors(generated, dark=theme.dark, ansi=False) | generated | theme.variables


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("ink", INKS)
def test_every_text_can_be_read_on_every_ground(theme: Theme, ink: str, ground: str):
    colors = colors_of(theme)
    assert contrast(Color.parse(colors[ink]), Color.parse(colors[ground])) >= LEAST_CONTRAST


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_the_digit_can_be_read_on_its_key(theme: Theme):
    colors = colors_of(theme)
    assert contrast(Color.parse(colors["key"]), Color.parse(colors["key-ground"])) >= LEAST_CONTRAST


@pytest.mark.parametrize("theme", OUR_THEMES, ids=lambda theme: theme.name)
def test_marked_text_can_be_read(theme: Theme):
    colors = theme.variables
    for name in ("input-selection", "screen-selection"):
        ink, ground = colors[f"{name}-foreground"], colors[f"{name}-background"]
        assert contrast(Color.parse(ink), Color.parse(ground)) >= LEAST_CONTRAST


def test_black_on_white_is_twenty_one():
    assert contrast(Color.parse("#000"), Color.parse("#fff")) == pytest.approx(21)
