"""From a Session to exactly what a model is sent: templates, macros, sections, the window."""

from __future__ import annotations

from tui.prompt.block import Block, Kind
from tui.prompt.cardtext import CardFacts, card_text
from tui.prompt.draft import blocks_of, list_of, units_of
from tui.prompt.examples import example_blocks
from tui.prompt.grouptext import group_text, listed
from tui.prompt.jinja import JinjaTemplate, jinja_template
from tui.prompt.loading import Loaded, TemplateError, parse_template, read_templates
from tui.prompt.lorebook import Fate, Found, Scene, facts_of, scanned, within
from tui.prompt.macros import Moment, Names, resolve
from tui.prompt.prompt import LeftOut, Prompt, Section
from tui.prompt.shipped import shipped_templates, template_for
from tui.prompt.system import companion_system, tale_system
from tui.prompt.template import Frame, Part, Template
from tui.prompt.window import CannotFit, ContextWindow, Draft, Unit, counted

__all__ = [
    "Block",
    "CannotFit",
    "CardFacts",
    "ContextWindow",
    "Draft",
    "Fate",
    "Found",
    "Frame",
    "JinjaTemplate",
    "Kind",
    "LeftOut",
    "Loaded",
    "Moment",
    "Names",
    "Part",
    "Prompt",
    "Scene",
    "Section",
    "Template",
    "TemplateError",
    "Unit",
    "blocks_of",
    "card_text",
    "companion_system",
    "counted",
    "example_blocks",
    "facts_of",
    "group_text",
    "jinja_template",
    "list_of",
    "listed",
    "parse_template",
    "read_templates",
    "resolve",
    "scanned",
    "shipped_templates",
    "tale_system",
    "template_for",
    "units_of",
    "within",
]
