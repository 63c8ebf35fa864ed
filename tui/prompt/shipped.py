"""The templates that ship, and which of them a model wants."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import resources

from tui.prompt.template import Template, parse_template

FALLBACK = "metharme"
"""The template of a model that says nothing of itself: the pocket model's own."""


def shipped_templates() -> dict[str, Template]:
    """Every template that ships, by name."""
    folder = resources.files("tui.prompt") / "templates"
    found = (
        parse_template(entry.read_text(encoding="utf-8"), entry.name)
        for entry in folder.iterdir()
        if entry.name.endswith(".yaml")
    )
    return {template.name: template for template in sorted(found, key=lambda one: one.name)}


def template_for(
    name: str, metadata: Mapping[str, str], templates: Mapping[str, Template]
) -> tuple[Template, str]:
    """The template that a model wants, and why in a few words.

    What the file says of itself (`fabletop.template`) comes first, then its names, then
    the marks of its chat template; else the fallback.
    """
    named = metadata.get("fabletop.template", "")
    if named in templates:
        return templates[named], "the model file names it"
    words = _words(name, metadata)
    for template in templates.values():
        for word in template.matches:
            if word in words:
                return template, f"the model's name has “{word}”"
    chat = metadata.get("tokenizer.chat_template", "")
    if "<|im_start|>" in chat and "chatml" in templates:
        return templates["chatml"], "its chat template has ChatML's marks"
    if "### Instruction" in chat and "alpaca" in templates:
        return templates["alpaca"], "its chat template has Alpaca's headings"
    return templates[FALLBACK], "nothing in the file says otherwise"


def _words(name: str, metadata: Mapping[str, str]) -> str:
    keys: Iterable[str] = ("general.name", "general.basename", "general.finetune")
    return " ".join([name, *(metadata.get(key, "") for key in keys)]).lower().replace(" ", "-")
