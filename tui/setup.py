"""Set-up: from a fresh checkout to a `.venv` in which the game runs.

Standard library only, since it runs before anything is installed:
`python3 -I tui/setup.py [--dev]`, which the Makefile does. llama.cpp is compiled once and the
wheel kept in the cache folder, named by version, flags and processor, so that a new `.venv`
does not compile again. x86-64 builds leave AMX out: GCC 12 miscompiles llama.cpp's use of it.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import os
import platform
import re
import shlex
import shutil
import subprocess
import sys
import time
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "fabletop-set-up.txt"
FLAGS = VENV / "fabletop-cmake-args.txt"
CONSTRAINTS = ROOT / "constraints.txt"
NO_AMX = "-mno-amx-tile -mno-amx-int8 -mno-amx-bf16"
STEP = re.compile(rb"\[(\d+)/(\d+)\]")


class SetUpError(Exception):
    """Set-up cannot go on; the text says why and what to type."""


def main() -> int:
    """Make `.venv` what pyproject.toml and constraints.txt say; quick if it already is."""
    parser = argparse.ArgumentParser(description="Set Fabletop up in .venv.")
    parser.add_argument("--dev", action="store_true", help="also install what the tests need")
    options = parser.parse_args()
    recall_flags()
    wanted = fingerprint(dev=options.dev)
    done = STAMP.read_text().split() if STAMP.is_file() else []
    if wanted in done:
        return 0
    STAMP.unlink(missing_ok=True)
    try:
        check_python()
        make_venv()
        install(dev=options.dev)
        prove()
    except SetUpError as error:
        print(f"fabletop: {error}", file=sys.stderr)
        return 1
    STAMP.write_text("\n".join([wanted, fingerprint(dev=False)]) + "\n")
    FLAGS.write_text(os.environ["FABLETOP_CMAKE_ARGS"])
    return 0


def recall_flags() -> None:
    """Build as `.venv` was built, where this command doesn't say otherwise: a GPU is named once."""
    kept = FLAGS.read_text() if FLAGS.is_file() else ""
    os.environ.setdefault("FABLETOP_CMAKE_ARGS", kept)


def fingerprint(*, dev: bool) -> str:
    """A word for everything that decides what is installed."""
    parts = [(ROOT / "pyproject.toml").read_bytes(), CONSTRAINTS.read_bytes()]
    parts += [wheel_key().encode(), str(ROOT).encode(), b"dev" if dev else b"play"]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]


def check_python() -> None:
    """Raise SetUpError where this Python cannot make a virtual environment."""
    for name in ("venv", "ensurepip"):
        if importlib.util.find_spec(name) is None:
            raise SetUpError(f"this Python has no {name}: sudo apt install python3-venv")


def make_venv() -> None:
    """Create `.venv` where there is none that works."""
    if python().is_file() and quiet([str(python()), "-c", "import pip"]):
        return
    say("making .venv")
    shutil.rmtree(VENV, ignore_errors=True)
    run([sys.executable, "-m", "venv", str(VENV)], "the virtual environment could not be made")


def install(*, dev: bool) -> None:
    """Install the game, llama.cpp from its kept wheel, and for `dev` the tests' packages."""
    wheel = kept_wheel()
    if wheel is None:
        wheel = build_wheel()
    say("installing the game" + (" and what its tests need" if dev else ""))
    install_wheel(wheel)
    pip("install", "--editable", str(ROOT))
    if dev:
        pip("install", *dev_packages())


def install_wheel(wheel: Path) -> None:
    """Put a wheel in place of an installed one of the same version, which pip alone leaves."""
    pip("install", "--no-deps", "--force-reinstall", str(wheel))


