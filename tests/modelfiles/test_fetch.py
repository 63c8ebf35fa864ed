"""Models come from a real server on the loopback, through cuts and lies, whole or not at all."""

from __future__ import annotations

import asyncio
import resource
import threading
from collections.abc import Generator
from contextlib import aclosing
from pathlib import Path

import pytest
from huggingface_hub import close_session

from tests.modelfiles.fake_hub import Hub, running_hub
from tests.modelfiles.results import result_of
from tui.modelfiles import hub as hub_work
from tui.modelfiles.errors import ModelFileError
from tui.modelfiles.jobs import Answer, Done, Progress, run_job

MODEL = b"GGUF" + bytes(range(256)) * 16_000
REPO = "org/seven-GGUF"


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Generator[Hub]:
    """A hub with one repository, which the processes of this test ask."""
    with running_hub() as hub:
        hub.files[f"{REPO}/seven.Q4_K_M.gguf"] = MODEL
        hub.files[f"{REPO}/seven.Q8_0.gguf"] = MODEL + b"8"
        hub.files[f"{REPO}/README.md"] = b"# Seven"
        for name, value in hub.environment().items():
            monkeypatch.setenv(name, value)
        yield hub
        close_session()


def unheard(_step: str, _done: int, _total: int, _unit: str) -> None:
    """Nobody listens."""


async def look(wanted: str) -> Answer:
    return await asyncio.to_thread(hub_work.look, wanted)


async def fetch(wanted: str, folder: Path) -> Path:
    offer = await look(wanted)
    return await asyncio.to_thread(hub_work.fetch, offer, folder, unheard)


def left_in(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


async def test_a_repository_a_quantisation_a_file_and_a_page_all_lead_to_a_file(hub: Hub) -> None:
    page = f"{hub.url}/{REPO}/blob/main/seven.Q8_0.gguf"
    for wanted, name in (
        (REPO, "seven.Q4_K_M.gguf"),
        (f"{REPO}:q8_0", "seven.Q8_0.gguf"),
        (f"{REPO}:seven.Q8_0.gguf", "seven.Q8_0.gguf"),
        (page, "seven.Q8_0.gguf"),
    ):
        offer = await look(wanted)
        assert offer["name"] == name
    assert offer["size"] == len(MODEL) + 1
    assert offer["licence"] == "apache-2.0"
    assert not offer["adult"]
    hub.tags.append("not-for-all-audiences")
    assert (await look(REPO))["adult"]


async def test_a_model_comes_whole_and_is_not_fetched_twice(hub: Hub, tmp_path: Path) -> None:
    path = await fetch(REPO, tmp_path)
    assert path.read_bytes() == MODEL
    assert left_in(tmp_path) == ["seven.Q4_K_M.gguf"]
    assert await fetch(REPO, tmp_path) == path
    assert len(hub.ranges()) == 1


async def test_a_split_model_comes_in_all_its_parts(hub: Hub, tmp_path: Path) -> None:
    for part in (1, 2):
        hub.files[f"org/big/big-Q8_0-0000{part}-of-00002.gguf"] = MODEL
    path = await fetch("org/big", tmp_path)
    assert path.name == "big-Q8_0-00001-of-00002.gguf"
    assert len(left_in(tmp_path)) == 2


async def test_a_connection_that_is_cut_is_gone_on_with(hub: Hub, tmp_path: Path) -> None:
    hub.cut_after.append(3_000_000)
    path = await fetch(REPO, tmp_path)
    assert path.read_bytes() == MODEL
    whole, rest = hub.ranges()
    assert whole == ""
    assert rest.startswith("bytes=")
    assert rest != "bytes=0-"


async def test_a_paused_download_goes_on_where_it_was(hub: Hub, tmp_path: Path) -> None:
    offer = await look(REPO)
    hub.stuck = threading.Event()
    async with aclosing(run_job("fetch", {"offer": offer, "folder": str(tmp_path)})) as events:
        async for event in events:
            if isinstance(event, Progress) and event.done > 1_000_000:
                break
    assert [name for name in left_in(tmp_path) if not name.startswith(".fetching")] == []
    hub.stuck.set()
    hub.stuck = None
    async with aclosing(run_job("fetch", {"offer": offer, "folder": str(tmp_path)})) as events:
        done = [event.done async for event in events if isinstance(event, Progress)]
    assert done[0] >= 1_000_000
    assert hub.ranges()[-1] == f"bytes={done[0]}-"
    assert (tmp_path / "seven.Q4_K_M.gguf").read_bytes() == MODEL


async def test_progress_says_how_much_of_how_much(hub: Hub, tmp_path: Path) -> None:
    offer = await look(REPO)
    events = [event async for event in run_job("fetch", {"offer": offer, "folder": str(tmp_path)})]
    assert isinstance(events[-1], Done)
    told = [one for one in events if isinstance(one, Progress) and one.step == "fetching"]
    assert all(one.total == len(MODEL) and one.unit == "bytes" for one in told)
    assert [one.done for one in told] == sorted(one.done for one in told)


async def test_other_bytes_than_the_hash_says_are_thrown_away(hub: Hub, tmp_path: Path) -> None:
    hub.lying_hash = True
    with pytest.raises(ModelFileError, match=r"came with other bytes than its SHA-256 says"):
        await fetch(REPO, tmp_path)
    assert left_in(tmp_path) == []


async def test_another_length_than_was_said_is_no_model(hub: Hub, tmp_path: Path) -> None:
    hub.lying_length = 1000
    with pytest.raises(ModelFileError, match=r"came in another length than it should"):
        await fetch(REPO, tmp_path)
    assert not (tmp_path / "seven.Q4_K_M.gguf").exists()


async def test_a_web_page_is_no_model(hub: Hub, tmp_path: Path) -> None:
    hub.files["other/model.gguf"] = b"<!doctype html>"
    with pytest.raises(ModelFileError, match=r"model\.gguf is no model file"):
        await fetch(f"{hub.url}/other/model.gguf?x=1", tmp_path)
    assert left_in(tmp_path) == []


async def test_any_address_will_do(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.files["files/old.bin"] = b"tjgg" + MODEL
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    hub.cut_after.append(2_500_000)
    path = await fetch(f"{hub.url}/files/old.bin", tmp_path)
    assert path.name == "old.bin"
    assert path.read_bytes() == b"tjgg" + MODEL


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (401, r"wants to know who you are \(401\)"),
        (403, r"wants to know who you are \(403\)"),
        (404, r"is not there \(404\)"),
        (429, r"too many requests \(429\); try again"),
        (503, "answers with 503; try again later"),
    ],
)
async def test_a_refusal_is_one_sentence(hub: Hub, status: int, words: str) -> None:
    hub.status = status
    with pytest.raises(ModelFileError, match=words) as caught:
        await look(REPO)
    assert "\n" not in str(caught.value)


