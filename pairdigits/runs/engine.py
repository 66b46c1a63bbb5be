"""Runs on Dask: submit, watch, pause, step, stop, continue.

The engine keeps its own queue and hands the cluster no more runs than it has workers, so that places in the queue
are exact and the death of a worker touches one run only. A run that is halted gives its worker free and leaves a
snapshot in the store, from which it goes on later, on any worker, also after a restart of the server.
"""

from __future__ import annotations

import atexit
import logging
import os
import queue
import socket
import threading
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace

from distributed import Future

from pairdigits.config import RunConfig
from pairdigits.records import EpochRecord, Outcome
from pairdigits.runs.cluster import ATTEMPTS, LOST, Cluster, EngineError, sentence
from pairdigits.runs.store import UNFINISHED, Run, Store
from pairdigits.runs.worker import Result, Task, control

TICK = 0.05  # s between looks at whether a task has ended
HEARTBEAT = 5  # s between signs of life in the store, well below store.SILENCE
FETCH = 30  # s to fetch a result; if its worker dies meanwhile, the run counts as lost

log = logging.getLogger(__name__)


@dataclass
class _Job:
    """A run that waits for a worker or has one."""

    id: int
    attempt: int
    task: Task
    future: Future | None = None  # None while it waits in the queue
    worker: str = ""  # the worker's address, once it has begun
    halt: str = ""  # "paused" or "stopped" as soon as that is asked for
    reason: str = ""  # of the halt, if it is not the user's
    then: int | None = None  # after the halt go on for so many epochs (0: to the end); None: rest
    deaths: int = 0  # of workers under it


