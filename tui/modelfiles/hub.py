"""Models of the Hugging Face hub, or at any address, fetched. Child process only.

`huggingface_hub` asks, authenticates (`HF_TOKEN`), follows, retries and goes on where a download
stopped; what came is in a folder of its own until its length and SHA-256 are right.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

import httpx2
from huggingface_hub import HfApi, constants, hf_hub_url
from huggingface_hub.errors import (
    EntryNotFoundError,
    GatedRepoError,
    HfHubHTTPError,
    HFValidationError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)
from huggingface_hub.file_download import http_get
from huggingface_hub.utils import build_hf_headers, get_session

from tui.modelfiles.errors import ModelFileError, disk_error
from tui.modelfiles.find import FIRST_PART, LATER_PART, STAGING, kind_at

Tell = Callable[[str, int, int, str], None]
Offer = dict[str, Any]

SPARE_BYTES = 64 << 20
CHUNK_BYTES = 1 << 20
SUFFIXES = (".gguf", ".bin")
BEST = ("q4_k_m", "q4_k_s", "q4_0", "q5_k_m", "q8_0", "f16")
"""Which of many files is taken where none is named, the first that there is."""
ADULT_TAGS = frozenset({"not-for-all-audiences", "nsfw"})
REPO = re.compile(r"^[\w.-]+/[\w.-]+$")


def look(wanted: str) -> Offer:
    """What `wanted` (`org/repo`, `org/repo:file`, `org/repo:q4_k_m` or an address) stands for.

    Raises ModelFileError.
    """
    with in_words(wanted):
        repo, file, revision = _parted(wanted)
        return _look_on_hub(repo, file, revision) if repo else _look_at_address(wanted)


def _endpoint() -> str:
    """The hub that is asked."""
    return os.environ.get("HF_ENDPOINT") or constants.ENDPOINT


def _parted(wanted: str) -> tuple[str, str, str]:
    """Repository, file and revision; all empty for an address that is none of the hub's."""
    if wanted.startswith(("http://", "https://")):
        parts = urlsplit(wanted)
        hosts = {"huggingface.co", "hf.co", urlsplit(_endpoint()).netloc}
        steps = [unquote(step) for step in parts.path.strip("/").split("/")]
        if parts.netloc not in hosts or len(steps) < 2:
            return "", "", ""
        repo = "/".join(steps[:2])
        if len(steps) > 4 and steps[2] in ("resolve", "blob", "raw"):
            return repo, "/".join(steps[4:]), steps[3]
        return ("", "", "") if steps[-1].lower().endswith(SUFFIXES) else (repo, "", "")
    repo, _, file = wanted.removeprefix("hf.co/").partition(":")
    if not REPO.match(repo):
        raise ModelFileError(
            f"“{wanted[:80]}” is no model's name: `fabletop model list` shows the ones that are "
            "known; else name org/repo, org/repo:file or an address."
        )
    return repo, file, ""


def _look_on_hub(repo: str, file: str, revision: str) -> Offer:
    info = HfApi(endpoint=_endpoint()).model_info(
        repo, revision=revision or None, files_metadata=True
    )
    sizes = {one.rfilename: one for one in info.siblings or ()}
    name = _pick(repo, file, sorted(sizes))
    files: list[dict[str, Any]] = [
        {"path": one, "size": sizes[one].size or 0, "sha256": _sha(sizes[one])}
        for one in _parts(name, sizes)
    ]
    card: Mapping[str, Any] = info.card_data.to_dict() if info.card_data else {}
    licence = str(card.get("license_name") or card.get("license") or "")
    return {
        "repo": repo,
        "revision": info.sha or "main",
        "url": "",
        "name": PurePosixPath(name).name,
        "files": files,
        "size": sum(one["size"] for one in files),
        "licence": licence,
        "adult": not ADULT_TAGS.isdisjoint(one.lower() for one in info.tags or ()),
    }


def _sha(sibling: object) -> str:
    lfs = getattr(sibling, "lfs", None)
    return str(lfs.sha256) if lfs is not None else ""