async def test_a_gated_model_asks_for_the_token_and_takes_it(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.needs_token = True
    with pytest.raises(ModelFileError, match=r"accepted its terms.*HF_TOKEN"):
        await look(REPO)
    monkeypatch.setenv("HF_TOKEN", "secret")
    assert (await fetch(REPO, tmp_path)).read_bytes() == MODEL


async def test_what_is_not_there_is_said(hub: Hub) -> None:
    with pytest.raises(ModelFileError, match=r"There is no repository org/none"):
        await look("org/none")
    with pytest.raises(ModelFileError, match=r"no file Q2_K; .* There are: seven\.Q4_K_M\.gguf"):
        await look(f"{REPO}:Q2_K")
    with pytest.raises(ModelFileError, match=r"is no model's name"):
        await look("seven")


async def test_offline_and_unreachable_are_said(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(ModelFileError, match="HF_HUB_OFFLINE is set"):
        await result_of("look", {"wanted": REPO})
    monkeypatch.setenv("HF_HUB_OFFLINE", "")
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(ModelFileError, match="cannot be reached"):
        await look(REPO)


async def test_a_full_disk_is_said_and_what_came_is_kept(hub: Hub, tmp_path: Path) -> None:
    offer = await look(REPO)
    before, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_500_000, hard))
    try:
        with pytest.raises(ModelFileError, match="may not grow any further"):
            await result_of("fetch", {"offer": offer, "folder": str(tmp_path)})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (before, hard))
    assert not (tmp_path / "seven.Q4_K_M.gguf").exists()
    assert (await fetch(REPO, tmp_path)).read_bytes() == MODEL
    assert hub.ranges()[-1].startswith("bytes=2")


async def test_a_model_that_the_disk_has_no_room_for_is_not_begun(hub: Hub, tmp_path: Path) -> None:
    offer = await look(REPO)
    offer["size"] = offer["files"][0]["size"] = 1 << 60
    with pytest.raises(ModelFileError, match=r"needs .* GB more, and .* GB are free"):
        await result_of("fetch", {"offer": offer, "folder": str(tmp_path)})
    assert hub.ranges() == []


async def test_another_file_of_that_name_is_left_alone(hub: Hub, tmp_path: Path) -> None:
    mine = tmp_path / "seven.Q4_K_M.gguf"
    mine.write_bytes(b"GGUF mine")
    with pytest.raises(ModelFileError, match="is there already, and is another file"):
        await fetch(REPO, tmp_path)
    assert mine.read_bytes() == b"GGUF mine"


async def test_a_job_whose_program_is_gone_ends(hub: Hub, tmp_path: Path) -> None:
    offer = await look(REPO)
    hub.stuck = threading.Event()
    job = run_job("fetch", {"offer": offer, "folder": str(tmp_path)})
    await anext(job)
    async with asyncio.timeout(5):
        await job.aclose()
    hub.stuck.set()
