"""Sandbox: somebody else's Jinja, which may neither reach out nor run or grow without end.

A template that a model file carries is a program. It is rendered in Jinja's immutable sandbox,
with a fixed set of filters, a bounded number of steps and texts of bounded size.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from types import FrameType
from typing import Any, NoReturn, Self

from jinja2 import Environment, nodes
from jinja2 import Template as Compiled
from jinja2 import TemplateError as JinjaError
from jinja2.ext import Extension, loopcontrols
from jinja2.parser import Parser
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Namespace

MOST_SOURCE = 256 << 10
MOST_TEXT = 4 << 20
MOST_STEPS = 200_000
FILTERS = [
    "abs",
    "capitalize",
    "count",
    "d",
    "default",
    "dictsort",
    "e",
    "escape",
    "first",
    "float",
    "groupby",
    "int",
    "items",
    "join",
    "last",
    "length",
    "list",
    "lower",
    "map",
    "max",
    "min",
    "reject",
    "rejectattr",
    "replace",
    "reverse",
    "round",
    "safe",
    "select",
    "selectattr",
    "sort",
    "string",
    "sum",
    "title",
    "tojson",
    "trim",
    "unique",
    "upper",
]
GROWING = ("center", "ljust", "rjust", "zfill", "expandtabs", "format", "format_map", "translate")


class Runaway(JinjaError):
    """A template took too many steps, or made too large a text."""


class Refused(JinjaError):
    """A template refused what it was given, in its own words."""


class _Generation(Extension):
    """The `{% generation %}` block of Hugging Face's templates, which marks and changes nothing."""

    def __init__(self, environment: Environment) -> None:
        """Take the tag for itself."""
        super().__init__(environment)
        self.tags = {"generation"}

    def parse(self, parser: Parser) -> list[nodes.Node]:
        """Return what stands between the two tags."""
        next(parser.stream)
        return parser.parse_statements(("name:endgeneration",), drop_needle=True)


class _Steps:
    """Counts the lines that a template's own code runs, and ends it where there are too many."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._taken = 0

    def __call__(self, frame: FrameType, _event: str, _argument: object) -> Self | None:
        self._taken += 1
        if self._taken > MOST_STEPS:
            raise Runaway("it does not come to an end")
        return self if frame.f_code.co_filename == self._source else None


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja as chat templates expect it, without whatever could take long or grow large."""

    intercepted_binops = frozenset(("+", "*", "**", "%", "//"))

    def __init__(self) -> None:
        """Set up blocks as Hugging Face does, and keep only harmless filters."""
        super().__init__(
            trim_blocks=True, lstrip_blocks=True, extensions=[loopcontrols, _Generation]
        )
        kept: dict[str, Any] = {
            name: self.filters[name] for name in FILTERS if name in self.filters
        }
        kept |= {"tojson": _tojson, "replace": _replace, "join": _join}
        self.filters.clear()
        self.filters.update(kept)
        given: dict[str, Any] = {"raise_exception": _refuse, "range": _range}
        self.globals.clear()
        self.globals.update(given | {"dict": dict, "namespace": Namespace})

    def compiled(self, source: str) -> Compiled:
        """The template of `source`. Raises JinjaError."""
        if len(source) > MOST_SOURCE:
            raise Runaway(f"it is longer than {MOST_SOURCE >> 10} KiB")
        try:
            tree = self.parse(source)
            for joined in list(tree.find_all(nodes.Concat)):
                _as_sum(joined, self)
            return self.from_string(tree)
        except (RecursionError, MemoryError, SyntaxError) as error:
            raise Runaway("it is nested too deep") from error

    def call_binop(self, context: Context, operator: str, left: object, right: object) -> object:
        """Compute what Jinja's operators ask for, unless it would be huge."""
        if operator == "**":
            raise Runaway("it uses **, which no chat template needs")
        if operator == "%" and isinstance(left, str):
            raise Runaway("it formats text with %, which no chat template needs")
        if operator == "*" and (_is_long(left) or _is_long(right)):
            size = _size(left) * _size(right) if isinstance(right, str | list | tuple) else 0
            count = right if isinstance(right, int) else left
            if (
                isinstance(count, int)
                and (size or max(_size(left), _size(right)) * count) > MOST_TEXT
            ):
                raise Runaway("it makes too large a text")
        if operator == "+" and _size(left) + _size(right) > MOST_TEXT:
            raise Runaway("it makes too large a text")
        if any(isinstance(one, int) and abs(one) > 1 << 62 for one in (left, right)):
            raise Runaway("it counts too far")
        return super().call_binop(context, operator, left, right)

    def call(self, context: Context, obj: object, *args: object, **kwargs: object) -> object:
        """Call what a template calls, unless it could grow without end."""
        name = getattr(obj, "__name__", "")
        owner = getattr(obj, "__self__", None)
        if isinstance(owner, str):
            if name in GROWING:
                raise Runaway(f"it calls .{name}, which no chat template needs")
            if name == "replace" and len(args) == 2:
                return _replace(owner, str(args[0]), str(args[1]))
            if name == "join" and args and isinstance(args[0], Iterable):
                return _join(args[0], owner)
        return super().call(context, obj, *args, **kwargs)

    def render(self, template: Compiled, values: Mapping[str, Any]) -> str:
        """The text of a template. Raises JinjaError, Runaway where it took too long."""
        size = 0
        pieces: list[str] = []
        before = sys.gettrace()
        sys.settrace(_Steps(template.root_render_func.__code__.co_filename))
        try:
            for piece in template.generate(**values):
                pieces.append(piece)
                size += len(piece)
                if size > MOST_TEXT:
                    raise Runaway("it makes too large a text")
        except (
            RecursionError,
            MemoryError,
            TypeError,
            ValueError,
            KeyError,
            OverflowError,
        ) as error:
            raise Runaway(f"it fails ({error})") from error
        except (AttributeError, IndexError, ZeroDivisionError) as error:
            raise Runaway(f"it fails ({error})") from error
        finally:
            sys.settrace(before)
        return "".join(pieces)


def _as_sum(joined: nodes.Concat, environment: Environment) -> None:
    """Make `a ~ b` of `a ~ b` into sums of texts, whose size is looked at."""
    texts = [nodes.Filter(one, "string", [], [], None, None) for one in joined.nodes]
    total: nodes.Expr = texts[0]
    for text in texts[1:]:
        total = nodes.Add(total, text)
    total.set_environment(environment)
    joined.nodes = [total]


def _refuse(message: object = "") -> NoReturn:
    raise Refused(str(message) or "it refuses this story")


def _range(*bounds: int) -> range:
    found = range(*bounds)
    if len(found) > 10_000:
        raise Runaway("it counts too far")
    return found


def _size(value: object) -> int:
    return len(value) if isinstance(value, str | list | tuple) else 0


def _is_long(value: object) -> bool:
    return isinstance(value, str | list | tuple)


def _replace(text: str, old: str, new: str, count: int | None = None) -> str:
    text, old, new = str(text), str(old), str(new)
    if (text.count(old) if old else len(text) + 1) * len(new) + len(text) > MOST_TEXT:
        raise Runaway("it makes too large a text")
    return text.replace(old, new, -1 if count is None else count)


def _join(values: Iterable[object], between: str = "") -> str:
    texts = [str(one) for one in values]
    if sum(map(len, texts)) + len(str(between)) * len(texts) > MOST_TEXT:
        raise Runaway("it makes too large a text")
    return str(between).join(texts)


def _tojson(value: object, indent: int | None = None, **_: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent if indent and indent < 9 else None)
