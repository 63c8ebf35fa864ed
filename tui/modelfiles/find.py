"""Models that are on this machine already: in the player's folders, and where other programs keep theirs.

Nothing is copied, moved or opened beyond its first bytes. Where the others keep theirs:
the Hugging Face hub's cache (https://huggingface.co/docs/huggingface_hub/guides/manage-cache),
LM Studio (https://lmstudio.ai/docs/basics/import-model), Ollama's manifests and blobs, llama.cpp's
cache.
"""

from __future__ import annotations

import json
import os
import re
import struct
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

Kind = Literal["gguf", "ggml", "folder"]

OURS = "models folder"
STAGING = ".fetching"
"""The folder in a models folder where downloads are until they are whole."""
GGUF_MAGIC = b"GGUF"
GGML_MAGICS = frozenset({b"lmgg", b"fmgg", b"tjgg"})
ADAPTER_KEY = struct.pack("<Q", 12) + b"adapter.type"
ADAPTER_WITHIN = 4096
"""An adapter says what it is in this key, near its file's beginning."""
MOST_MANIFEST_BYTES = 1 << 20
MOST_FILES = 20_000
DEEPEST = 6
LATER_PART = re.compile(r"-(?!00001)\d{5}-of-\d{5}\.gguf$", re.IGNORECASE)
FIRST_PART = re.compile(r"-00001-of-(\d{5})(?=\.gguf$)", re.IGNORECASE)
WEIGHTS = ("*.safetensors", "pytorch_model*.bin")
MODEL_LAYER = "application/vnd.ollama.image.model"


@dataclass(frozen=True, slots=True)
class FoundModel:
    """A model on this machine; `source` says in a word or two whose it is."""

    path: Path
    name: str
    source: str
    size_bytes: int
    kind: Kind = "gguf"

    @property
    def needs_converting(self) -> bool:
        """Whether llama.cpp cannot read it as it is."""
        return self.kind != "gguf"


@dataclass(frozen=True, slots=True)
class Places:
    """Where the other programs keep their models; a folder need not be there."""

    hub: Path
    lm_studio: tuple[Path, ...]
    ollama: tuple[Path, ...]
    llama_cpp: Path

    @classmethod
    def of(cls, environ: Mapping[str, str], home: Path) -> Places:
        """The places that the environment names, or else each program's own."""
        caches = Path(environ.get("XDG_CACHE_HOME") or home / ".cache")
        hub_home = Path(environ.get("HF_HOME") or caches / "huggingface")
        named = environ.get("HF_HUB_CACHE") or environ.get("HUGGINGFACE_HUB_CACHE")
        pointer = home / ".lmstudio-home-pointer"
        studio = Path(_first_line(pointer) or home / ".lmstudio")
        own = home / "Library" / "Caches" if sys.platform == "darwin" else caches
        ollama = environ.get("OLLAMA_MODELS")
        return cls(
            hub=Path(named) if named else hub_home / "hub",
            lm_studio=(studio / "models", home / ".cache" / "lm-studio" / "models"),
            ollama=(Path(ollama),)
            if ollama
            else (home / ".ollama" / "models", Path("/usr/share/ollama/.ollama/models")),
            llama_cpp=Path(environ.get("LLAMA_CACHE") or own / "llama.cpp"),
        )


def find_models(folders: Iterable[Path], places: Places | None = None) -> list[FoundModel]:
    """Every model in `folders` and in other programs' places, each file once, the player's first.

    Folders that cannot be read are passed by.
    """
    found: dict[Path, FoundModel] = {}
    for one in _everything(folders, places):
        found.setdefault(one.path.resolve(), one)
    return list(found.values())


def _everything(folders: Iterable[Path], places: Places | None) -> Iterator[FoundModel]:
    for folder in folders:
        yield from models_in(folder, OURS)
    if places is not None:
        yield from _in_hub(places.hub)
        for folder in places.lm_studio:
            yield from models_in(folder, "LM Studio")
        for folder in places.ollama:
            yield from _in_ollama(folder)
        yield from models_in(places.llama_cpp, "llama.cpp")


def models_in(folder: Path, source: str) -> Iterator[FoundModel]:
    """The models in a folder and the folders in it, by name."""
    for path in _walk(folder):
        if (one := model_at(path, source)) is not None:
            yield one


