"""Models in the forms of 2023, and Hugging Face folders, made into GGUF."""

from __future__ import annotations

from tui.modelfiles.convert.errors import ConvertError, Progress
from tui.modelfiles.convert.ggml import Family
from tui.modelfiles.convert.kinds import Kind, kind_of
from tui.modelfiles.convert.making import TYPE_NAMES, convert

__all__ = ["TYPE_NAMES", "ConvertError", "Family", "Kind", "Progress", "convert", "kind_of"]
