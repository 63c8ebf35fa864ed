"""What the worker does: one `now` request or a batch of idle ones, a step at a time."""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path

from tui.engine.backend import BackendError, ModelNotLoaded, Priority, PromptTooLong, Request
from tui.engine.protocol import (
    Message,
    error_to_message,
    model_to_message,
    request_from_message,
    run_from_message,
    settings_from_message,
)
from tui.engine.worker.generation import Generation
from tui.engine.worker.keeping import Keeping
from tui.engine.worker.library import Library
from tui.engine.worker.loaded import Loaded, load
from tui.engine.worker.pipes import Alarm
from tui.engine.worker.row import Row
from tui.engine.worker.scoring import Scoring

IDLE_ROWS = 4
IDLE_READ = 64

Job = Generation | Scoring


class Engine:
    """Takes messages and steps through what they ask for, the most urgent first."""

    def __init__(
        self,
        library: Library,
        alarm: Alarm,
        send: Callable[[Message], None],
        cache: Path | None,
        keeping: Keeping | None = None,
    ) -> None:
        """Nothing is loaded yet; `cache` is the folder of what may be kept between starts."""
        self.keeping = keeping or Keeping()
        self._library = library
        self._alarm = alarm
        self._send = send
        self._cache = cache
        self.loaded: Loaded | None = None
        self._now: deque[Job] = deque()
        self._started: Job | None = None
        self._idle: list[Generation] = []
        self._ahead: Generation | None = None
        self._idle_seconds = self._ahead_seconds = 0.0
        self._operations: dict[str, Callable[[Message], object]] = {
            "load": self._load,
            "encode": self._encode,
            "encode_many": self._encode_many,
            "pieces": self._pieces,
            "generate": self._generate,
            "score": self._score,
            "cancel": self._cancel,
            "cancel_key": self._cancel_key,
            "promote": self._promote,
            "ahead": self._read_ahead,
            "save": self._save_state,
            "restore": self._load_state,
            "quit": self._quit,
        }

    @property
    def work(self) -> Priority | None:
        """What the next step would be for; None where there is nothing to do."""
        if self._now:
            return "now"
        return "idle" if self._idle or self._ahead else None

    def step(self) -> None:
        """Take the first of the `now` jobs on, or the idle ones and the reading ahead in turn."""
        if self._now:
            self._step_now()
        elif self._idle and (not self._ahead or self._idle_seconds <= self._ahead_seconds):
            self._idle_seconds += self._timed(self._step_idle)
        else:
            self._ahead_seconds += self._timed(self._step_ahead)

    def _timed(self, step: Callable[[], None]) -> float:
        """How long a step took: idle lanes share the time evenly."""
        started = time.perf_counter()
        step()
        return time.perf_counter() - started

    def obey(self, message: Message) -> None:
        """Do what a message asks, and answer unless the answer comes with the work."""
        try:
            answer = self._operations[message["op"]](message)
        except BackendError as error:
            self._send({"id": message["id"], "e": "error", "error": error_to_message(error)})
            return
        if answer is not None:
            self._send({"id": message["id"], "e": "done", "answer": answer})

    @property
    def _model(self) -> Loaded:
        """What is loaded; raises ModelNotLoaded."""
        if self.loaded is None:
            raise ModelNotLoaded("No model is loaded yet.")
        return self.loaded

    # What can be answered at once

    def _load(self, message: Message) -> object:
        """Load a model in place of the present one; what ran on that is cancelled."""
        for job in [*self._now, *self._idle, *([self._ahead] if self._ahead else [])]:
            self._end(job)
        if self.loaded:
            self.loaded.close()
            self.loaded = None
        self.loaded = load(
            self._library,
            self._alarm,
            Path(message["path"]),
            settings_from_message(message["settings"]),
            lambda done: self._send({"id": message["id"], "e": "progress", "done": done}),
            plain_weights=message["plain"],
            cache=self._cache,
        )
        return model_to_message(self.loaded.info)

    def _encode(self, message: Message) -> object:
        runs = [run_from_message(run) for run in message["runs"]]
        return self._model.vocab.encode(runs, add_bos=message["add_bos"])

    def _encode_many(self, message: Message) -> object:
        encode = self._model.vocab.continue_with
        return [encode(text, special=message["special"]) for text in message["texts"]]

    def _pieces(self, message: Message) -> object:
        return [self._model.vocab.named_piece(token).hex() for token in message["tokens"]]

    def _save_state(self, message: Message) -> object:
        write = None
        try:
            length, write = self._model.save_state(message["tokens"])
        finally:
            self.keeping.write(write)
        return length

    def _load_state(self, message: Message) -> object:
        if self._now:
            return 0
        self.keeping.wait()
        for job in self._idle:
            job.unplace()
        return self._model.load_state(message["tokens"])

    def _quit(self, _message: Message) -> None:
        """End the process once what was asked for is kept; the model's memory is free before."""
        if self.loaded:
            self.loaded.close()
        self.keeping.wait()
        os._exit(0)

    # What takes steps

    def _generation(self, message: Message, request: Request) -> Generation:
        """The rows of a request; raises BackendError where it cannot be met."""
        loaded = self._model
        self._check_prompt(loaded, request.tokens)
        received = message.get("received", ())
        return Generation(
            message["id"],
            request,
            loaded.vocab,
            loaded.candidates,
            n_ctx=loaded.info.n_ctx,
            received=received,
        )

    def _check_prompt(self, loaded: Loaded, tokens: Sequence[int], following: int = 0) -> None:
        """Raise PromptTooLong, or BackendError for a prompt of nothing or of foreign ids."""
        n_ctx, length = loaded.info.n_ctx, len(tokens) + following
        if length >= n_ctx:
            raise PromptTooLong(
                f"The prompt is {length} tokens long, and the model's window holds {n_ctx}: "
                "no room is left for a reply.",
                length=length,
                n_ctx=n_ctx,
            )
        if not tokens:
            raise BackendError("The prompt is empty, so there is nothing to continue.")
        if min(tokens) < 0 or max(tokens) >= loaded.vocab.size:
            raise BackendError("The prompt has ids that are not in this model's vocabulary.")

    def _generate(self, message: Message) -> None:
        request = request_from_message(message["request"])
        job = self._generation(message, request)
        if request.priority == "now":
            self._now.append(job)
        else:
            self._idle.append(job)

    def _score(self, message: Message) -> None:
        loaded = self._model
        continuations = [loaded.vocab.continue_with(text) for text in message["continuations"]]
        longest = max(map(len, continuations), default=0)
        self._check_prompt(loaded, message["tokens"], longest)
        self._now.append(Scoring(message["id"], message["tokens"], continuations, loaded))

    def _read_ahead(self, message: Message) -> None:
        request = Request(tokens=tuple(message["tokens"]), max_tokens=0, priority="idle")
        job = self._generation(message, request)
        if self._ahead:
            self._end(self._ahead)
        self._ahead = job

    def _cancel(self, message: Message) -> None:
        """End one request, by the id that it came with."""
        self._end_where(lambda job: job.id == message["target"])

    def _cancel_key(self, message: Message) -> object:
        """End the requests with a key."""
        self._end_where(lambda job: job.request.key == message["key"] != "")
        return True

    def _end_where(self, chosen: Callable[[Job], bool]) -> None:
        """End the jobs that are chosen."""
        jobs = [*self._now, *self._idle, *([self._ahead] if self._ahead else [])]
        for job in filter(chosen, jobs):
            self._end(job)

    def _promote(self, message: Message) -> object:
        """Make an idle request a `now` one: it goes on with what it has."""
        for job in self._idle:
            if job.request.key == message["key"] != "":
                self._idle.remove(job)
                self._now.append(job)
                return True
        return any(job.request.key == message["key"] != "" for job in self._now)

    def _end(self, job: Job) -> None:
        """Take a job off, with what it has, and say so."""
        if job in self._now:
            self._now.remove(job)
        elif job in self._idle:
            self._idle.remove(job)
        else:
            self._ahead = None
        if job is self._started:
            self._started = None
        job.tell_end(self._send)
        job.close()

    # Steps

    def _attempt(self, job: Job, step: Callable[[], None]) -> None:
        """Take a step; what llama.cpp cannot do ends the job with a sentence."""
        try:
            step()
        except BackendError as error:
            self._send({"id": job.id, "e": "error", "error": error_to_message(error)})
            self._end(job)
            return
        if job.over:
            self._end(job)

    def _step_now(self) -> None:
        """Take the first `now` job one step on."""
        job = self._now[0]
        self._attempt(job, lambda: self._advance_now(job))

    def _advance_now(self, job: Job) -> None:
        """Place a job that begins, step and tell; from its first step on it is alone in the cache.

        To forget forks takes as long as a small model's step, so that the player gets a first
        token before it is done.
        """
        if job.over:
            return
        begins = job is not self._started
        if begins:
            self._begin_now(job)
        lane = self._model.main
        self._place_waiting(job)
        lane.step(job.open_rows)
        placed = {row.seq for row in job.rows}
        job.tell(self._send, lane)
        if begins:
            lane.context.sequences.keep_only(placed)

    def _begin_now(self, job: Job) -> None:
        """Give a job its place, in the context that knows most of it; idle ones lose theirs."""
        self._started = job
        for other in self._idle:
            other.unplace()
        self._swap_for([job.rows[0]])
        self._model.main.place(job.rows[0])

    def _swap_for(self, rows: Sequence[Row]) -> None:
        """Go on in the context that knows most of some prompts; what is read ahead there has ended."""
        if self._model.swap_for(*(row.tokens for row in rows)) and self._ahead:
            self._end(self._ahead)

    def _place_waiting(self, job: Job) -> None:
        """Fork the cache for rows that have no place, as soon as there is something to fork."""
        waiting = [row for row in job.open_rows if row.seq is None]
        active = [row for row in job.open_rows if row.seq is not None]
        for row in waiting:
            if not active:
                self._model.main.place(row)
                active.append(row)
            elif self._model.main.place_beside(row, active):
                active.append(row)

    def _step_idle(self) -> None:
        """Take the oldest idle rows one step on, as one batch."""
        rows = [row for job in self._idle for row in job.open_rows]
        active = [row for row in rows if row.seq is not None]
        if rows and not active:
            self._swap_for(rows)
        lane = self._model.main
        for row in rows:
            if row.seq is None and len(active) < IDLE_ROWS and lane.place_beside(row, active):
                active.append(row)
        try:
            if active and not lane.step(active, IDLE_READ):
                return
        except BackendError as error:
            for job in [job for job in self._idle if any(row in active for row in job.rows)]:
                self._send({"id": job.id, "e": "error", "error": error_to_message(error)})
                self._end(job)
        for job in list(self._idle):
            job.tell(self._send, lane)
            if job.over:
                self._end(job)

    def _step_ahead(self) -> None:
        """Read a little more of the prompt that will be needed later."""
        job = self._ahead
        if job is not None:
            self._attempt(job, lambda: self._advance_ahead(job))

    def _advance_ahead(self, job: Generation) -> None:
        """Place it in the second context, which is made when it is first needed."""
        lane = self._model.spare_lane()
        row = job.rows[0]
        if row.seq is None:
            lane.place(row)
            lane.context.sequences.keep_only({row.seq})
        lane.step([row], IDLE_READ)
