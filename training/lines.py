"""Choice lines: how doing something is offered."""

from __future__ import annotations

from training.words import raised


def line_of(template: str, **names: str) -> tuple[str, ...]:
    """Choice lines from `a|b|c` with slots."""
    return tuple(raised(one.format(**names)) for one in template.split("|"))


def go_lines(way: str) -> str:
    """Choice lines for going a way, with where it leads."""
    if way.startswith("to "):
        return "go {way}|head {way}|walk {way}|go back {way}|return {way}"
    return "go {way} to {place}|head {way} to {place}|walk {way} to {place}|go back to {place}|go {way}"
