"""What a PyTorch checkpoint's pickle says of tensors, by a machine that can do nothing else.

The opcodes are those of the standard library's `pickletools`. Only text, small whole numbers,
tuples, lists, dictionaries and tensors exist here; a name that a pickle asks to be called is one of
a few that are known, and none is ever looked up.
"""

from __future__ import annotations

import math
import pickletools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

MOST_STEPS = 100_000
_MARK = object()

STORAGES = {
    "DoubleStorage": "F64",
    "FloatStorage": "F32",
    "HalfStorage": "F16",
    "BFloat16Storage": "BF16",
    "LongStorage": "I64",
    "IntStorage": "I32",
    "ShortStorage": "I16",
    "CharStorage": "I8",
    "ByteStorage": "U8",
    "BoolStorage": "BOOL",
}


class Storage(NamedTuple):
    """A run of numbers that tensors are views of."""

    dtype: str
    key: str


class View(NamedTuple):
    """A tensor, row-major and without gaps."""

    storage: Storage
    offset: int
    shape: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Name:
    """A name that the pickle asks for."""

    text: str


class PickleRefused(Exception):
    """The pickle asks for a name that no checkpoint needs; the text is the name."""


def read_pickle(raw: bytes) -> dict[str, View]:
    """The tensors by name; raises ValueError for a broken pickle and PickleRefused."""
    machine = _Machine()
    for number, (operation, argument, _) in enumerate(pickletools.genops(raw)):
        if number > MOST_STEPS:
            raise ValueError("a table longer than any model's")
        if operation.name == "STOP":
            break
        machine.step(operation.name, argument)
    [value] = machine.stack
    if isinstance(value, dict) and isinstance(value.get("state_dict"), dict):
        value = value["state_dict"]
    if not isinstance(value, dict):
        raise ValueError("no dictionary")
    return {name: view for name, view in value.items() if isinstance(view, View)}


class _Machine:
    """A stack, a memory, and the few steps that a table of tensors needs."""

    def __init__(self) -> None:
        """Start empty."""
        self.stack: list[Any] = []
        self._memory: dict[int, Any] = {}
        self._steps: dict[str, Callable[[Any], None]] = {
            "MARK": lambda _: self.stack.append(_MARK),
            "NONE": lambda _: self.stack.append(None),
            "NEWTRUE": lambda _: self.stack.append(True),
            "NEWFALSE": lambda _: self.stack.append(False),
            "EMPTY_DICT": lambda _: self.stack.append({}),
            "EMPTY_LIST": lambda _: self.stack.append([]),
            "EMPTY_TUPLE": lambda _: self.stack.append(()),
            "POP": lambda _: self._drop(),
            "TUPLE": lambda _: self.stack.append(tuple(self._to_mark())),
            "TUPLE1": lambda _: self.stack.append(self._take(1)),
            "TUPLE2": lambda _: self.stack.append(self._take(2)),
            "TUPLE3": lambda _: self.stack.append(self._take(3)),
            "APPEND": lambda _: self._append(self._take(1)),
            "APPENDS": lambda _: self._append(self._to_mark()),
            "SETITEM": lambda _: self._set(self._take(2)),
            "SETITEMS": lambda _: self._set(self._to_mark()),
            "BUILD": lambda _: self._drop(),
            "REDUCE": lambda _: self._call(),
            "BINPERSID": lambda _: self._storage(),
            "MEMOIZE": lambda _: self._keep(len(self._memory)),
            "GLOBAL": lambda name: self.stack.append(_Name(name.replace(" ", "."))),
            "STACK_GLOBAL": lambda _: self.stack.append(_Name(".".join(self._take(2)))),
        }
        self._steps |= dict.fromkeys(("PROTO", "FRAME"), lambda _: None)
        self._steps |= dict.fromkeys(("BINPUT", "LONG_BINPUT"), self._keep)
        self._steps |= dict.fromkeys(
            ("BINGET", "LONG_BINGET"), lambda place: self.stack.append(self._memory[place])
        )
        self._steps |= dict.fromkeys(
            ("BINUNICODE", "SHORT_BINUNICODE", "BININT", "BININT1", "BININT2", "LONG1", "BINFLOAT"),
            self.stack.append,
        )

    def step(self, name: str, argument: object) -> None:
        """Do one step; raises ValueError or PickleRefused."""
        if name not in self._steps:
            raise PickleRefused(name)
        try:
            self._steps[name](argument)
        except (KeyError, IndexError, TypeError, AttributeError) as error:
            raise ValueError(f"a {name} that cannot be done") from error

    def _drop(self) -> None:
        """Forget the topmost value: of a BUILD, the attributes that a dictionary would get."""
        self.stack.pop()

    def _take(self, count: int) -> tuple[Any, ...]:
        """The topmost values, off the stack."""
        if len(self.stack) < count:
            raise IndexError(count)
        taken = tuple(self.stack[-count:])
        del self.stack[-count:]
        return taken

    def _to_mark(self) -> list[Any]:
        """The values above the last mark, off the stack with it."""
        taken: list[Any] = []
        while (value := self.stack.pop()) is not _MARK:
            taken.append(value)
        return taken[::-1]

    def _append(self, values: object) -> None:
        """Lists hold nothing that a model needs."""
        if not isinstance(self.stack[-1], list):
            raise TypeError(values)

    def _set(self, pairs: Sequence[Any]) -> None:
        """Fill the dictionary on top; keys that are no text are passed over."""
        target = self.stack[-1]
        if not isinstance(target, dict):
            raise TypeError(target)
        for key, value in zip(pairs[::2], pairs[1::2], strict=True):
            if isinstance(key, str):
                target[key] = value

    def _keep(self, place: int) -> None:
        """Remember the topmost value."""
        self._memory[place] = self.stack[-1]

    def _storage(self) -> None:
        """A storage, from ("storage", class, key, device, count)."""
        kind, name, key, *_ = self._take(1)[0]
        storage = name.text.rpartition(".")[2]
        if kind != "storage" or storage not in STORAGES or not isinstance(key, str):
            raise ValueError("not a storage")
        self.stack.append(Storage(STORAGES[storage], key))

    def _call(self) -> None:
        """Make a dictionary or a tensor; raises PickleRefused for any other wish."""
        name, arguments = self._take(2)
        wish = name.text
        if wish == "collections.OrderedDict":
            self.stack.append({})
        elif wish in ("torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_tensor"):
            self.stack.append(_view(*arguments[:4]))
        elif wish == "torch._utils._rebuild_parameter":
            self.stack.append(arguments[0])
        else:
            raise PickleRefused(wish[:80])


def _view(storage: object, offset: object, shape: object, stride: object) -> View:
    """A tensor; raises ValueError for one that is stored in another order than its rows'."""
    sizes, strides = _sizes(shape), _sizes(stride)
    if not isinstance(storage, Storage) or not isinstance(offset, int) or not 0 <= offset < 1 << 48:
        raise ValueError("not a tensor")
    expected = [math.prod(sizes[place + 1 :]) for place in range(len(sizes))]
    for size, step, wanted in zip(sizes, strides, expected, strict=True):
        if size > 1 and step != wanted:
            raise ValueError("a tensor in another order")
    return View(storage, offset, sizes)


def _sizes(value: object) -> tuple[int, ...]:
    """Up to eight sizes of a believable magnitude."""
    if not isinstance(value, tuple) or len(value) > 8:
        raise ValueError("not sizes")
    if not all(type(size) is int and 0 <= size < 1 << 40 for size in value):
        raise ValueError("not sizes")
    return value
