"""What keeps runs going and in order: takes up what others left unfinished, and halts what nobody waits for."""

from __future__ import annotations

import logging
import math
import time

from pairdigits.runs.attendant import HEARTBEAT, Attendant
from pairdigits.runs.cluster import Cluster
from pairdigits.runs.jobs import Job
from pairdigits.runs.store import Store, StoreError

ABSENCE = 600  # s after which a visitor who has not been seen counts as gone

log = logging.getLogger(__name__)


class Keeper(Attendant):
    """An attendant that finds work by itself, and knows who is there to wait for it."""

    def __init__(self, store: Store, cluster: Cluster, name: str):
        self._present: dict[str, float] = {}  # visitor -> time.monotonic() when last seen
        self._beaten_at = -math.inf  # when the last sign of life was written
        super().__init__(store, cluster, name)

    def seen(self, visitor: str) -> None:
        """A visitor is here; who is not seen for ten minutes has left what waits, and what trains is paused."""
        if visitor:
            with self._changed:
                self._present[visitor] = time.monotonic()

    # From the store to the queue, and out of it

    def _enter(self, job: Job) -> None:
        with self._changed:
            self._jobs.setdefault(job.id, job)
        self._tell(job.id)
        self._messages.put({})  # look at the queue now

    def _take_up(self, id: int, until: int) -> None:
        """Queue a stored run, to go on from its snapshot until an epoch; 0 goes on to the end."""
        self.store.queue(id, self.name, until)
        self._enter(Job.of(self.store.run(id), self.store.snapshot(id)))

    def _ask_to_halt(self, job: Job, status: str, reason: str = "") -> None:
        with self._changed:
            job.halt, job.reason, job.then = status, reason, None
            waits = job.future is None
            if waits:
                self._rest(job, status, reason)
        if not waits:
            self._send(job)

    # Every few seconds

    def _beat(self) -> None:
        super()._beat()
        steady = time.monotonic() < self._beaten_at + 3 * HEARTBEAT
        self._beaten_at = time.monotonic()
        if steady and not self._closed:  # else the database may be back only now, for the others too
            self._adopt()
        self._leave_alone()

    def _adopt(self) -> None:
        """Take up what engines that are gone have left unfinished."""
        for id in self.store.adopt(self.name):
            try:
                run = self.store.run(id)
                self.seen(run.visitor)
                self._take_up(id, run.until)
            except StoreError as error:
                log.error("%s", error)

    def _leave_alone(self) -> None:
        """Drop what waits for visitors who have left, and pause what trains for them."""
        with self._changed:
            recent = time.monotonic() - ABSENCE
            self._present = {visitor: at for visitor, at in self._present.items() if at > recent}
            left = [job for job in self._jobs.values() if job.watchers and not job.watchers & self._present.keys()]
        for job in left:
            self._ask_to_halt(job, "paused" if job.future else "stopped", "Whoever it was for has left.")
