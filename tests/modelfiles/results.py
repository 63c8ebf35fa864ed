"""What a long work on model files comes to."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import aclosing
from typing import Any

from tui.modelfiles.jobs import Answer, Done, Operation, run_job


async def result_of(operation: Operation, arguments: Mapping[str, Any]) -> Answer:
    """What the work answers, without its progress. Raises ModelFileError."""
    async with aclosing(run_job(operation, arguments)) as said:
        *_, last = [one async for one in said]
    assert isinstance(last, Done)
    return last.answer
