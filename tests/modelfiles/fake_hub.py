"""A model hub on the loopback that answers as the real one does, and badly where it is told to."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

COMMIT = "c0ffee" + "0" * 34


@dataclass
class Hub:
    """One server: its files by `repo/path`, and how it misbehaves."""

    url: str = ""
    files: dict[str, bytes] = field(default_factory=dict[str, bytes])
    tags: list[str] = field(default_factory=list[str])
    needs_token: bool = False
    status: int = 0
    """Answer everything with this."""
    cut_after: list[int] = field(default_factory=list[int])
    """For each of the next downloads: hang up after so many bytes."""
    lying_length: int = 0
    """Say that files have so many bytes more than they have."""
    lying_hash: bool = False
    stuck: threading.Event | None = None
    """Send half of a file, then wait for this."""
    asked: list[tuple[str, str, str]] = field(default_factory=list[tuple[str, str, str]])
    """Method, path and range of each request."""

    def environment(self) -> dict[str, str]:
        """What a process must know to ask here."""
        return {"HF_ENDPOINT": self.url, "HF_TOKEN": "none", "HF_HUB_OFFLINE": ""}

    def ranges(self) -> list[str]:
        """The ranges that were asked for, "" for a whole file."""
        return [
            span for method, path, span in self.asked if method == "GET" and "/resolve/" in path
        ]


class Answers(BaseHTTPRequestHandler):
    """The hub's half of a conversation."""

    hub: Hub
    protocol_version = "HTTP/1.1"

    def log_request(self, code: object = "-", size: object = "-") -> None:
        """Say nothing."""

    def do_HEAD(self) -> None:
        """Answer without a body."""
        self._answer(body=False)

    def do_GET(self) -> None:
        """Answer with a body."""
        self._answer(body=True)

    def _answer(self, *, body: bool) -> None:
        hub = self.hub
        path = unquote(urlsplit(self.path).path)
        hub.asked.append((self.command, path, self.headers.get("Range", "")))
        if hub.status:
            self._error(hub.status, "")
        elif hub.needs_token and self.headers.get("Authorization") != "Bearer secret":
            self._error(401, "GatedRepo")
        elif path.startswith("/api/models/"):
            self._info(path.removeprefix("/api/models/").split("/revision/")[0])
        else:
            self._file(path.lstrip("/"), body=body)

    def _error(self, status: int, code: str) -> None:
        self.send_response(status)
        if code:
            self.send_header("X-Error-Code", code)
        if status == 429:
            self.send_header("Retry-After", "0")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _info(self, repo: str) -> None:
        files = {
            path.removeprefix(f"{repo}/"): data
            for path, data in self.hub.files.items()
            if path.startswith(f"{repo}/")
        }
        if not files:
            self._error(404, "RepoNotFound")
            return
        siblings = [self._sibling(path, data) for path, data in files.items()]
        info = {
            "id": repo,
            "modelId": repo,
            "sha": COMMIT,
            "tags": self.hub.tags,
            "siblings": siblings,
            "cardData": {"license": "apache-2.0"},
        }
        data = json.dumps(info).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _sibling(self, path: str, data: bytes) -> dict[str, Any]:
        digest = hashlib.sha256(data + b"!" * self.hub.lying_hash).hexdigest()
        size = len(data) + self.hub.lying_length
        lfs = {"size": size, "sha256": digest, "pointerSize": 130}
        return {"rfilename": path, "size": size, "blobId": "b" * 40, "lfs": lfs}

    def _file(self, path: str, *, body: bool) -> None:
        repo_and_file = path.replace(f"/resolve/{COMMIT}/", "/")
        data = self.hub.files.get(repo_and_file)
        if data is None:
            self._error(404, "EntryNotFound")
            return
        begin = 0
        span = self.headers.get("Range", "")
        if span:
            begin = int(span.removeprefix("bytes=").split("-")[0])
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {begin}-{len(data) - 1}/{len(data)}")
        else:
            self.send_response(200)
        self.send_header("Content-Length", str(len(data) - begin))
        self.send_header("ETag", '"one"')
        self.end_headers()
        if body:
            self._send(data[begin:])

    def _send(self, data: bytes) -> None:
        hub = self.hub
        if hub.cut_after:
            self.wfile.write(data[: hub.cut_after.pop(0)])
            self.wfile.flush()
            self.close_connection = True
            return
        if hub.stuck is not None:
            self.wfile.write(data[: len(data) // 2])
            self.wfile.flush()
            hub.stuck.wait(30)
            self.close_connection = True
            return
        self.wfile.write(data)


@contextmanager
def running_hub() -> Generator[Hub]:
    """A hub that answers until the test is over."""
    hub = Hub()
    answers = type("HubAnswers", (Answers,), {"hub": hub})
    server = ThreadingHTTPServer(("127.0.0.1", 0), answers)
    server.daemon_threads = True
    hub.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
