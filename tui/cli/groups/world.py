"""`fabletop world ...`: walk a tale's world without a model, and search it."""

from __future__ import annotations

import typer

app = typer.Typer(help="Walk a tale's world without a model, and search it.", no_args_is_help=True)