def dev_packages() -> list[str]:
    """The packages of pyproject.toml's dev group."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]["dev"]


def prove() -> None:
    """Run a Q8_0 and a Q4_0 model once, so that a broken build shows now and not in a story."""
    say("trying the engine")
    model = ROOT / "models" / "pocket.gguf"
    command = [str(python()), "-m", "tui.engine.probe", str(model)]
    run(command, "the engine was built but cannot run a model: please report the lines above")


def build_wheel() -> Path:
    """Compile llama-cpp-python with the cache off; returns the kept wheel."""
    if not any(shutil.which(name) for name in ("c++", "g++", "clang++")):
        raise SetUpError(
            "a C++ compiler is needed once, to build the engine: sudo apt install build-essential"
        )
    folder = wheel_folder()
    folder.mkdir(parents=True, exist_ok=True)
    building = folder / f"building-{os.getpid()}"
    command = [str(python()), "-m", "pip", "wheel", "--verbose", "--no-cache-dir", "--no-deps"]
    command += ["--no-binary", "llama-cpp-python", "--constraint", str(CONSTRAINTS)]
    command += ["--wheel-dir", str(building), f"llama-cpp-python=={wheel_version()}"]
    log = folder / "build.log"
    say("building llama.cpp, once: about 5 minutes on two cores, more for a GPU")
    watch_build(command, log)
    built = next(building.glob("llama_cpp_python-*.whl"))
    kept = folder / built.name
    built.replace(kept)
    shutil.rmtree(building)
    return kept


def watch_build(command: list[str], log: Path) -> None:
    """Run the build with one quiet line of progress; its whole output goes to `log`."""
    started = time.monotonic()
    first: tuple[float, int] | None = None
    environment = {**os.environ, "CMAKE_ARGS": cmake_arguments()}
    with (
        log.open("wb") as out,
        subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment
        ) as build,
    ):
        assert build.stdout is not None
        for line in build.stdout:
            out.write(line)
            if match := STEP.search(line):
                step, steps = int(match[1]), int(match[2])
                first = first or (time.monotonic(), step)
                progress(step, steps, first)
    if sys.stderr.isatty():
        print(file=sys.stderr)
    if build.returncode:
        tail = b"".join(log.read_bytes().splitlines(keepends=True)[-12:]).decode(errors="replace")
        raise SetUpError(
            f"llama.cpp could not be built; the whole output is in {log}, its end is:\n{tail}"
        )
    say(f"built in {time.monotonic() - started:.0f} seconds")


def progress(step: int, steps: int, first: tuple[float, int]) -> None:
    """Rewrite the progress line, on a terminal only."""
    if not sys.stderr.isatty():
        return
    done = step - first[1]
    left = (time.monotonic() - first[0]) / done * (steps - step) if done else 0
    filled = 24 * step // steps
    bar = "━" * filled + "╌" * (24 - filled)
    text = f"about {left / 60:.0f} min left" if left > 90 else f"about {left:.0f} s left"
    print(
        f"\r  {bar} {step}/{steps}  {text if done else '':<18}", end="", file=sys.stderr, flush=True
    )


def kept_wheel() -> Path | None:
    """The wheel of an earlier build with the same version, flags and processor."""
    return next(iter(sorted(wheel_folder().glob("llama_cpp_python-*.whl"))), None)


def wheel_folder() -> Path:
    """Where wheels of this key are kept."""
    home = os.environ.get("FABLETOP_HOME")
    cache = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    base = Path(home) / "cache" if home else Path(cache) / "fabletop"
    return base / "wheels" / wheel_key()


def wheel_key() -> str:
    """Version, flags and processor in one folder name."""
    flags = hashlib.sha256(f"{cmake_arguments()}\n{processor()}".encode()).hexdigest()[:12]
    return f"{wheel_version()}-{platform.system().lower()}-{platform.machine()}-{flags}"


def wheel_version() -> str:
    """The pinned version of llama-cpp-python."""
    match = re.search(r"^llama-cpp-python==(\S+)", CONSTRAINTS.read_text(), re.MULTILINE)
    if match is None:
        raise SetUpError("constraints.txt does not pin llama-cpp-python")
    return match[1]


def cmake_arguments() -> str:
    """What llama.cpp is built with; FABLETOP_CMAKE_ARGS adds to it (`-DGGML_CUDA=on`)."""
    words = [os.environ.get("FABLETOP_CMAKE_ARGS", "")]
    if platform.machine().lower() in ("x86_64", "amd64"):
        words += [
            f"-DCMAKE_C_FLAGS={shlex.quote(NO_AMX)}",
            f"-DCMAKE_CXX_FLAGS={shlex.quote(NO_AMX)}",
        ]
    return " ".join(word for word in words if word)


def processor() -> str:
    """What a native build depends on: the processor's instruction sets."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next(
        (line for line in lines if line.startswith(("flags", "Features"))), platform.processor()
    )


def pip(*arguments: str) -> None:
    command = [str(python()), "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments]
    run(
        [*command, "--constraint", str(CONSTRAINTS)],
        "a package could not be installed; is the network there?",
    )


def python() -> Path:
    """The Python of `.venv`."""
    return VENV / "bin" / "python"


def run(command: list[str], failure: str) -> None:
    """Run `command`; raise SetUpError with its output and `failure` where it fails."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SetUpError(f"{(done.stdout + done.stderr).strip()}\n{failure}")


def quiet(command: list[str]) -> bool:
    """Whether `command` succeeds, its output dropped."""
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def say(text: str) -> None:
    """One quiet line."""
    print(f"  {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