def model_at(path: Path, source: str = "") -> FoundModel | None:
    """The model that a file or a Hugging Face folder is; None where it is none.

    Pictures' encoders (`mmproj`), LoRA adapters and the later parts of a split model are none.
    """
    kind = kind_at(path)
    if kind is None:
        return None
    files = [path]
    if kind == "folder":
        files = [file for pattern in WEIGHTS for file in path.glob(pattern)]
    elif part := FIRST_PART.search(path.name):
        others = FIRST_PART.sub(f"-*-of-{part[1]}", path.name)
        files = list(path.parent.glob(others))
    name = path.name if kind == "folder" else FIRST_PART.sub("", path.name)
    return FoundModel(path, name, source, sum(map(_size, files)), kind)


def kind_at(path: Path) -> Kind | None:
    """What a path holds, told from its first bytes and not from its name."""
    if path.is_dir():
        whole = (path / "config.json").is_file() and any(
            next(path.glob(pattern), None) for pattern in WEIGHTS
        )
        return "folder" if whole else None
    name = path.name.lower()
    if "mmproj" in name or LATER_PART.search(name):
        return None
    try:
        with path.open("rb") as file:
            start = file.read(ADAPTER_WITHIN)
    except OSError:
        return None
    magic = start[:4]
    if magic == GGUF_MAGIC:
        return None if ADAPTER_KEY in start else "gguf"
    return "ggml" if magic in GGML_MAGICS else None


def _walk(folder: Path) -> Iterator[Path]:
    """Files that may be models, and folders that are one, in the order of their names."""
    seen = 0
    for at, folders, files in os.walk(folder):
        here = Path(at)
        depth = len(here.relative_to(folder).parts)
        folders[:] = sorted(one for one in folders if not one.startswith("."))
        if depth >= DEEPEST or seen > MOST_FILES:
            folders.clear()
        if depth and kind_at(here) == "folder":
            folders.clear()
            yield here
            continue
        seen += len(files)
        for name in sorted(files):
            if name.lower().endswith((".gguf", ".bin")) and not name.startswith("."):
                yield here / name


def _in_hub(cache: Path) -> Iterator[FoundModel]:
    """The hub's cache: `models--org--repo/snapshots/<commit>/`, the files links into `blobs/`."""
    for repo in _sorted(cache, "models--*"):
        _, _, owner_and_name = repo.name.partition("--")
        title = owner_and_name.replace("--", "/", 1)
        for snapshot in _sorted(repo / "snapshots", "*"):
            whole = model_at(snapshot, "Hugging Face")
            if whole is not None:
                name = title.rpartition("/")[2]
                yield FoundModel(whole.path, name, whole.source, whole.size_bytes, whole.kind)
                continue
            for path in _walk(snapshot):
                if (one := model_at(path, "Hugging Face")) is not None:
                    yield one


def _in_ollama(folder: Path) -> Iterator[FoundModel]:
    """Ollama's models: `manifests/<host>/<owner>/<model>/<tag>` names the blob of the weights."""
    for manifest in _sorted(folder, "manifests*/*/*/*/*"):
        blob = _ollama_blob(manifest, folder / "blobs")
        if blob is None or kind_at(blob) != "gguf":
            continue
        *_, owner, model, tag = manifest.parts
        name = f"{model}:{tag}" if owner == "library" else f"{owner}/{model}:{tag}"
        yield FoundModel(blob, name, "Ollama", _size(blob))


def _ollama_blob(manifest: Path, blobs: Path) -> Path | None:
    """The weights that a manifest names, if they lie where they should."""
    try:
        with manifest.open("rb") as file:
            said: Any = json.loads(file.read(MOST_MANIFEST_BYTES))
        layers = [layer for layer in said["layers"] if layer["mediaType"] == MODEL_LAYER]
        digest = str(layers[0]["digest"])
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return None
    if not re.fullmatch(r"sha256[:-][0-9a-f]{64}", digest):
        return None
    blob = blobs / digest.replace(":", "-")
    return blob if blob.is_file() else None


def _sorted(folder: Path, pattern: str) -> list[Path]:
    try:
        return sorted(folder.glob(pattern))
    except OSError:
        return []


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _first_line(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip().split("\n")[0]
    except (OSError, UnicodeDecodeError):
        return ""