def _pick(repo: str, wanted: str, names: Sequence[str]) -> str:
    """The one file that is meant. Raises ModelFileError with the names that there are."""
    if wanted in names:
        return wanted
    models = [
        name
        for name in names
        if name.lower().endswith(SUFFIXES)
        and "mmproj" not in name.lower()
        and not LATER_PART.search(name)
        and (name.lower().endswith(".gguf") or "ggml" in name.lower())
    ]
    for word in (wanted.lower(),) if wanted else BEST:
        pattern = re.compile(rf"(?:^|[-._/]){re.escape(word)}(?=[-._/]|$)", re.IGNORECASE)
        hits = [name for name in models if pattern.search(name)]
        if hits:
            return min(hits, key=len)
    if len(models) == 1 and not wanted:
        return models[0]
    if not models:
        raise ModelFileError(f"{repo} has no GGUF or GGML file; name another repository.")
    offered = ", ".join(models[:12]) + (", …" if len(models) > 12 else "")
    asked = f"no file {wanted}" if wanted else "several files"
    raise ModelFileError(f"{repo} has {asked}; name one with {repo}:FILE. There are: {offered}.")


def _parts(name: str, names: Mapping[str, object]) -> list[str]:
    """A file, or all parts of a split one."""
    part = FIRST_PART.search(name)
    if part is None:
        return [name]
    count = int(part[1])
    whole = [FIRST_PART.sub(f"-{one:05}-of-{part[1]}", name) for one in range(1, count + 1)]
    if missing := [one for one in whole if one not in names]:
        raise ModelFileError(f"The repository lacks {missing[0]}, a part of the model.")
    return whole


def _look_at_address(url: str) -> Offer:
    response = get_session().head(url, follow_redirects=True)
    response.raise_for_status()
    length = response.headers.get("content-length", "")
    tag = response.headers.get("etag", "") + response.headers.get("last-modified", "")
    name = PurePosixPath(unquote(urlsplit(url).path)).name
    name = re.sub(r"[^\w.() -]", "_", name).lstrip(".") or "model"
    if not name.lower().endswith(SUFFIXES):
        name += ".gguf"
    size = int(length) if length.isdecimal() else 0
    file = {"path": name, "size": size, "sha256": "", "tag": tag}
    return {
        "repo": "",
        "revision": "",
        "url": url,
        "name": name,
        "files": [file],
        "size": size,
        "licence": "",
        "adult": False,
    }


def fetch(offer: Offer, folder: Path, tell: Tell) -> Path:
    """Fetch what `look` found into `folder`; the path of the (first) file.

    What came before an interruption is gone on with. Raises ModelFileError.
    """
    what = offer["repo"] or offer["url"]
    with in_words(what):
        folder.mkdir(parents=True, exist_ok=True)
        staging = folder / STAGING
        staging.mkdir(exist_ok=True)
        # In steps of 10 MB, as it is, a slow line would tell nothing for many seconds.
        constants.DOWNLOAD_CHUNK_SIZE = CHUNK_BYTES
        targets = [folder / PurePosixPath(file["path"]).name for file in offer["files"]]
        halves = [staging / _half_name(offer, file) for file in offer["files"]]
        _check_free(offer, targets, halves)
        came = 0
        for file, half, target in zip(offer["files"], halves, targets, strict=True):
            if not _is_there(target, file):
                _get(offer, file, half, lambda done, before=came: _told(tell, offer, before + done))
                _check(file, half, tell)
                half.replace(target)
            came += int(file["size"])
        if not any(staging.iterdir()):
            staging.rmdir()
    return targets[0]


def _told(tell: Tell, offer: Offer, done: int) -> None:
    tell("fetching", done, int(offer["size"]), "bytes")


def _half_name(offer: Offer, file: Mapping[str, Any]) -> str:
    """A name for what has come so far that another version of the file would not have."""
    parts = (offer["repo"], offer["url"], file["path"], file["size"], file["sha256"])
    key = "\n".join(map(str, (*parts, file.get("tag", ""))))
    digest = hashlib.sha256(key.encode()).hexdigest()[:16]
    return f"{PurePosixPath(file['path']).name}.{digest}.part"


def _is_there(target: Path, file: Mapping[str, Any]) -> bool:
    """Whether the file came before. Raises ModelFileError where another one has its name."""
    if not target.exists():
        return False
    if file["size"] and target.stat().st_size == file["size"]:
        return True
    raise ModelFileError(f"{target} is there already, and is another file; move it away first.")


def _check_free(offer: Offer, targets: Sequence[Path], halves: Sequence[Path]) -> None:
    """Raise ModelFileError before anything is fetched that the disk has no room for."""
    have = sum(path.stat().st_size for path in (*targets, *halves) if path.exists())
    need = int(offer["size"]) - have
    free = shutil.disk_usage(halves[0].parent).free
    if need + SPARE_BYTES > free:
        raise ModelFileError(
            f"{offer['name']} needs {need / 1e9:.1f} GB more, and {free / 1e9:.1f} GB are free on "
            f"the disk of {targets[0].parent}; free some space first."
        )


