"""From a Session to exactly what a model is sent: templates, macros, sections, the window."""

from __future__ import annotations

from tui.prompt.block import Block, Kind
from tui.prompt.draft import blocks_of, list_of, units_of
from tui.prompt.macros import Names, resolve
from tui.prompt.prompt import LeftOut, Prompt, Section
from tui.prompt.shipped import shipped_templates, template_for
from tui.prompt.system import companion_system, tale_system
from tui.prompt.template import Frame, Template, TemplateError, parse_template
from tui.prompt.window import CannotFit, ContextWindow, Draft, Unit, counted

__all__ = [
    "Block",
    "CannotFit",
    "ContextWindow",
    "Draft",
    "Frame",
    "Kind",
    "LeftOut",
    "Names",
    "Prompt",
    "Section",
    "Template",
    "TemplateError",
    "Unit",
    "blocks_of",
    "companion_system",
    "counted",
    "list_of",
    "parse_template",
    "resolve",
    "shipped_templates",
    "tale_system",
    "template_for",
    "units_of",
]
