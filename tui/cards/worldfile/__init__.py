"""The `world:` of a tale as its author writes it: shapes and spellings, nothing of how it runs.

Conditions and effects stay strings here (`carried brass_key`, `flag oiled on`); `tui.world`
parses them, because only the whole world knows which names exist. `docs/worlds.md` is the
author's page for everything in these files. The checks are built when the first card is read.
"""

from tui.cards.worldfile.folk import PersonFile, PersuadeFile, TopicFile, WantFile
from tui.cards.worldfile.happenings import (
    EndingFile,
    EventFile,
    GoalFile,
    HintFile,
    ImproviseFile,
    RuleFile,
    SecretFile,
    StepFile,
    VerbFile,
)
from tui.cards.worldfile.scenery import ExitFile, Named, PlaceFile, ThingFile, Variant
from tui.cards.worldfile.spelling import RESERVED_IDS, parse_clock, words_of
from tui.cards.worldfile.whole import ClockFile, StartFile, WorldFile

__all__ = [
    "RESERVED_IDS",
    "ClockFile",
    "EndingFile",
    "EventFile",
    "ExitFile",
    "GoalFile",
    "HintFile",
    "ImproviseFile",
    "Named",
    "PersonFile",
    "PersuadeFile",
    "PlaceFile",
    "RuleFile",
    "SecretFile",
    "StartFile",
    "StepFile",
    "ThingFile",
    "TopicFile",
    "Variant",
    "VerbFile",
    "WantFile",
    "WorldFile",
    "parse_clock",
    "words_of",
]
