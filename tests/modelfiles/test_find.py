"""Models are found where the player and other programs keep them, and nothing is copied."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tui.modelfiles.find import FoundModel, Places, find_models, kind_at, model_at

HEX = "ab" * 32


def write(path: Path, data: bytes = b"GGUF" + b"\0" * 60) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def manifest(folder: Path, name: str, digest: str) -> None:
    layers = [
        {"mediaType": "application/vnd.ollama.image.template", "digest": "sha256:" + "0" * 64},
        {"mediaType": "application/vnd.ollama.image.model", "digest": digest},
    ]
    write(
        folder / "manifests" / "registry.ollama.ai" / name, json.dumps({"layers": layers}).encode()
    )


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home folder in which each program keeps one model."""
    home = tmp_path / "home"
    hub = home / ".cache" / "huggingface" / "hub" / "models--org--seven-7B-GGUF"
    blob = write(hub / "blobs" / "1234")
    snapshot = hub / "snapshots" / "c0ffee"
    snapshot.mkdir(parents=True)
    (snapshot / "seven.Q4_0.gguf").symlink_to(blob)
    (snapshot / "mmproj-seven.gguf").symlink_to(blob)
    folder = home / ".cache" / "huggingface" / "hub" / "models--org--raw" / "snapshots" / "beef"
    write(folder / "config.json", b"{}")
    write(folder / "model.safetensors", b"x" * 10)
    write(home / ".lmstudio" / "models" / "maker" / "eight" / "eight.gguf")
    write(home / ".ollama" / "models" / "blobs" / f"sha256-{HEX}")
    manifest(home / ".ollama" / "models", "library/nine/3b", f"sha256:{HEX}")
    manifest(home / ".ollama" / "models", "library/evil/1b", "sha256:../../../../etc/passwd")
    manifest(home / ".ollama" / "models", "library/gone/1b", f"sha256:{'cd' * 32}")
    write(home / ".ollama" / "models" / "manifests" / "h" / "library" / "bad" / "1b", b"{")
    write(home / ".cache" / "llama.cpp" / "ten.gguf")
    return home


def named(found: list[FoundModel]) -> dict[str, str]:
    return {one.name: one.source for one in found}


def test_each_programs_model_is_found_by_its_name(home: Path) -> None:
    places = Places.of({"OLLAMA_MODELS": str(home / ".ollama" / "models")}, home)
    assert named(find_models([], places)) == {
        "seven.Q4_0.gguf": "Hugging Face",
        "raw": "Hugging Face",
        "eight.gguf": "LM Studio",
        "nine:3b": "Ollama",
        "ten.gguf": "llama.cpp",
    }


def test_the_environment_says_where_they_are_instead(home: Path, tmp_path: Path) -> None:
    (home / ".lmstudio-home-pointer").write_text(f"{tmp_path / 'studio'}\n")
    write(tmp_path / "studio" / "models" / "a" / "b" / "eleven.gguf")
    write(tmp_path / "cache" / "twelve.gguf")
    environ = {
        "HF_HOME": str(tmp_path / "none"),
        "LLAMA_CACHE": str(tmp_path / "cache"),
        "OLLAMA_MODELS": str(tmp_path / "none"),
    }
    assert named(find_models([], Places.of(environ, home))) == {
        "eleven.gguf": "LM Studio",
        "twelve.gguf": "llama.cpp",
    }


def test_the_players_own_come_first_and_no_file_twice(home: Path, tmp_path: Path) -> None:
    own = write(tmp_path / "models" / "deep" / "mine.gguf")
    (tmp_path / "models" / "link.gguf").symlink_to(own)
    (tmp_path / "models" / "ten.gguf").symlink_to(home / ".cache" / "llama.cpp" / "ten.gguf")
    write(tmp_path / "models" / "old.bin", b"tjgg\3\0\0\0")
    write(tmp_path / "models" / "notes.bin", b"hello")
    write(tmp_path / "models" / ".fetching" / "half.gguf")
    places = Places.of({"OLLAMA_MODELS": "/nowhere", "HF_HOME": "/nowhere"}, home)
    found = find_models([tmp_path / "models", tmp_path / "gone"], places)
    assert [one.name for one in found] == ["link.gguf", "old.bin", "ten.gguf", "eight.gguf"]
    assert [one.kind for one in found][:2] == ["gguf", "ggml"]
    assert found[1].needs_converting


def test_a_split_model_is_one_model_with_all_its_bytes(tmp_path: Path) -> None:
    for part in (1, 2, 3):
        write(tmp_path / f"big-0000{part}-of-00003.gguf", b"GGUF" + b"\0" * 96)
    (found,) = find_models([tmp_path])
    assert (found.name, found.size_bytes) == ("big.gguf", 300)
    assert found.path.name == "big-00001-of-00003.gguf"


def test_kinds_are_told_by_what_is_in_a_file(tmp_path: Path) -> None:
    assert kind_at(write(tmp_path / "a.bin", b"GGUF....")) == "gguf"
    assert kind_at(write(tmp_path / "b.gguf", b"lmgg....")) == "ggml"
    assert kind_at(write(tmp_path / "c.gguf", b"<!doctype html>")) is None
    assert kind_at(tmp_path / "gone.gguf") is None
    adapter = b"GGUF" + bytes(20) + b"\x0c" + bytes(7) + b"adapter.type" + bytes(20)
    assert kind_at(write(tmp_path / "d.gguf", adapter)) is None
    assert model_at(tmp_path) is None
