"""What is measured when a model is loaded, and how long it is believed."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.engine.inside import Inside, divergence
from tui.engine import LoadSettings
from tui.engine.protocol import settings_to_message
from tui.engine.worker.attention import deepen, depth_for, step_seconds
from tui.engine.worker.context import DONE, Context, ContextShape
from tui.engine.worker.library import Library, api
from tui.engine.worker.measure import is_quiet, is_steady, measured_before
from tui.engine.worker.model import Model
from tui.engine.worker.pipes import Alarm
from tui.engine.worker.remembered import FILE_NAME, Remembered
from tui.engine.worker.scoring import log_softmax
from tui.machine import cores

SETTINGS = LoadSettings(n_ctx=256, gpu_layers=0, n_threads=1)
SET = LoadSettings(n_ctx=256, gpu_layers=0, n_threads=1, flash_attention=False)


def kept(cache: Path) -> dict[str, object]:
    """All that a cache folder remembers."""
    path = cache / FILE_NAME
    return json.loads(path.read_bytes()) if path.exists() else {}


def waiting(monkeypatch: pytest.MonkeyPatch, programs: float) -> None:
    """Let so many programs have computed or waited in the last minute."""
    monkeypatch.setattr(os, "getloadavg", lambda: (programs, programs, programs))


@pytest.mark.parametrize(
    ("steps", "steady"),
    [
        ([1.0, 1.1, 1.0, 1.2], True),
        ([1.0, 1.0, 9.0, 1.1], True),
        ([1.0, 9.0, 1.0, 9.0], False),
        ([1.0, 2.0, 2.0, 2.0], False),
    ],
)
def test_steps_are_steady_where_one_alone_is_slow(steps: list[float], steady: bool) -> None:
    assert is_steady(steps) is steady


def test_a_machine_is_quiet_while_few_programs_want_its_cores(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for load, quiet in ((0.0, True), (0.2, True), (0.3, False), (2.0, False)):
        waiting(monkeypatch, load * cores())
        assert is_quiet() is quiet


def test_speeds_of_a_busy_machine_are_measured_again(
    library: Library, tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting(monkeypatch, 1000.0)
    inside = Inside(library, tiny_model, SET, tmp_path)
    first = inside.loaded.info.write_per_second
    inside.load()
    assert kept(tmp_path) == {}
    assert inside.loaded.info.write_per_second != first


def test_speeds_of_a_quiet_machine_are_kept(
    library: Library, tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting(monkeypatch, 0.0)
    inside = Inside(library, tiny_model, SET, tmp_path)
    loads = 1
    while not kept(tmp_path):
        assert loads < 50, "no load of many was steady"
        inside.load()
        loads += 1
    found = inside.loaded.info
    [value] = kept(tmp_path).values()
    assert value == [1, found.read_per_second, found.write_per_second]
    inside.load()
    assert inside.loaded.info.write_per_second == found.write_per_second


def test_a_load_that_ended_a_step_is_measured_as_any_other(
    library: Library, tiny_model: Path
) -> None:
    inside = Inside(library, tiny_model, SETTINGS)
    inside.alarm.sound()
    inside.load()
    assert inside.loaded.info.write_per_second > 10


def test_flash_attention_is_chosen_once_even_on_a_busy_machine(
    library: Library, tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting(monkeypatch, 1000.0)
    inside = Inside(library, tiny_model, SETTINGS, tmp_path)
    [(key, chosen)] = kept(tmp_path).items()
    assert inside.loaded.info.flash_attention is chosen
    for other in (not chosen, chosen):
        Remembered(tmp_path).keep(key, other)
        inside.load()
        assert inside.loaded.info.flash_attention is other
    Remembered(tmp_path).keep(key, "yes")
    inside.load()
    assert isinstance(kept(tmp_path)[key], bool)


@pytest.mark.parametrize(
    ("settings", "flash"),
    [
        (LoadSettings(n_ctx=256, n_threads=1, flash_attention=True), True),
        (SET, False),
        (LoadSettings(n_ctx=256, n_threads=1, kv_type_v="q8_0"), True),
    ],
)
def test_what_is_set_or_must_be_is_not_measured(
    library: Library,
    tiny_model: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    settings: LoadSettings,
    flash: bool,
) -> None:
    waiting(monkeypatch, 1000.0)
    inside = Inside(library, tiny_model, settings, tmp_path)
    assert inside.loaded.info.flash_attention is flash
    assert kept(tmp_path) == {}


def test_after_a_load_that_crashed_flash_attention_is_not_tried(
    library: Library, tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting(monkeypatch, 1000.0)
    inside = Inside(library, tiny_model, SET, tmp_path)
    inside.ask("load", path=str(tiny_model), settings=settings_to_message(SETTINGS), plain=True)
    assert inside.loaded.info.flash_attention is False
    assert kept(tmp_path) == {}


def test_a_longer_window_is_measured_deeper() -> None:
    shapes = [ContextShape(cells, 64, 1, flash_attention=False) for cells in (512, 1536, 9216)]
    assert [depth_for(shape) for shape in shapes] == [170, 512, 1024]


@pytest.mark.parametrize("flash", [False, True])
def test_cells_are_doubled_without_being_computed(model: Model, flash: bool) -> None:
    """What is attended to comes to the same with twice as many copies of it, but for a token's own part."""
    context = Context(model, ContextShape(1024, 64, 1, flash_attention=flash, n_seq=2), Alarm())

    def following(start: int, tokens: list[int]) -> NDArray[np.float64]:
        context.batch.clear()
        output = context.batch.add(0, start, tokens, output=True)
        assert context.decode() == DONE
        context.sequences.restore(0, [300, 301, 302, 303, 304])
        context.sequences.cut(0, 4)
        return log_softmax(context.logits(output))

    alone = following(0, [300, 301, 302, 303, 304])
    four = api.llama_state_seq_get_size(context.pointer, 0)
    deepen(context, 4, 255)
    some = following(4, [304])
    deepen(context, 128, 256)
    many = following(4, [304])
    assert 60 * four < api.llama_state_seq_get_size(context.pointer, 0) <= 64 * four
    assert divergence(alone, many) > 100 * divergence(some, many)
    context.close()


def test_what_cannot_be_made_is_never_the_faster_one(model: Model) -> None:
    shape = ContextShape(512, 64, 1, flash_attention=False, kv_type_v="q8_0")
    assert step_seconds(model, shape) == float("inf")


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"\xff\xfe", b'{"other": 1}'])
def test_a_file_that_is_not_ours_remembers_nothing_and_is_replaced(
    tmp_path: Path, data: bytes
) -> None:
    (tmp_path / FILE_NAME).write_bytes(data)
    remembered = Remembered(tmp_path)
    assert remembered.get("key") is None
    remembered.keep("key", [1, 2.0])
    assert remembered.get("key") == [1, 2.0]


def test_where_nothing_can_be_written_nothing_is_remembered(tmp_path: Path) -> None:
    (tmp_path / "full").touch()
    remembered = Remembered(tmp_path / "full")
    remembered.keep("key", 1)
    assert remembered.get("key") is None


@pytest.mark.parametrize(
    "value",
    [None, 3, [], [1, 2.0], [0, 1.0, 1.0], [10**6, 1.0, 1.0], ["1", 1.0, 1.0], [1, 0.0, 1.0]],
)
def test_what_is_no_measurement_is_not_believed(value: object) -> None:
    assert measured_before(value) is None
