"""A folder's checkpoint: which files it has, and every tensor in them by name."""

from __future__ import annotations

from pathlib import Path

from tui.modelfiles.convert.errors import ConvertError
from tui.modelfiles.convert.safetensors_file import read_safetensors
from tui.modelfiles.convert.stored import Stored
from tui.modelfiles.convert.torch_file import read_torch

Checkpoint = dict[str, Stored]

_PATTERNS = ("model*.safetensors", "*.safetensors", "pytorch_model*.bin", "*.pt")
_OTHERS = ("adapter_model", "optimizer", "scheduler", "training_args", "rng_state")
MOST_FILES = 1000


def checkpoint_files(folder: Path) -> list[Path]:
    """The files that hold a model's tensors; where there are two forms of it, the safer one's."""
    for pattern in _PATTERNS:
        found = sorted(path for path in folder.glob(pattern) if not path.name.startswith(_OTHERS))
        if found:
            return found[:MOST_FILES]
    return []


def open_checkpoint(folder: Path) -> Checkpoint:
    """Every tensor of a model's folder; raises ConvertError."""
    files = checkpoint_files(folder)
    if not files:
        raise ConvertError(
            f"{folder} has no *.safetensors and no pytorch_model*.bin; fetch the model's weights too."
        )
    return open_files(files)


def open_files(files: list[Path]) -> Checkpoint:
    """Every tensor of some files, whose names must differ; raises ConvertError."""
    made: Checkpoint = {}
    for path in files:
        for tensor in read_tensors(path):
            if tensor.name in made:
                raise ConvertError(
                    f"{path.parent} has the tensor {tensor.name[:80]} in two files; keep one copy of "
                    "the model in the folder."
                )
            made[tensor.name] = tensor
    return made


def read_tensors(path: Path) -> list[Stored]:
    """The tensors of one file, safetensors or PyTorch's zip by what it begins with."""
    try:
        with path.open("rb") as file:
            start = file.read(4)
    except OSError as error:
        raise ConvertError(f"{path} cannot be read: {error.strerror}.") from error
    if start.startswith(b"PK"):
        return read_torch(path)
    if path.suffix == ".safetensors":
        return read_safetensors(path)
    if start.startswith(b"vers"):
        raise ConvertError(
            f"{path} is a Git LFS pointer and not the model itself; fetch the file from its page."
        )
    raise ConvertError(
        f"{path} is not a PyTorch file of a kind that can be read safely (a zip, since PyTorch 1.6); "
        "look for the model as safetensors."
    )
