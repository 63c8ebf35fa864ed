"""Where training keeps its work, and where the finished model goes."""

from __future__ import annotations

from pathlib import Path

WORK = Path(__file__).parent / "work"
ROOT = Path(__file__).parent.parent
POCKET = ROOT / "models" / "pocket.gguf"
CHARACTERS = ROOT / "characters"
