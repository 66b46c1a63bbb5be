"""Runs on Dask: submit, watch, pause, step, stop, continue.

The engine keeps its own queue and hands the cluster no more runs than it can train at once, so that places in the queue
are exact and the death of a worker touches few runs. Workers send snapshots every few seconds; from the last one a run
goes on, on any worker, also after a restart of the server. What a server leaves unfinished is taken up by the next, or
by another one on the same database.
"""

from __future__ import annotations

import atexit
import logging
import math
import os
import socket
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from pairdigits.config import RunConfig
from pairdigits.runs.cluster import Cluster, EngineError
from pairdigits.runs.jobs import Job, Wait, check_speed, waits
from pairdigits.runs.keeper import Keeper
from pairdigits.runs.listing import UNFINISHED, Run
from pairdigits.runs.store import Store, StoreError
from pairdigits.runs.visitors import Limits

log = logging.getLogger(__name__)


class Engine(Keeper):
    """Trains runs on a cluster and keeps the store up to date.

    Every method may be called from any thread. Asking a run that has ended meanwhile to pause, stop or go on is no
    error. While the database is away they raise `StoreError`; what trains goes on, and is written when it is back.

    Parameters
    ----------
    store
        Where runs and records go.
    workers, scheduler
        As for `pairdigits.runs.cluster.Cluster`.
    """

    def __init__(self, store: Store, workers: int | None = None, scheduler: str | None = None):
        self._limits = Limits.from_environment()
        name = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"  # as owner in the store
        store.seen(name)
        super().__init__(store, Cluster(workers, scheduler), name)
        self._adopt()
        atexit.register(self.close)

    def warm_up(self) -> None:
        """`start` in the background, so that the first run begins at once; an error shows when a run is submitted."""

        def attempt() -> None:
            try:
                self.start()
            except EngineError as error:
                log.warning("%s", error)

        threading.Thread(target=attempt, name="pairdigits-warm-up", daemon=True).start()

    def close(self, patience: float = 5) -> None:
        """Leave the cluster; what is unfinished waits in the store for the next engine.

        Parameters
        ----------
        patience
            Seconds to wait for the snapshots of running runs, each of which first ends its epoch.
        """
        with self._changed:
            if self._closed:
                return
            self._closed = True
            training = [job for job in self._jobs.values() if job.future]
        atexit.unregister(self.close)
        for job in training:
            job.halt, job.then = job.halt or "queued", None
            self._send(job)
        with self._changed:
            self._changed.wait_for(lambda: not any(job.future for job in self._jobs.values()), patience)
        self._messages.put(None)
        self._thread.join()
        self._outbox.close(patience)
        self.cluster.close()
        with suppress(StoreError):
            self.store.forget(self.name)

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
            Pause after this many; 0 goes on to the end.
        visitor
            Whose run it is, see `pairdigits.runs.visitors`; must be `seen` every now and then.
        join
            Return the run that has come to its end with these settings, or goes there, if there is one (`Store.find`):
            training is deterministic, so another would give the same.

        Raises
        ------
        EngineError
            If the cluster cannot be had or the speed makes no sense; nothing is stored then.
        NotAllowedError
            If the visitor has too much waiting or training already.
        """
        check_speed(speed)
        self.start()
        self.seen(visitor)
        if join and (known := self.store.find(config.key)):
            self.join(known.id, visitor)
            return known.id
        self.check_limits(visitor, [config])
        told: dict[str, Any] = dict(group=group, owner=self.name, visitor=visitor, speed=speed, until=epochs)
        if join:
            id, added = self.store.add_once(config, name, **told)
        else:
            id, added = self.store.add(config, name, **told), True
        if added and config.fork:  # it may begin in the midst of its past
            self._enter(Job.of(self.store.run(id), self.store.snapshot(id)))
        elif added:
            self._enter(Job(id, config, 1, visitor, {visitor} - {""}, until=epochs, speed=speed))
        else:  # somebody was faster, here or on another server
            self.join(id, visitor)
        return id

    def check_limits(self, visitor: str, configs: Sequence[RunConfig]) -> None:
        """As `Limits.check`, with what the visitor has waiting and training on this server."""
        if visitor:
            with self._changed:
                theirs = [job.config for job in self._jobs.values() if job.visitor == visitor]
            self._limits.check(theirs, configs)

    def join(self, id: int, visitor: str) -> None:
        """From now on a run is trained for this visitor too, if it still trains: it goes on when its owner leaves."""
        with self._changed:
            if visitor and id in self._jobs:
                self._jobs[id].watchers.add(visitor)

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
        """Train a run at most so fast from now on, see `check_speed`; None lifts the limit."""
        check_speed(epochs_per_second)
        self.store.set_speed(id, epochs_per_second)
        with self._changed:
            if job := self._jobs.get(id):
                job.speed = epochs_per_second
        if job:
            self._send(job)

    @property
    def trouble(self) -> str:
        """What keeps runs from going on, or from being stored, in one sentence; "" if all is well."""
        return self._outbox.trouble or self._roster.trouble

    def waits(self) -> dict[int, Wait]:
        """The runs that wait, in the order in which they will begin."""
        with self._changed:
            training = [job for job in self._jobs.values() if job.worker]
            return waits(self._queue(), training, max(1, len(self._roster.workers)), self._pace)

    def wait(self, id: int, timeout: float | None = None, until: Callable[[Run], bool] | None = None) -> Run:
        """Wait until a run rests, or until it is as wanted, and return it.

        Raises
        ------
        TimeoutError
            After `timeout` seconds.
        """
        until = until or (lambda run: run.status not in UNFINISHED)
        end = time.monotonic() + (math.inf if timeout is None else timeout)
        while True:
            with self._changed:
                known = self._changes
            run = self.store.run(id)
            if until(run):
                return run
            if time.monotonic() > end:
                raise TimeoutError(f"Run {id} is not as wanted after {timeout} s.")
            with self._changed:  # for a second at most: of another engine's runs nobody tells us
                self._changed.wait_for(lambda known=known: self._changes != known, min(1, end - time.monotonic()))

    def _go_on(self, id: int, epochs: int) -> None:
        self.start()
        self._outbox.settle()
        with self._changed:
            job = self._jobs.get(id)
            if job and (job.halt or job.until):  # about to halt
                job.then = epochs
        if job is None:
            run = self.store.run(id)
            if run.status != "finished":
                self._take_up(id, epochs and run.snapshot_epoch + epochs)

    def _halt(self, id: int, status: str) -> None:
        with self._changed:
            job = self._jobs.get(id)
        if job:
            self._ask_to_halt(job, status)
        self._outbox.settle()
        if job is None:
            run = self.store.run(id)
            if run.status in UNFINISHED and run.owner not in ("", self.name):
                raise EngineError(f"Run {id} belongs to another PairDigits process, which is still at it.")
            if run.status == "paused" and status == "stopped":
                self.store.rest(id, "stopped", attempt=run.attempt)