class _Bar:
    """What `huggingface_hub` moves in place of a bar on the terminal."""

    on_bytes: Callable[[int], None]

    def __init__(self, **settings: object) -> None:
        self._done = int(str(settings.get("initial") or 0))

    def update(self, count: int) -> None:
        """More has come."""
        self._done += count
        self.on_bytes(self._done)

    def close(self) -> None:
        """Nothing to put away."""

    def __enter__(self) -> _Bar:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _get(
    offer: Offer, file: Mapping[str, Any], half: Path, on_bytes: Callable[[int], None]
) -> None:
    """Fetch what is missing of one file."""
    bar: Any = type("Bar", (_Bar,), {"on_bytes": staticmethod(on_bytes)})
    if offer["repo"]:
        url = hf_hub_url(
            offer["repo"], file["path"], revision=offer["revision"], endpoint=_endpoint()
        )
        headers = build_hf_headers()
    else:
        url, headers = offer["url"], {}
    size = int(file["size"]) or None
    with half.open("ab") as out:
        have = out.tell()
        if size is not None and have > size:
            out.truncate(0)
            have = 0
        on_bytes(have)
        http_get(url, out, resume_size=have, headers=headers, expected_size=size, tqdm_class=bar)
        out.flush()
        os.fsync(out.fileno())


def _check(file: Mapping[str, Any], half: Path, tell: Tell) -> None:
    """Raise ModelFileError, and throw the file away, where it is not what it should be."""
    size = half.stat().st_size
    problem = ""
    if file["size"] and size != file["size"]:
        problem = f"came with {size} bytes instead of {file['size']}"
    elif kind_at(half) is None and LATER_PART.search(str(file["path"])) is None:
        problem = "is no model file: it begins like something else"
    elif file["sha256"]:
        digest = hashlib.sha256()
        with half.open("rb") as data:
            while chunk := data.read(CHUNK_BYTES):
                digest.update(chunk)
                tell("checking", data.tell(), size, "bytes")
        if digest.hexdigest() != file["sha256"]:
            problem = "came with other bytes than its SHA-256 says"
    if problem:
        half.unlink()
        raise ModelFileError(f"{file['path']} {problem}; it was thrown away. Fetch it again.")


@contextmanager
def in_words(what: str) -> Generator[None]:
    """Turn what can go wrong on the way into one sentence."""
    try:
        yield
    except OfflineModeIsEnabled:
        raise ModelFileError(
            "HF_HUB_OFFLINE is set, so nothing is fetched; take it away to fetch."
        ) from None
    except GatedRepoError:
        raise ModelFileError(
            f"{what} is for those who accepted its terms: do that on its page, make a token in "
            "your account there, and put it into HF_TOKEN."
        ) from None
    except RepositoryNotFoundError:
        raise ModelFileError(
            f"There is no repository {what}, or it is private: then put a token into HF_TOKEN."
        ) from None
    except (EntryNotFoundError, RevisionNotFoundError):
        raise ModelFileError(f"{what} is not there any more; look at its page.") from None
    except HFValidationError:
        raise ModelFileError(f"“{what[:80]}” is no repository's name.") from None
    except (HfHubHTTPError, httpx2.HTTPStatusError) as error:
        raise ModelFileError(_status(what, error.response)) from None
    except (httpx2.TransportError, httpx2.InvalidURL) as error:
        raise ModelFileError(
            f"{what} cannot be reached ({str(error) or type(error).__name__}). What came is kept: "
            "the same command goes on."
        ) from None
    except OSError as error:
        if error.errno is None:
            raise ModelFileError(
                f"{what} came in another length than it should; what came is kept: the same "
                "command goes on."
            ) from None
        raise disk_error("Could not write", error.filename or what, error) from None


def _status(what: str, response: httpx2.Response) -> str:
    """One sentence on an answer that is none."""
    code = response.status_code
    if code in (401, 403):
        return f"{what} wants to know who you are ({code}): put a token into HF_TOKEN."
    if code == 404:
        return f"{what} is not there (404); look at how it is spelt."
    if code == 429:
        wait = response.headers.get("retry-after", "")
        when = f"in {wait} seconds" if wait.isdecimal() else "in a few minutes"
        return f"{what}: too many requests (429); try again {when}."
    return f"{what} answers with {code}; try again later."
