"""What one Dask worker does with a run: train it, tell of every epoch, and heed what it is asked meanwhile."""

from __future__ import annotations

import math
import os
import statistics
import threading
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import torch
from distributed import Worker, WorkerPlugin, get_worker

from pairdigits import checkpoints
from pairdigits.config import RunConfig
from pairdigits.records import EpochRecord
from pairdigits.training import Training

REHEARSAL = RunConfig(epochs=5, train_pairs=200, validation_pairs=40, test_pairs=100)
SAVE = 3  # s between snapshots, from the first epoch on: no more is lost when the worker or the server dies


@dataclass(frozen=True)
class Task:
    """What a worker is asked to do: one run, from its beginning or from a snapshot."""

    config: str  # RunConfig as JSON
    topic: str = ""  # of the Dask events that tell of every epoch; "" tells nobody
    snapshot: bytes | None = None  # Training.snapshot to go on from, of the run or, for a new fork, of its parent
    epochs: int = 0  # halt after this many; 0 goes on to the end
    speed: float | None = None  # the most epochs a second
    all_pairs: bool = True  # as in Training.outcome


@dataclass(frozen=True)
class Result:
    """What came of a task: a snapshot, and with it an outcome and a model unless it was halted before the end."""

    records: list[dict[str, Any]]  # of this task's epochs, EpochRecord.to_dict()
    snapshot: bytes | None = None
    outcome: dict[str, Any] | None = None  # Outcome.to_dict()
    model: bytes | None = None  # safetensors


@dataclass
class Control:
    """What is asked of a running task; the training thread looks at it between epochs."""

    speed: float | None
    halt: bool = False
    changed: threading.Event = field(default_factory=threading.Event)

    def halts(self, began: float) -> bool:
        """Whether to halt; waits as the speed asks since the last epoch, which began then (`time.monotonic`)."""
        while not self.halt and self.speed and (rest := began + 1 / self.speed - time.monotonic()) > 0:
            self.changed.wait(rest)
            self.changed.clear()
        return self.halt


class Turns:
    """A lock that is given to those who wait in the order in which they came."""

    def __init__(self):
        self._lock = threading.Lock()  # guards the line, whose first has the turn
        self._line: deque[threading.Event] = deque()

    def __enter__(self) -> None:
        mine = threading.Event()
        with self._lock:
            self._line.append(mine)
            self._line[0].set()
        mine.wait()

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._line.popleft()
            if self._line:
                self._line[0].set()


_controls: dict[str, Control] = {}  # of this worker's running tasks, by key
_rehearsed = 0.0  # s that an epoch of REHEARSAL took here; 0 before
_turn = Turns()  # torch has one random generator a process: runs that share one take turns, an epoch each


def control(key: str, halt: bool, speed: float | None) -> None:
    """Halt a running task after its present epoch, or change its speed; called on the worker's event loop."""
    if asked := _controls.get(key):
        asked.halt, asked.speed = halt, speed
        asked.changed.set()


def train(task: Task) -> Result:
    """Train until the end, until a number of epochs are done, or until a halt is asked for."""
    worker = get_worker()
    key = str(worker.get_current_task())
    asked = _controls[key] = Control(task.speed)

    def tell(**message: object) -> None:
        if task.topic:
            worker.log_event(task.topic, {"key": key, **message})

    try:
        tell(worker=worker.address, rehearsed=_rehearsed)
        torch.set_num_threads(1)  # one thread a run: the other cores have runs of their own
        with _turn:
            training = _taken_up(RunConfig.from_json(task.config), task.snapshot)
        records, began = [], time.monotonic()
        saved = -math.inf
        for record in _in_turn(training):
            records.append(record.to_dict())
            if due := time.monotonic() > saved + SAVE:
                saved = time.monotonic()
            tell(record=records[-1], **(dict(snapshot=training.snapshot()) if due else {}))
            if record.epoch == training.config.epochs:
                break
            if len(records) == task.epochs or asked.halts(began) or _nobody_waits(worker, key):
                return Result(records, snapshot=training.snapshot())
            began = time.monotonic()
        with _turn:  # models are built on the way, which draws random numbers
            outcome = training.outcome(task.all_pairs)
            model = checkpoints.dumps(training, outcome)
            return Result(records, snapshot=training.snapshot(), outcome=outcome.to_dict(), model=model)
    finally:
        del _controls[key]


def _taken_up(config: RunConfig, snapshot: bytes | None) -> Training:
    """A run from its beginning, from its own snapshot, or from that of the run which it was forked from."""
    if snapshot is None:
        return Training(config)
    kept = Training.restore(snapshot)
    if kept.config == config:
        return kept
    training = Training(config)
    training.follow(kept)
    return training


def _in_turn(training: Training) -> Iterator[EpochRecord]:
    epochs = iter(training)
    while True:
        with _turn:
            record = next(epochs, None)
        if record is None:
            return
        yield record


def _nobody_waits(worker: Worker, key: str) -> bool:
    """Whether the task has been cancelled, as it also is when the process that asked for it dies."""
    task = worker.state.tasks.get(key)  # None once the scheduler has died
    return task is None or task.state == "cancelled"


def rehearse() -> None:
    """Train a toy run: what torch and MNIST need the first time takes a second, in which nobody waits yet."""
    global _rehearsed
    torch.set_num_threads(1)
    with _turn:
        _rehearsed = statistics.median(record.seconds for record in Training(REHEARSAL))


class WarmUp(WorkerPlugin):
    """Makes each worker, also one that joins later, rehearse before its first run.

    Parameters
    ----------
    niceness : int
        Added to that of its process: training gives way to whoever waits for an answer, such as the page.
    """

    name = "pairdigits-warm-up"

    def __init__(self, niceness: int = 0):
        self.niceness = niceness

    def setup(self, worker: Worker) -> None:
        """Rehearse in the thread of the runs, so that the first of them waits for it."""
        if self.niceness and hasattr(os, "nice"):  # not on Windows
            os.nice(self.niceness)
        worker.executors["default"].submit(rehearse)
