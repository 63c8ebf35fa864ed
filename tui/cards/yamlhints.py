"""A YAML parser's complaints, as a sentence with a line and what to do."""

from __future__ import annotations

import re

import yaml

from tui.cards.problems import Problem

UNQUOTED = re.compile(r"^\s*(?:- +)?(?:[\w ]+: +)?(?P<start>\{\{|[*&!%@`\[{|>])")
KEY_WITH_COLON = re.compile(r"^\s*(?:- +)?[\w ]+: +[^'\"|>].*: ")


def syntax_problem(error: yaml.MarkedYAMLError, text: str, file: str) -> Problem:
    """What `error` means for somebody who wrote `text`; the mark is where the parser gave up."""
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else 0
    said = " ".join(part for part in (error.context, error.problem) if part)
    rows = text.splitlines()
    if blamed := blamed_line(rows, line):
        line = blamed
    row = rows[line - 1] if 0 < line <= len(rows) else ""
    what, mending = explain(said, row)
    return Problem(file, line, field_of(row), what, mending)


def blamed_line(rows: list[str], line: int) -> int:
    """The line that most likely is the cause, since the parser often only notices on the next one."""
    for number in (line, line - 1):
        row = rows[number - 1] if 0 < number <= len(rows) else ""
        match = UNQUOTED.match(row)
        if "\t" in row[: len(row) - len(row.lstrip())] or (
            match and match["start"] in {"{{", "*", "@", "`", "%", "!"}
        ):
            return number
    return 0


def field_of(row: str) -> str:
    """The field that a line sets, as far as one can tell from the line alone."""
    match = re.match(r"^\s*(?:- +)?([\w ]{1,40}?)\s*:", row)
    return match[1] if match else ""


def explain(said: str, row: str) -> tuple[str, str]:
    """What is wrong, and what to do, from the parser's words and the line."""
    indent = row[: len(row) - len(row.lstrip())]
    match = UNQUOTED.match(row)
    start = match["start"] if match else ""
    if "\t" in indent or ("cannot start any token" in said and "\t" in row):
        return "the line is indented with a tab", "indent with spaces, not tabs"
    if start in {"{{", "*", "&", "!", "@", "`", "%"}:
        return (
            f"the text starts with {start}, which YAML keeps for itself",
            f"quote text that starts with {start}, or use a | block",
        )
    if "undefined alias" in said:
        return (
            "the text starts with *, which YAML keeps for itself",
            "quote text that starts with *, or use a | block",
        )
    if "mapping values are not allowed" in said and not KEY_WITH_COLON.match(row):
        hint = "indent fields that belong together alike, and put longer texts under a | block"
        return "the line is indented deeper than the one above it", hint
    if "mapping values are not allowed" in said or KEY_WITH_COLON.match(row):
        return (
            "the text holds a colon and a space",
            "quote text that contains ': ', or use a | block",
        )
    if "unexpected end of stream" in said and "quoted" in said:
        return "a quotation mark is opened here and never closed", "close it, or use a | block"
    return explain_structure(said)


def explain_structure(said: str) -> tuple[str, str]:
    """The same for what is wrong with indentation, brackets and quotes."""
    if "scanning a simple key" in said or "could not find expected ':'" in said:
        return (
            "the line is neither a field nor part of a text",
            "write `field: value`, or indent it under a | block",
        )
    if "expected <document start>" in said:
        return (
            "the line stands outside of everything",
            "give it a field name, or indent it as the lines above",
        )
    if "block collection" in said or "block sequence" in said:
        return "the list's items are not in one column", "indent every - of a list alike"
    if "block mapping" in said or "expected <block end>" in said:
        return (
            "the line is not indented like its neighbours",
            "indent fields that belong together alike, and quote whole texts, not halves",
        )
    if "flow" in said or "expected ',' or" in said:
        return (
            "a bracket is opened and never closed",
            "close it, or quote text that starts with [ or {",
        )
    if "escape" in said:
        return "a \\ in double quotes means something to YAML", "use single quotes, or a | block"
    if "block scalar" in said:
        return "a | or > block is not indented evenly", "indent the block's first line least"
    return f"this is not YAML here ({said})", "compare it with a card that ships, or quote the text"
