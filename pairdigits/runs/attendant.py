"""What attends to the cluster: hands it the runs whose turn it is, and notes what becomes of them."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

from distributed import Future, KilledWorker

from pairdigits.records import EpochRecord, Outcome
from pairdigits.runs.cluster import ATTEMPTS, LOST, Cluster, EngineError, sentence
from pairdigits.runs.jobs import Job, Pace, in_turn, place
from pairdigits.runs.outbox import Outbox
from pairdigits.runs.reports import RunTakenError
from pairdigits.runs.roster import Roster
from pairdigits.runs.store import Store
from pairdigits.runs.worker import Result, control

TICK = 0.05  # s between looks at whether a task has ended
HEARTBEAT = 5  # s between signs of life in the store, well below owners.SILENCE
FETCH = 30  # s to fetch a result; if its worker dies meanwhile, the run counts as lost

log = logging.getLogger(__name__)


class Attendant:
    """The engine's inner life: its jobs, and the thread that follows them from worker to worker.

    That thread never waits for the database: what is to be written goes through an `Outbox`.
    """

    def __init__(self, store: Store, cluster: Cluster, name: str):
        self.store, self.cluster, self.name = store, cluster, name
        self._jobs: dict[int, Job] = {}  # in the order in which they came
        self._changed = threading.Condition(threading.RLock())  # guards what is here, and tells of every change
        self._changes = 0
        self._served: dict[str, int] = {}  # visitor -> when it was last given a worker, as a count of all jobs given
        self._pace = Pace()
        self._roster = Roster(cluster)
        self._listeners: list[Callable[[int], None]] = []
        self._messages: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()  # from the workers
        self._subscribed = None  # the client whose messages we get
        self._closed = False
        self._outbox = Outbox(self._beat, HEARTBEAT)
        self._thread = threading.Thread(target=self._attend, name="pairdigits-engine", daemon=True)
        self._thread.start()

    def start(self) -> None:
        """Have the cluster ready.

        Raises
        ------
        EngineError
            If the cluster cannot be had, or the engine has been closed.
        """
        if self._closed:
            raise EngineError("The engine has been closed.")
        client = self.cluster.client()
        with self._changed:
            if self._subscribed is not client:
                client.subscribe_topic(self.name, lambda event: self._messages.put(event[1]))
                self._subscribed = client

    def listen(self, listener: Callable[[int], None]) -> None:
        """Have a function called with the id of every run of this engine that has changed in the store or the queue.

        It is called at once, in whatever thread the change was made, and must return quickly.
        """
        self._listeners.append(listener)

    def _beat(self) -> None:
        """Say that the engine lives; called every few seconds."""
        self.store.seen(self.name)

    def _attend(self) -> None:
        while True:
            try:
                message = self._messages.get(timeout=TICK if self._jobs else 1)
            except queue.Empty:
                message = {}
            if message is None:
                return
            try:
                self._heed(**message)
                with self._changed:
                    ended = [(job, job.future) for job in self._jobs.values() if job.future and job.future.done()]
                for job, future in ended:
                    self._end(job, future)
                self._dispatch()
            except (ValueError, OSError) as error:  # the cluster is away; it may come back
                self._roster.trouble = str(error)
                log.error("%s", error)
                time.sleep(1)
            except Exception:
                log.exception("The engine goes on after an error.")
                time.sleep(1)

    # From the queue to a worker

    def _queue(self) -> list[Job]:
        """The jobs that no worker has begun, in the order in which they will be."""
        waiting = [job for job in self._jobs.values() if not job.worker]
        given = [job for job in waiting if job.future]
        return given + in_turn((job for job in waiting if not job.future), self._served)

    def _dispatch(self) -> None:
        """Hand the cluster what it can take up, and take back what it can no longer train."""
        if self._closed or not self._jobs:
            self._roster.trouble = ""
            return
        self.start()
        if self._roster.look():
            for job in [job for job in self._jobs.values() if job.future and job.place not in self._roster.workers]:
                self._lost(job, bool(job.worker))
        with self._changed:
            for job in [job for job in self._queue() if not job.future]:
                training = [other for other in self._jobs.values() if other.future]
                if address := place(job, self._roster.workers, training, self._pace):
                    job.place, job.asked, job.given = address, job.speed, time.monotonic()
                    job.future = self.cluster.submit(job.task(self.name), worker=address)
                    self._served[job.visitor] = max(self._served.values(), default=0) + 1

    def _send(self, job: Job) -> None:
        """Tell the worker, if one has begun, what is asked of the job."""
        if job.worker and job.future:
            job.asked = job.speed
            asked = job.future.key, bool(job.halt), job.speed
            with suppress(OSError, ValueError):  # the cluster is away: it counts when the run begins again
                self.cluster.client().run(control, *asked, workers=[job.worker], on_error="ignore")

    # What comes from the workers

    def _heed(
        self, key: str = "", worker: str = "", rehearsed: float = 0, record: Any = None, snapshot: bytes | None = None
    ) -> None:
        """Note what a worker told: that it has begun, or a record, and now and then a snapshot after it."""
        with self._changed:
            job = next((job for job in self._jobs.values() if job.future and job.future.key == key), None)
        if job is None:
            return
        if record:
            self._pace.heard(job)
            self._note(job, [EpochRecord.from_dict(record)], snapshot)
        else:
            job.place, job.worker, job.heard = worker, worker, 0.0
            self._pace.rehearsed(rehearsed)
            self._post(job, partial(self.store.start, job.id, job.attempt, self.name))
            if job.halt or job.speed != job.asked:
                self._send(job)

    def _note(self, job: Job, records: list[EpochRecord], snapshot: bytes | None = None) -> None:
        job.epochs = records[-1].epoch if records else job.epochs
        if snapshot:
            job.snapshot, job.snapshot_epoch, job.deaths = snapshot, job.epochs, 0
        attempt, epoch = job.attempt, job.epochs

        def write() -> None:
            latest = job.snapshot if snapshot and job.snapshot_epoch == epoch else None  # older ones are not kept
            if not self.store.append(job.id, attempt, records, self.name, latest):
                raise RunTakenError(f"Run {job.id} is another PairDigits process's now.")

        self._post(job, write)

    def _end(self, job: Job, future: Future[Result]) -> None:
        """Note what came of a task."""
        try:
            result = future.result(FETCH)
        except LOST as error:
            self._lost(job, isinstance(error, KilledWorker))
            return
        except Exception as error:
            log.error("Run %d failed.", job.id, exc_info=error)
            self._rest(job, "failed", sentence(error))
            return
        self._note(job, [EpochRecord.from_dict(record) for record in result.records])  # also what never arrived
        if result.outcome is None or result.model is None:
            job.snapshot, job.snapshot_epoch = result.snapshot, job.epochs
            self._rest(job, job.halt or "paused", job.reason, result.snapshot)
        else:
            if not job.speed:
                self._pace.note_end(job.config, len(result.records), time.monotonic() - job.given)
            ended = Outcome.from_dict(result.outcome), result.model, job.attempt, self.name, result.snapshot
            self._leave(job, partial(self.store.finish, job.id, *ended))

    def _lost(self, job: Job, died: bool) -> None:
        """A run whose worker died, or whose cluster went away, goes back to the queue; after deaths only so often."""
        job.deaths += died
        log.warning("Run %d lost its worker.", job.id)
        if job.halt:
            self._rest(job, job.halt, job.reason)
        elif job.deaths >= ATTEMPTS:
            self._rest(job, "failed", f"Its worker process died {ATTEMPTS} times.")
        else:
            self._again(job, job.until)

    def _rest(self, job: Job, status: str, reason: str = "", snapshot: bytes | None = None) -> None:
        """A run comes to rest, or goes on at once if that was asked for meanwhile."""
        then = job.then
        write = partial(self.store.rest, job.id, status, reason, snapshot, job.attempt, self.name)
        if then is None or status == "failed":
            self._leave(job, write)
        else:
            self._post(job, write)
            self._again(job, then and job.snapshot_epoch + then)

    def _again(self, job: Job, until: int) -> None:
        """A run goes back to the queue, to go on from its snapshot."""
        with self._changed:
            if job.epochs > job.snapshot_epoch:  # as Store.queue does
                job.attempt, job.epochs = job.attempt + 1, job.snapshot_epoch
            job.future, job.place, job.worker, job.halt, job.reason, job.then = None, "", "", "", "", None
            job.until = until
        self._post(job, lambda: self.store.queue(job.id, self.name, until))

    def _leave(self, job: Job, write: Callable[[], object]) -> None:
        with self._changed:
            if self._jobs.get(job.id) is job:
                del self._jobs[job.id]
        self._post(job, write)

    # To the store, and to those who wait

    def _post(self, job: Job, write: Callable[[], object]) -> None:
        def checked() -> None:
            try:
                write()
            except RunTakenError as error:  # by a server that took us for dead
                log.error("%s", error)
                with self._changed:
                    taken = self._jobs.pop(job.id, None)
                if taken:
                    job.halt = "stopped"
                    self._send(job)

        self._outbox.post(checked, lambda: self._tell(job.id))

    def _tell(self, id: int) -> None:
        for listener in self._listeners:
            listener(id)
        with self._changed:
            self._changes += 1
            self._changed.notify_all()
