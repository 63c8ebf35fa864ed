"""A story as a text to read elsewhere: Markdown, plain text, HTML, or a turn a line as JSON."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from tui.story.records import written
from tui.story.session import Session
from tui.story.sillytavern import write_sillytavern
from tui.story.turn import Turn

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
MARKUP = re.compile(r"^(\s*)([#>+=|~-]|\d+[.)])", re.MULTILINE)
CODE = re.compile(r"([\\`<\[])")

PAGE = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ max-width: 36em; margin: 3em auto; padding: 0 1em; font: 1.1em/1.6 Georgia, serif; }}
p {{ white-space: pre-line; }}
.player {{ font-style: italic; opacity: .75; }}
.player::before {{ content: "› "; }}
b {{ font-variant: small-caps; }}
@media (prefers-color-scheme: dark) {{ body {{ background: #1c1a17; color: #e6dfd3; }} }}
</style>
<h1>{title}</h1>
{body}
</html>
"""


def as_markdown(session: Session) -> str:
    """Return the story on the path as Markdown; what the player said is quoted."""
    parts = [f"# {_markdown(session.name)}"]
    for turn in story_turns(session):
        text = _markdown(_clean(turn.text))
        name = f"**{_markdown(turn.name)}:** " if turn.name and _talks(session) else ""
        parts.append(
            "> " + (name + text).replace("\n", "\n> ") if turn.role == "player" else name + text
        )
    return "\n\n".join(parts) + "\n"


def as_text(session: Session) -> str:
    """Return the story on the path as plain text; what the player said stands after “> ”."""
    parts = [session.name, "=" * len(session.name)]
    for turn in story_turns(session):
        name = f"{turn.name}: " if turn.name and _talks(session) else ""
        text = name + _clean(turn.text)
        parts.append("> " + text.replace("\n", "\n> ") if turn.role == "player" else text)
    return "\n".join(parts[:2]) + "\n\n" + "\n\n".join(parts[2:]) + "\n"


def as_html(session: Session) -> str:
    """Return the story on the path as one HTML page that needs nothing else."""
    parts: list[str] = []
    for turn in story_turns(session):
        name = f"<b>{html.escape(turn.name)}</b> " if turn.name and _talks(session) else ""
        kind = ' class="player"' if turn.role == "player" else ""
        parts.append(f"<p{kind}>{name}{html.escape(_clean(turn.text))}</p>")
    return PAGE.format(title=html.escape(_clean(session.name)), body="\n".join(parts))


def as_json_lines(session: Session) -> str:
    """Return all turns of the tree, a JSON object a line, after a line about the session.

    `path` says whether a turn lies on the way to where the story stands; deleted turns are left out.
    """
    path = {turn.id for turn in session.path()}
    about = {"name": session.name, "card": session.header.card_id, "here": session.here}
    lines = [json.dumps({"format": "fabletop turns", "version": 1, **about}, ensure_ascii=False)]
    for turn in _visible(session):
        fields = written("turn", turn.at, **{name: getattr(turn, name) for name in FIELDS})
        fields.pop("t")
        lines.append(json.dumps(fields | {"path": turn.id in path}, ensure_ascii=False))
    return "\n".join(lines) + "\n"


FIELDS = (
    "id",
    "parent",
    "role",
    "name",
    "text",
    "origin",
    "choices",
    "scene",
    "actions",
    "model",
    "seed",
    "state",
)

EXPORTS: Mapping[str, tuple[str, Callable[[Session], str]]] = MappingProxyType(
    {
        "markdown": (".md", as_markdown),
        "text": (".txt", as_text),
        "html": (".html", as_html),
        "jsonl": (".turns.jsonl", as_json_lines),
        "sillytavern": (".sillytavern.jsonl", write_sillytavern),
    }
)
"""The formats by name: the ending of the file, and what writes it."""


def story_turns(session: Session) -> tuple[Turn, ...]:
    """Return the turns that a reader sees: the path without the hidden “Start!”."""
    return tuple(turn for turn in session.path() if not turn.unseen)


def _talks(session: Session) -> bool:
    """Say whether the story is a conversation, in which names stand before what is said."""
    path = session.path()
    return bool(path) and not path[0].unseen


def _visible(session: Session) -> Iterator[Turn]:
    waiting = list(reversed(session.children(None)))
    while waiting:
        turn_id = waiting.pop()
        yield session.turns[turn_id]
        waiting += reversed(session.children(turn_id))


def _clean(text: str) -> str:
    return CONTROL.sub("", text)


def _markdown(text: str) -> str:
    """Keep emphasis, which stories use as Markdown does, and make all else plain."""
    return MARKUP.sub(r"\1\\\2", CODE.sub(r"\\\1", text))
