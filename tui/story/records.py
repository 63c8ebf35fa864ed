"""The records of a save as the story reads them: JSON objects, checked field by field.

A record's `t` is its kind, `at` its time (unix seconds). `step` says what it is to undo: absent, an
act of its own; "join", a part of the act before it; "none", not to be undone (the opening).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import TypeVar, cast, get_args

from tui.story.turn import NO_STATS, NOTHING, Choice, Note, Origin, Role, Turn

Record = dict[str, object]
Intern = Callable[[int, int], int]
"""`dict.setdefault` of a table of token ids, so that equal ids share one object."""

ROLES: frozenset[str] = frozenset(get_args(Role))
WHOLE: frozenset[type] = frozenset({int})
ORIGINS: frozenset[str] = frozenset(get_args(Origin))

_T = TypeVar("_T", bound=str)


class RecordError(ValueError):
    """A record that can't be folded; the message says why, in words for a player."""


def text_of(record: Mapping[str, object], key: str, default: str = "") -> str:
    """Return a text field."""
    value = record.get(key, default)
    if not isinstance(value, str):
        raise RecordError(f"“{key}” is not text")
    return value


def number_of(record: Mapping[str, object], key: str, default: float = 0.0) -> float:
    """Return a number field."""
    value = record.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise RecordError(f"“{key}” is not a number")
    return value


def whole_of(record: Mapping[str, object], key: str) -> int:
    """Return a whole number that must be there."""
    value = record.get(key)
    if isinstance(value, bool) or not isinstance(value, int):
        raise RecordError(
            f"“{key}” is not a whole number" if key in record else f"“{key}” is missing"
        )
    return value


def optional_whole_of(record: Mapping[str, object], key: str) -> int | None:
    """Return a whole number, or None where it is null or absent."""
    return None if record.get(key) is None else whole_of(record, key)


def list_of(record: Mapping[str, object], key: str) -> list[object]:
    """Return a list field, empty where absent."""
    value = record.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise RecordError(f"“{key}” is not a list")
    return cast("list[object]", value)


def object_of(record: Mapping[str, object], key: str) -> Mapping[str, object]:
    """Return a field that is itself an object, empty where absent."""
    value = record.get(key)
    if value is None:
        return NOTHING
    if not isinstance(value, dict):
        raise RecordError(f"“{key}” is not an object")
    return cast("dict[str, object]", value)


def one_of(record: Mapping[str, object], key: str, known: frozenset[str], default: str) -> str:
    """Return a text field whose value is one of a few words."""
    value = text_of(record, key, default)
    if value not in known:
        raise RecordError(f"“{key}” is “{value}”, which is none of {', '.join(sorted(known))}")
    return value


def ids_of(record: Mapping[str, object], key: str, intern: Intern) -> tuple[int, ...]:
    """Return a list of token ids."""
    if key not in record:
        return ()
    ids = list_of(record, key)
    if not WHOLE.issuperset(map(type, ids)):
        raise RecordError(f"“{key}” holds what is not a whole number")
    whole = cast("list[int]", ids)
    return tuple(map(intern, whole, whole))


def texts_of(record: Mapping[str, object], key: str) -> tuple[str, ...]:
    """Return a list of texts."""
    if key not in record:
        return ()
    items = list_of(record, key)
    if not all(isinstance(item, str) for item in items):
        raise RecordError(f"“{key}” holds what is not text")
    return tuple(cast("list[str]", items))


def choices_of(record: Mapping[str, object]) -> tuple[Choice, ...]:
    """Return the choices, each written as `[text]` or `[text, action]`."""
    if "choices" not in record:
        return ()
    return tuple(Choice(*_texts(item, 2, "choices")) for item in list_of(record, "choices"))


def notes_of(record: Mapping[str, object]) -> tuple[Note, ...]:
    """Return the guards' notes, each written as `[kind, text]` or `[kind, text, before]`."""
    if "notes" not in record:
        return ()
    return tuple(Note(*_texts(item, 3, "notes")) for item in list_of(record, "notes"))


def stats_of(record: Mapping[str, object]) -> Mapping[str, float]:
    """Return the numbers measured while the turn was made."""
    stats = object_of(record, "stats")
    return {key: number_of(stats, key) for key in stats} if stats else NO_STATS


def _texts(item: object, most: int, key: str) -> list[str]:
    parts = cast("list[object]", item) if isinstance(item, list) else []
    if not most - 1 <= len(parts) <= most or not all(isinstance(part, str) for part in parts):
        raise RecordError(f"“{key}” holds what can't be read")
    return cast("list[str]", parts)


def _role(record: Mapping[str, object], key: str) -> str:
    return one_of(record, key, ROLES, "player")


def _origin(record: Mapping[str, object], key: str) -> str:
    return one_of(record, key, ORIGINS, "said")


def _frozen(record: Mapping[str, object], key: str) -> Mapping[str, object]:
    return MappingProxyType(dict(object_of(record, key)))


READERS: Mapping[str, Callable[[Mapping[str, object], str], object]] = MappingProxyType(
    {
        "role": _role,
        "name": text_of,
        "text": text_of,
        "origin": _origin,
        "choices": lambda record, key: choices_of(record),
        "prose_tokens": lambda record, key: int(number_of(record, key)),
        "model": text_of,
        "seed": optional_whole_of,
        "sampling": _frozen,
        "finish": text_of,
        "scene": text_of,
        "reading": text_of,
        "actions": texts_of,
        "chosen": optional_whole_of,
        "notes": lambda record, key: notes_of(record),
        "stats": lambda record, key: stats_of(record),
        "at": lambda record, key: float(number_of(record, key)),
    }
)
"""What reads each field of a turn; a field that isn't there costs nothing."""

STARTED: Mapping[str, object] = MappingProxyType(
    {"role": "model", "origin": "sampled", "state": "streaming"}
)
SAID: Mapping[str, object] = MappingProxyType({"role": "player", "origin": "said"})


def turn_of(record: Mapping[str, object], intern: Intern) -> Turn:
    """Read a turn from a `say`, `turn` or `started` record.

    Raises:
        RecordError: A field is missing or isn't what it should be.
    """
    fields: dict[str, object] = {
        "name": "",
        "text": "",
        **(STARTED if record.get("t") == "started" else SAID),
    }
    for key in record:
        reader = READERS.get(key)
        if reader is not None:
            fields[key] = reader(record, key)
    make = cast("Callable[..., Turn]", Turn)
    return make(
        id=whole_of(record, "id"),
        parent=optional_whole_of(record, "parent"),
        tokens=ids_of(record, "tokens", intern),
        **fields,
    )


def written(kind: str, at: float, **fields: object) -> Record:
    """Build a record, leaving out the fields that hold nothing."""
    record: Record = {"t": kind}
    for key, value in fields.items():
        if value is None or value in ("", (), [], {}):
            continue
        record[key] = _plain(key, value)
    if at:
        record["at"] = round(at, 3)
    return record


def _plain(key: str, value: object) -> object:
    """Turn tuples, choices and notes into what JSON can hold."""
    if key == "choices":
        return [
            [c.text, c.action] if c.action else [c.text] for c in cast("Iterable[Choice]", value)
        ]
    if key == "notes":
        notes = cast("Iterable[Note]", value)
        return [[n.kind, n.text, n.before] if n.before else [n.kind, n.text] for n in notes]
    if isinstance(value, tuple):
        return list(cast("tuple[object, ...]", value))
    return dict(cast("Mapping[str, object]", value)) if isinstance(value, Mapping) else value