class Engine:
    """Trains runs on a cluster and keeps the store up to date.

    Every method may be called from any thread. Asking a run that has ended meanwhile to pause, stop or go on is no
    error.

    Parameters
    ----------
    store
        Where runs and records go.
    workers, scheduler
        As for `pairdigits.runs.cluster.Cluster`.
    """

    def __init__(self, store: Store, workers: int | None = None, scheduler: str | None = None):
        self.store = store
        self.cluster = Cluster(workers, scheduler)
        self.name = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"  # as owner in the store
        self._jobs: dict[int, _Job] = {}  # in the order of the queue
        self._speeds: dict[int, float | None] = {}
        self._changed = threading.Condition(threading.RLock())  # guards both, and tells of every change
        self._messages: queue.SimpleQueue[dict | None] = queue.SimpleQueue()  # from the workers
        self._subscribed = None  # the client whose messages we get
        self._closed = False
        self._listeners: list[Callable[[int], None]] = []
        store.recover()
        store.seen(self.name)
        self._thread = threading.Thread(target=self._attend, name="pairdigits-engine", daemon=True)
        self._thread.start()
        atexit.register(self.close)

    def start(self) -> None:
        """Have the cluster ready; raises `EngineError` if it cannot be had."""
        client = self.cluster.client()
        with self._changed:
            if self._closed:
                raise EngineError("The engine has been closed.")
            if self._subscribed is not client:
                client.subscribe_topic(self.name, lambda event: self._messages.put(event[1]))
                self._subscribed = client

    def warm_up(self) -> None:
        """`start` in the background, so that the first run begins at once; an error shows when a run is submitted."""

        def attempt() -> None:
            try:
                self.start()
            except EngineError as error:
                log.warning("%s", error)

        threading.Thread(target=attempt, name="pairdigits-warm-up", daemon=True).start()

    def close(self, patience: float = 5) -> None:
        """Halt all runs, which can be continued later, and leave the cluster.

        Parameters
        ----------
        patience
            Seconds to wait for the snapshots of running runs, each of which first ends its epoch.
        """
        with self._changed:
            if self._closed:
                return
            self._closed = True
        atexit.unregister(self.close)
        with suppress(ValueError, OSError):  # a cluster or database that is away cannot be told
            for id in list(self._jobs):
                self._halt(id, "stopped", "The server stopped.")
            with self._changed:
                self._changed.wait_for(lambda: not self._jobs, patience)
        self._messages.put(None)
        self._thread.join()
        self.cluster.close()
        with suppress(ValueError):
            self.store.forget(self.name)

    # What a user asks

    def submit(
        self,
        config: RunConfig,
        name: str = "",
        group: str | None = None,
        speed: float | None = None,
        epochs: int = 0,
        visitor: str = "",
        join: bool = False,
    ) -> int:
        """Queue a run and return its id.

        Parameters
        ----------
        config
            What to train.
        name, group
            As in `Store.add`.
        speed
            As in `set_speed`.
        epochs
            Pause after so many; 0 goes on to the end.
        visitor
            Whose run it is, see `pairdigits.runs.visitors`.
        join
            Return the run that has come to its end with these settings, or goes there, if there is one (`Store.find`):
            training is deterministic, so another would give the same.

        Raises
        ------
        EngineError
            If the cluster cannot be had or the speed makes no sense; nothing is stored then.
        """
        _check_speed(speed)
        self.start()
        with self._changed:
            if join and (found := self.store.find(config.key)):
                return found.id
            id = self.store.add(config, name, group, self.name, visitor, speed, epochs)
            self._speeds[id] = speed
            self._enqueue(id, epochs)
        return id

    def pause(self, id: int) -> None:
        """Halt a run after its present epoch; `resume` or `step` goes on."""
        self._halt(id, "paused")

    def stop(self, id: int) -> None:
        """Halt a run for good; should the user think better of it, `resume` goes on all the same."""
        self._halt(id, "stopped")

    def resume(self, id: int) -> None:
        """Go on with a paused, stopped or failed run from its snapshot, or from its beginning if it has none."""
        self._go_on(id, 0)

    def step(self, id: int) -> None:
        """Go on for one epoch, then pause."""
        self._go_on(id, 1)

    def delete(self, id: int) -> None:
        """Stop a run and hide it; `Store.undelete` brings it back."""
        self.stop(id)
        self.store.delete(id)

    def set_speed(self, id: int, epochs_per_second: float | None) -> None:
        """Train a run at most so fast, from now on; None lifts the limit."""
        _check_speed(epochs_per_second)
        with self._changed:
            self._speeds[id] = epochs_per_second
            job = self._jobs.get(id)
        self._send(job)

    # What a user sees

    def queue_position(self, id: int) -> int:
        """1 for the run that begins next, and so on; 0 for a run that does not wait."""
        with self._changed:
            waiting = [job.id for job in self._jobs.values() if not job.worker]
        return waiting.index(id) + 1 if id in waiting else 0

    def wait(self, id: int, timeout: float | None = None, until: Callable[[Run], bool] | None = None) -> Run:
        """Wait until a run rests, or until it is as wanted, and return it; TimeoutError after `timeout` seconds."""
        until = until or (lambda run: run.status not in UNFINISHED)
        with self._changed:
            if not self._changed.wait_for(lambda: until(self.store.run(id)), timeout):
                raise TimeoutError(f"Run {id} is not as wanted after {timeout} s.")
        return self.store.run(id)

    def listen(self, listener: Callable[[int], None]) -> None:
        """Have a function called with the id of every run of this engine that has changed in the store or the queue.

        It is called at once, in whatever thread the change was made, and must return quickly.
        """
        self._listeners.append(listener)

    def speed(self, id: int) -> float | None:
        """The limit that was set for a run, in epochs a second."""
        with self._changed:
            return self._speeds.get(id)

    def _tell(self, id: int) -> None:
        self._changed.notify_all()
        for listener in self._listeners:
            listener(id)

    # The queue

    def _enqueue(self, id: int, epochs: int) -> None:
        with self._changed:
            run = self.store.run(id)
            if run.status == "finished":
                return
            attempt = self.store.queue(id, self.name, epochs and run.epochs + epochs)
            task = Task(run.config.to_json(), self.name, self.store.snapshot(id), epochs)
            self._jobs[id] = _Job(id, attempt, task)
            self._tell(id)
        self._messages.put({})  # look at the queue now

    def _go_on(self, id: int, epochs: int) -> None:
        self.start()
        with self._changed:
            job = self._jobs.get(id)
            if job is None:
                self._enqueue(id, epochs)
            elif job.halt or job.task.epochs:  # about to halt
                job.then = epochs

    def _halt(self, id: int, status: str, reason: str = "") -> None:
        with self._changed:
            job = self._jobs.get(id)
            if job is None:
                run = self.store.run(id)
                self._check_owner(run)
                if run.status == "paused" and status == "stopped":
                    self.store.rest(id, "stopped", attempt=run.attempt)
                return
            job.halt, job.reason, job.then = status, reason, None
            if job.future is None:
                self._rest(job, status, reason)
        self._send(job)

    def _check_owner(self, run: Run) -> None:
        if run.status in UNFINISHED and run.owner != self.name:
            raise EngineError(f"Run {run.id} belongs to another PairDigits process, which is still at it.")

    def _send(self, job: _Job | None) -> None:
        """Tell the worker, if one has begun, what is asked of the job."""
        if job is not None and job.worker:
            asked = job.future.key, bool(job.halt), self._speeds.get(job.id)
            with suppress(OSError):  # the cluster is away: the halt counts when the run is lost or begins again
                self.cluster.client().run(control, *asked, workers=[job.worker], on_error="ignore")

    # The thread that attends to the workers

    def _attend(self) -> None:
        alive_at = 0.0
        while True:
            try:
                message = self._messages.get(timeout=TICK if self._jobs else 1)
            except queue.Empty:
                message = {}
            if message is None:
                return
            try:
                self._heed(**message)
                for job in [job for job in list(self._jobs.values()) if job.future and job.future.done()]:
                    self._end(job)
                self._dispatch()
                if time.monotonic() > alive_at + HEARTBEAT:
                    self.store.seen(self.name)
                    self.store.recover()
                    alive_at = time.monotonic()
            except (ValueError, OSError) as error:  # the cluster or the database is away; they may come back
                log.error("%s", error)
                time.sleep(1)
            except Exception:
                log.exception("The engine goes on after an error.")
                time.sleep(1)

    def _heed(self, key: str = "", worker: str = "", record: dict | None = None) -> None:
        """Note what a worker told: that it has begun, or a record."""
        with self._changed:
            job = next((job for job in self._jobs.values() if job.future and job.future.key == key), None)
            if job is None:
                return
            if record:
                self.store.append(job.id, job.attempt, [EpochRecord.from_dict(record)], self.name)
            else:
                self.store.start(job.id, job.attempt, self.name)
                job.worker = worker
            self._tell(job.id)
        if worker and (job.halt or job.task.speed != self._speeds.get(job.id)):
            self._send(job)

    def _dispatch(self) -> None:
        """Hand the cluster as many waiting runs as it has workers free."""
        if all(job.future for job in list(self._jobs.values())):
            return
        self.start()
        slots = self.cluster.slots()
        with self._changed:
            waiting = [job for job in self._jobs.values() if job.future is None]
            for job in waiting[: max(0, slots - len(self._jobs) + len(waiting))]:
                job.task = replace(job.task, speed=self._speeds.get(job.id))
                job.future = self.cluster.submit(job.task)

    def _end(self, job: _Job) -> None:
        """Store what came of a task."""
        try:
            result: Result = job.future.result(FETCH)
        except LOST:
            self._lost(job)
        except Exception as error:
            log.error("Run %d failed.", job.id, exc_info=error)
            self._rest(job, "failed", sentence(error))
        else:
            records = [EpochRecord.from_dict(record) for record in result.records]
            self.store.append(job.id, job.attempt, records, self.name)
            if result.outcome is None:
                self._rest(job, job.halt or "paused", job.reason, result.snapshot)
            else:
                with self._changed:
                    self.store.finish(job.id, Outcome.from_dict(result.outcome), result.model, job.attempt, self.name)
                    del self._jobs[job.id]
                    self._tell(job.id)

    def _rest(self, job: _Job, status: str, reason: str = "", snapshot: bytes | None = None) -> None:
        with self._changed:
            self.store.rest(job.id, status, reason, snapshot, job.attempt, self.name)
            del self._jobs[job.id]
            if job.then is not None:
                self._enqueue(job.id, job.then)
            self._tell(job.id)

    def _lost(self, job: _Job) -> None:
        """A run whose worker died goes back to the queue, at most so often."""
        job.deaths += 1
        log.warning("The worker process of run %d died.", job.id)
        if job.halt:
            self._rest(job, job.halt, job.reason)
        elif job.deaths == ATTEMPTS:
            self._rest(job, "failed", f"Its worker process died {ATTEMPTS} times.")
        else:
            with self._changed:
                job.attempt = self.store.queue(job.id, self.name, self.store.run(job.id).until)
                job.future, job.worker = None, ""
                self._tell(job.id)


def _check_speed(speed: float | None) -> None:
    if speed is not None and not speed > 0:
        raise EngineError("The speed is a number of epochs a second above 0, or none for as fast as it goes.")
