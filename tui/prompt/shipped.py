"""The templates that ship, and which of them a model wants."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import resources

from tui.prompt.jinja import jinja_template
from tui.prompt.loading import TemplateError, read_templates
from tui.prompt.template import Template

FALLBACK = "metharme"
"""The template of a model that says nothing of itself: the pocket model's own."""


def shipped_templates() -> dict[str, Template]:
    """Every template that ships, by name."""
    folder = resources.files("tui.prompt") / "templates"
    entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    texts = [
        (entry.name, entry.read_text(encoding="utf-8"))
        for entry in entries
        if entry.name.endswith(".yaml")
    ]
    loaded = read_templates(texts)
    if loaded.problems:
        raise TemplateError(loaded.problems[0])
    return dict(loaded.templates)


def template_for(
    name: str, metadata: Mapping[str, str], templates: Mapping[str, Template]
) -> tuple[Template, str]:
    """The template that a model wants, and why in a few words.

    What the file says of itself (`fabletop.template`) comes first, then its names (the longest
    word that a template knows), then the marks of its chat template, then that chat template
    itself; else the fallback.
    """
    named = metadata.get("fabletop.template", "")
    if named in templates:
        return templates[named], "the model file names it"
    words = _words(name, metadata)
    hits = [
        (len(word), word, template)
        for template in templates.values()
        for word in template.matches
        if word in words
    ]
    if hits:
        _, word, template = max(hits, key=lambda hit: (hit[0], hit[1]))
        return template, f"the model's name has “{word}”"
    return _by_chat_template(metadata, templates)


def _by_chat_template(
    metadata: Mapping[str, str], templates: Mapping[str, Template]
) -> tuple[Template, str]:
    chat = metadata.get("tokenizer.chat_template", "")
    marked = [
        template
        for template in templates.values()
        if template.marks and all(mark in chat for mark in template.marks)
    ]
    if marked:
        best = max(marked, key=lambda one: sum(map(len, one.marks)))
        return best, f"its chat template has the marks of {best.title}"
    if not chat:
        return templates[FALLBACK], "nothing in the file says otherwise"
    eos = metadata.get("tokenizer.ggml.eos_token_id", "")
    try:
        own = jinja_template(chat, int(eos) if eos.isdecimal() else None)
    except TemplateError as error:
        return templates[FALLBACK], str(error)
    return own, "no template here is like the model's own, so that is used"


def _words(name: str, metadata: Mapping[str, str]) -> str:
    keys: Iterable[str] = ("general.name", "general.basename", "general.finetune")
    return " ".join([name, *(metadata.get(key, "") for key in keys)]).lower().replace(" ", "-")
