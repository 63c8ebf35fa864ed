"""`fabletop prompt`: exactly what the model was sent, or would be."""

from __future__ import annotations

import asyncio

from tui.cli.lines import Lines
from tui.cli.listing import write_json
from tui.game.program import Program
from tui.prompt import Prompt


def prompt(program: Program, wanted: str, *, say: str | None, model: str, as_json: bool) -> None:
    """Write the prompt of the last reply or, with `say`, the one that words would make."""
    found = asyncio.run(_prompt(program, wanted, say, model))
    if as_json:
        sections = [
            {"kind": one.kind, "text": one.text, "tokens": one.tokens, "turn": one.turn}
            for one in found.sections
        ]
        left_out = [{"kind": one.kind, "text": one.text, "why": one.why} for one in found.left_out]
        write_json({"sections": sections, "left_out": left_out, "token_ids": list(found.tokens)})
        return
    Lines().say(found.text)


async def _prompt(program: Program, wanted: str, say: str | None, model: str) -> Prompt:
    teller = program.storyteller(model)
    try:
        narrator = program.resume(program.save(wanted), teller, read_only=True)
        try:
            return await narrator.preview(say)
        finally:
            await narrator.close()
    finally:
        await teller.close()
