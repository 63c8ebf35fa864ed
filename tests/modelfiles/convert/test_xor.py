"""XOR files are decoded, checked against their MD5 sums and converted."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tests.modelfiles.convert.hf_writer import write_folder
from tests.modelfiles.convert.reader import Reader
from tests.modelfiles.convert.results import CLOSE, PROMPT, distance
from tests.modelfiles.convert.small import Small
from tui.modelfiles.convert import (
    ConvertError,
    Kind,
    check_md5,
    convert,
    decode_xor,
    kind_of,
    parse_md5,
    shipped_lists,
)


def encode(wanted: Path, base: Path, payload: Path) -> None:
    """XOR a folder with another, as its publisher did."""
    payload.mkdir()
    for path in wanted.iterdir():
        raw = path.read_bytes()
        other = (base / path.name).read_bytes()[: len(raw)].ljust(len(raw), b"\0")
        made = bytes(one ^ two for one, two in zip(raw, other, strict=True))
        (payload / path.name).write_bytes(made)


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path, Path]:
    """What was published, the base, and the model that comes of them."""
    write_folder(tmp_path / "llama", Small(), "F16", "torch", note="made by an older version")
    write_folder(tmp_path / "wanted", Small(seed=9), "F16", "torch", transformers="4.28")
    encode(tmp_path / "wanted", tmp_path / "llama", tmp_path / "xor")
    return tmp_path / "xor", tmp_path / "llama", tmp_path / "wanted"


def sums_of(folder: Path) -> str:
    """A folder's MD5 sums, as `rhash -M *` writes them."""
    lines = [
        f"{hashlib.md5(path.read_bytes()).hexdigest()}  {path.name}" for path in folder.iterdir()
    ]
    return "\n".join(lines) + "\n"


def test_decoding_gives_the_published_bytes(
    folders: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    payload, base, wanted = folders
    assert kind_of(payload) is Kind.XOR
    seen: list[tuple[int, int]] = []
    notes = decode_xor(
        payload, base, tmp_path / "out", on_progress=lambda p: seen.append((p.done, p.total))
    )
    assert notes == ()
    for path in wanted.iterdir():
        assert (tmp_path / "out" / path.name).read_bytes() == path.read_bytes()
    assert seen[-1][0] == seen[-1][1]
    report = check_md5(tmp_path / "out", parse_md5(sums_of(wanted), "wanted"))
    assert report.right
    assert report.sentence == "All 4 files are those of wanted."


def test_in_one_step_it_becomes_a_model(
    folders: tuple[Path, Path, Path], tmp_path: Path, reader: Reader
) -> None:
    payload, base, _ = folders
    made = convert(payload, tmp_path / "m.gguf", base=base)
    network = Small(seed=9)
    assert distance(reader.logits(made, PROMPT), network.logits(PROMPT)) < 2 * CLOSE
    assert sorted(path.name for path in tmp_path.iterdir()) == ["llama", "m.gguf", "wanted", "xor"]


def test_a_base_with_windows_line_endings_is_named_and_read(
    folders: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    payload, base, wanted = folders
    config = base / "config.json"
    config.write_bytes(config.read_bytes().replace(b"\n", b"\r\n"))
    [note] = decode_xor(payload, base, tmp_path / "out")
    assert note == f"{config} has Windows line endings; it was read as if it had Unix ones."
    assert (tmp_path / "out" / "config.json").read_bytes() == (wanted / "config.json").read_bytes()


def test_a_decoded_file_with_windows_line_endings_is_named(
    folders: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    payload, base, wanted = folders
    sums = parse_md5(sums_of(wanted).replace("\n", "\r\n"), "wanted")
    decode_xor(payload, base, tmp_path / "out")
    config = tmp_path / "out" / "config.json"
    config.write_bytes(config.read_bytes().replace(b"\n", b"\r\n"))
    (tmp_path / "out" / "tokenizer.model").unlink()
    report = check_md5(tmp_path / "out", sums)
    assert report.files["config.json"] == "windows line endings"
    assert report.files["tokenizer.model"] == "missing"
    assert "config.json (windows line endings)" in report.sentence
    assert "core.autocrlf" in report.sentence


def test_another_base_is_found_out(folders: tuple[Path, Path, Path], tmp_path: Path) -> None:
    payload, _, _ = folders
    write_folder(tmp_path / "other", Small(seed=3), "F16", "torch", note="another", more="text")
    with pytest.raises(ConvertError, match=r"config\.json did not become JSON.*transformers"):
        convert(payload, tmp_path / "m.gguf", base=tmp_path / "other")
    assert not list(tmp_path.glob("m.gguf*"))


def test_a_base_that_lacks_a_file_is_named(
    folders: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    payload, base, _ = folders
    (base / "tokenizer.model").unlink()
    with pytest.raises(ConvertError, match=r"llama lacks tokenizer\.model"):
        decode_xor(payload, base, tmp_path / "out")
    with pytest.raises(ConvertError, match="name the folder of LLaMA"):
        convert(payload, tmp_path / "m.gguf")


def test_the_lists_of_the_model_cards_ship() -> None:
    lists = {one.name: one.sums for one in shipped_lists()}
    assert lists.keys() == {"metharme-7b", "pygmalion-7b"}
    assert {len(sums) for sums in lists.values()} == {9}
    assert lists["metharme-7b"]["config.json"] == "4ad1977f59098f1b9dd022684f70e3d8"
    assert lists["pygmalion-7b"]["tokenizer_config.json"] == "9b3cf7b8c0e4783dbc1419b4cafe8e1e"


def test_a_folder_that_no_list_fits_is_said_to_be_that(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    report = check_md5(tmp_path)
    assert (report.list_name, report.right) == (None, False)
