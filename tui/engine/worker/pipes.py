"""The worker's ends of its pipes, and the thread that listens while llama.cpp computes."""

from __future__ import annotations

import ctypes
import os
import select
import threading
from collections.abc import Mapping
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from tui.engine.backend import Priority
from tui.engine.protocol import Message, from_line, to_line
from tui.engine.worker.keeping import Keeping

PARENT_CHECK_SECONDS = 1.0
LAST_SECONDS = 60.0
"""What the process may take to write what was asked to be kept, once nobody needs it any more."""
URGENT = frozenset({"cancel", "cancel_key", "promote"})


class Alarm:
    """A byte that llama.cpp looks at between the nodes of its graph: raised, it stops the step.

    The callback given to llama.cpp is libc's `strlen` on that byte, so that looking at it
    takes no interpreter lock.
    """

    def __init__(self) -> None:
        """Start lowered."""
        self._byte = ctypes.create_string_buffer(2)
        self.address = ctypes.addressof(self._byte)
        self.callback_address = ctypes.cast(ctypes.CDLL(None).strlen, ctypes.c_void_p).value

    def sound(self) -> None:
        """Make the step that runs, or the next one, stop."""
        self._byte[0] = b"\x01"

    def lower(self) -> None:
        """Let steps run again."""
        self._byte[0] = b"\x00"


class Pipes:
    """Messages in and out; what may interrupt a computation is seen as it arrives.

    `stepping` is set by the engine just before it looks for messages a last time and computes:
    any message interrupts an idle step, an urgent one each.
    """

    def __init__(self, read_fd: int, write_fd: int) -> None:
        """Take over the two file descriptors."""
        self.alarm = Alarm()
        self.keeping = Keeping()
        self.stepping: Priority | None = None
        self.inbox: SimpleQueue[Message] = SimpleQueue()
        self._read_fd = read_fd
        self._write_fd = write_fd
        self._parent = os.getppid()
        self._listener = threading.Thread(target=self._listen, name="listener", daemon=True)

    def open(self) -> None:
        """Start to listen."""
        self._listener.start()

    def send(self, message: Mapping[str, Any]) -> None:
        """Write one message; the process ends if nobody reads any more."""
        data = to_line(message)
        try:
            while data:
                data = data[os.write(self._write_fd, data) :]
        except BrokenPipeError:
            self._end()

    def _listen(self) -> None:
        """Queue messages until the pipe or the parent ends, then end the process."""
        pending = b""
        poll = select.poll()
        poll.register(self._read_fd, select.POLLIN | select.POLLHUP)
        while True:
            if not poll.poll(PARENT_CHECK_SECONDS * 1000):
                if os.getppid() == self._parent:
                    continue
                break
            chunk = os.read(self._read_fd, 1 << 20)
            if not chunk:
                break
            *lines, pending = (pending + chunk).split(b"\n")
            for line in lines:
                self._receive(from_line(line))
        self._end()

    def _receive(self, message: Message) -> None:
        """Queue a message first and sound the alarm after, so that neither order loses one."""
        if message["op"] == "quit":
            self._end()
            return
        if message["op"] == "save":
            self.keeping.announce()
        self.inbox.put(message)
        if self.stepping == "idle" or (self.stepping and message["op"] in URGENT):
            self.alarm.sound()

    def _end(self) -> None:
        """End the process at once, unless something is still to be kept: then as soon as it is.

        `os._exit`, since llama.cpp may be deep in a computation or a load. The pipe is closed
        in any case, so that the program, which waits for that, can end.
        """
        if not self.keeping.unfinished:
            os._exit(0)
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, self._write_fd)
        last = threading.Timer(LAST_SECONDS, os._exit, (0,))
        last.daemon = True
        last.start()
        self.inbox.put({"op": "quit", "id": 0})
        self.alarm.sound()


def own_pipes(log: Path) -> Pipes:
    """Keep the pipes on descriptors of our own, and send what libraries print to the log.

    Descriptor 0 then reads nothing; 1 and 2 append to the log, which starts anew at 1 MB.
    """
    read_fd, write_fd = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDONLY)
    small = log.exists() and log.stat().st_size < 1 << 20
    mode = os.O_WRONLY | os.O_CREAT | os.O_APPEND | (0 if small else os.O_TRUNC)
    target = os.open(log, mode, 0o600)
    for source, fd in ((null, 0), (target, 1), (target, 2)):
        os.dup2(source, fd)
    os.close(null)
    os.close(target)
    return Pipes(read_fd, write_fd)
