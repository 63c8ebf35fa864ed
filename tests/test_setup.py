"""Set-up in a copy of the checkout: what it remembers, and what it puts in place."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

CHECKOUT = Path(__file__).parent.parent
FLAGS = "FABLETOP_CMAKE_ARGS"
GPU = "-DGGML_VULKAN=on"


@pytest.fixture
def setup(tmp_path: Path) -> ModuleType:
    """Set-up as a module, of a checkout of its own without a `.venv`."""
    root = tmp_path / "checkout"
    (root / "tui").mkdir(parents=True)
    for name in ("tui/setup.py", "pyproject.toml", "constraints.txt"):
        shutil.copy(CHECKOUT / name, root / name)
    spec = importlib.util.spec_from_file_location("copied_setup", root / "tui" / "setup.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_gpu_that_was_named_once_is_built_for_again(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    setup.VENV.mkdir()
    monkeypatch.setenv(FLAGS, GPU)
    setup.STAMP.write_text(setup.fingerprint(dev=False))
    setup.FLAGS.write_text(GPU)
    silent = {name: value for name, value in os.environ.items() if name != FLAGS}
    command = [sys.executable, "-I", str(setup.ROOT / "tui" / "setup.py")]
    done = subprocess.run(command, env=silent, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert not setup.python().exists()


@pytest.mark.parametrize("said", ["", "-DGGML_CUDA=on"])
def test_what_is_said_now_counts_more_than_what_was_said_then(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    setup.VENV.mkdir()
    setup.FLAGS.write_text(GPU)
    monkeypatch.setenv(FLAGS, said)
    setup.recall_flags()
    assert said in setup.cmake_arguments()
    assert GPU not in setup.cmake_arguments()


def wheel(folder: Path, text: str) -> Path:
    """A wheel of one module, always of the same version."""
    folder.mkdir()
    path = folder / "engine-1.0-py3-none-any.whl"
    about = "engine-1.0.dist-info"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("engine.py", text)
        file.writestr(f"{about}/METADATA", "Metadata-Version: 2.1\nName: engine\nVersion: 1.0\n")
        file.writestr(
            f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        file.writestr(
            f"{about}/RECORD",
            f"engine.py,,\n{about}/METADATA,,\n{about}/WHEEL,,\n{about}/RECORD,,\n",
        )
    return path


def test_a_wheel_takes_the_place_of_one_of_the_same_version(
    setup: ModuleType, tmp_path: Path
) -> None:
    setup.make_venv()
    for built_for in ("processor", "gpu"):
        setup.install_wheel(wheel(tmp_path / built_for, f"print({built_for!r})"))
    said = subprocess.check_output([str(setup.python()), "-c", "import engine"], text=True)
    assert said.strip() == "gpu"
