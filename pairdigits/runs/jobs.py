"""Runs that wait for a worker or have one: whose turn it is, on which worker, and how long it takes."""

from __future__ import annotations

import heapq
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import NamedTuple

from distributed import Future

from pairdigits.config import RunConfig
from pairdigits.runs.cluster import EngineError
from pairdigits.runs.listing import Run
from pairdigits.runs.worker import REHEARSAL, Result, Task

FIRST_GUESS = 1e-4  # s for one training pair in one epoch, before any has been measured
TEST_PAIR = 0.2  # of what a training pair takes, which is also learned from
FIRST_OTHER = 1.0  # s that a run keeps its worker besides: to begin, to choose its model and to score it
BESIDE = 0.5  # of a worker's time for runs at a slow speed, where one at full speed trains too


@dataclass(eq=False)
class Job:
    """An unfinished run of this engine, as it stands after all that the workers have told."""

    id: int
    config: RunConfig
    attempt: int
    visitor: str  # whose it is
    watchers: set[str] = field(default_factory=set)  # visitors for whom it trains: whose it is, and who joined
    epochs: int = 0  # recorded so far
    until: int = 0  # the epoch to pause after; 0 goes on to the end
    speed: float | None = None  # the most epochs a second
    snapshot: bytes | None = None  # what it goes on from after `snapshot_epoch`
    snapshot_epoch: int = 0
    future: Future[Result] | None = None  # None while it waits in the queue
    asked: float | None = None  # the speed that its worker was last told
    place: str = ""  # the worker that it was given to
    worker: str = ""  # the worker that has begun it
    halt: str = ""  # the status to come to rest in, as soon as that is asked for
    reason: str = ""  # of the halt, if it is not the user's
    then: int | None = None  # after the halt go on for this many epochs (0: to the end); None: rest
    deaths: int = 0  # of workers under it, since its last snapshot
    given: float = 0.0  # time.monotonic() when its worker was given it
    heard: float = 0.0  # and when that last told of an epoch; 0 before its first

    @classmethod
    def of(cls, run: Run, snapshot: bytes | None = None) -> Job:
        """A stored run, to go on from a snapshot of its latest epoch."""
        watchers = {run.visitor} - {""}
        return cls(run.id, run.config, run.attempt, run.visitor, watchers, run.epochs, run.until, run.speed, snapshot,
                   run.snapshot_epoch)  # fmt: skip

    def task(self, topic: str) -> Task:
        """What a worker is asked to do."""
        epochs = self.until and self.until - self.epochs
        return Task(self.config.to_json(), topic, self.snapshot, epochs, self.speed)


def in_turn(waiting: Iterable[Job], served: Mapping[str, int]) -> list[Job]:
    """The order in which waiting runs begin: visitors take turns, first who was served longest ago.

    Parameters
    ----------
    waiting
        In the order in which they came.
    served
        Visitor -> a number that is higher the later they were last given a worker.
    """
    lines: dict[str, list[Job]] = {}
    for job in waiting:
        lines.setdefault(job.visitor, []).append(job)
    visitors = sorted(lines, key=lambda visitor: served.get(visitor, 0))
    return [job for turn in zip_longest(*(lines[visitor] for visitor in visitors)) for job in turn if job]


class Recent:
    """A mean in which what came last counts most.

    Parameters
    ----------
    guess : float
        The mean before anything is known; the first value takes its place.
    weight : float
        Of the latest value, once there are many.
    """

    def __init__(self, guess: float, weight: float):
        self.mean, self.count, self._weight = guess, 0, weight

    def note(self, value: float) -> None:
        """There is another value."""
        self.count += 1
        self.mean += max(self._weight, 1 / self.count) * (value - self.mean)


class Pace:
    """How long runs take here, on the clock, from those that have been trained."""

    def __init__(self):
        self._pair = Recent(FIRST_GUESS, weight=0.02)  # s; a run has dozens of epochs
        self._other = Recent(FIRST_OTHER, weight=0.2)

    def rehearsed(self, seconds: float) -> None:
        """A worker took so long for an epoch of `REHEARSAL` when it started: better than a guess; 0 says nothing."""
        if seconds and not self._pair.count:
            self.note(REHEARSAL, seconds)

    def heard(self, job: Job) -> None:
        """A run has told of an epoch."""
        before, job.heard = job.heard, time.monotonic()
        if before and not job.speed:  # the first epoch also waits for the pairs to be drawn
            self.note(job.config, job.heard - before)

    def note(self, config: RunConfig, seconds: float) -> None:
        """An epoch has taken so long, with all that follows one."""
        self._pair.note(seconds / _pairs(config))

    def note_end(self, config: RunConfig, epochs: int, seconds: float) -> None:
        """A run has kept its worker for some seconds and epochs, from when it got it to its model's score."""
        self._other.note(max(0.0, seconds - epochs * self.epoch(config)))

    def epoch(self, config: RunConfig) -> float:
        """Seconds that an epoch keeps a worker busy."""
        return _pairs(config) * self._pair.mean

    def share(self, job: Job) -> float:
        """Of a worker's time, 0..1, that a run needs at its speed."""
        return min(1.0, job.speed * self.epoch(job.config)) if job.speed else 1.0

    def rest(self, job: Job) -> float:
        """Seconds of a worker's time until the run ends or pauses."""
        other = 0.0 if job.until else self._other.mean
        return ((job.until or job.config.epochs) - job.epochs) * self.epoch(job.config) + other


def place(job: Job, workers: Mapping[str, int], training: Sequence[Job], pace: Pace) -> str | None:
    """The worker that can take a run up now; None if all are busy.

    One run at full speed has a worker for itself. Those at a slow speed share one, as many as it has time for, and
    leave at least half of it to a run at full speed.

    Parameters
    ----------
    workers
        Address -> how many tasks it takes at once.
    """
    loads = {}
    for address, threads in workers.items():
        there = [other for other in training if other.place == address]
        fast = sum(not other.speed for other in there)
        slow = sum(pace.share(other) for other in there if other.speed)
        fits = slow + pace.share(job) <= (BESIDE if fast else 1) if job.speed else not fast
        if len(there) < threads and (fits or not there):
            loads[address] = fast + slow
    return min(loads, key=lambda address: loads[address], default=None)


class Wait(NamedTuple):
    """How long a run will still wait."""

    place: int  # in the queue, from 1
    seconds: float  # until it begins, an estimate


def waits(queue: Iterable[Job], training: Iterable[Job], workers: int, pace: Pace) -> dict[int, Wait]:
    """How long each run in the queue, in its order, will still wait for one of the workers."""
    ends = sorted(pace.rest(job) for job in training if not job.speed)[:workers]
    free = [0.0] * (workers - len(ends)) + ends  # a heap: it is sorted
    found = {}
    for place, job in enumerate(queue, 1):
        found[job.id] = Wait(place, heapq.heappop(free))
        heapq.heappush(free, found[job.id].seconds + pace.rest(job))
    return found


def _pairs(config: RunConfig) -> float:
    """What an epoch takes, in training pairs."""
    return config.train_pairs + (TEST_PAIR * config.test_pairs if config.watch_test else 0)


def check_speed(speed: float | None) -> None:
    """Check the speed of a run.

    Raises
    ------
    EngineError
        Unless it is a number of epochs a second above 0, or None.
    """
    if speed is not None and not speed > 0:
        raise EngineError("The speed is a number of epochs a second above 0, or none for as fast as it goes.")
