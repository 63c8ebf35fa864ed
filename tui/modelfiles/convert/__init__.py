"""Models in the forms of 2023, and Hugging Face folders, made into GGUF.

What is read here comes from strangers and is parsed without their code and without C++: no extra
packages are needed, PyTorch's pickles are never run, and every fault is a ConvertError.
"""

from __future__ import annotations

from tui.modelfiles.convert.errors import ConvertError, Progress
from tui.modelfiles.convert.ggml import Family
from tui.modelfiles.convert.kinds import Kind, kind_of
from tui.modelfiles.convert.lora import merge
from tui.modelfiles.convert.making import TYPE_NAMES, convert
from tui.modelfiles.convert.md5 import Md5List, Md5Report, check_md5, parse_md5, shipped_lists
from tui.modelfiles.convert.xor import decode_xor

__all__ = [
    "TYPE_NAMES",
    "ConvertError",
    "Family",
    "Kind",
    "Md5List",
    "Md5Report",
    "Progress",
    "check_md5",
    "convert",
    "decode_xor",
    "kind_of",
    "merge",
    "parse_md5",
    "shipped_lists",
]
