"""Rule: a line across the page."""

from __future__ import annotations

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget


class Rule(Widget):
    """A thin line, with a joint where another one meets it and a word near its end."""

    DEFAULT_CSS = """
    Rule { height: 1; width: 1fr; color: $rule; }
    """
    joint = reactive(-1)
    """The column of the joint; -1 for none."""
    word = reactive("")

    def __init__(self, joint_char: str = "┬", *, widget_id: str | None = None) -> None:
        super().__init__(id=widget_id)
        self.joint_char = joint_char

    def render(self) -> Content:
        """Draw the line."""
        width = self.size.width
        line = "─" * width
        if 0 <= self.joint < width:
            line = line[: self.joint] + self.joint_char + line[self.joint + 1 :]
        if not self.word:
            return Content(line)
        word = f" {self.word} "
        return Content.assemble(line[: width - len(word) - 2], (word, "$mark"), "──")
