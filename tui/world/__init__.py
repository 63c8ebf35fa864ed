"""A simulated world: its rules, its outcomes, its telling. The program decides; a model tells.

Play is `World.build`, `start`, then per turn `read` or an `Option`'s action, `apply`,
`scene_line`, and after the reply `check`. Everything is pure: a State goes in, a new one
comes out.
"""

from tui.world.problems import WorldError
from tui.world.values import (
    FACT_KINDS,
    REFUSALS,
    TOLD_WHOLE,
    Action,
    Ending,
    Fact,
    Option,
    Outcome,
    Panel,
    Reading,
    State,
    Step,
    Verdict,
)
from tui.world.world import World

__all__ = [
    "FACT_KINDS",
    "REFUSALS",
    "TOLD_WHOLE",
    "Action",
    "Ending",
    "Fact",
    "Option",
    "Outcome",
    "Panel",
    "Reading",
    "State",
    "Step",
    "Verdict",
    "World",
    "WorldError",
]
