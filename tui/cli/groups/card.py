"""`fabletop card ...`: look at cards, check them, begin new ones."""

from __future__ import annotations

import typer

app = typer.Typer(help="Look at cards, check them, begin new ones.", no_args_is_help=True)
