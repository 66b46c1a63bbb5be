"""A launch as browsers get it: its state in words, and the points of its curves that they do not have yet.

Importing this loads torch.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from dashboard.charts import probes
from dashboard.charts.curves import over_rounds
from dashboard.shared.launches import Launch, columns
from pairdigits import cells
from pairdigits.records import EpochRecord
from pairdigits.runs.jobs import Wait

Position = tuple[tuple[int, int], ...]  # attempt and epochs of each round: how much of a launch a browser has


@dataclass(frozen=True)
class View:
    """A launch as it was at one moment, told to everybody who watches it.

    Attributes
    ----------
    launch : Launch
    words : str
        How far it is, see `describe`.
    """

    launch: Launch
    words: str
    _told: dict[tuple[Position, bool], str] = field(default_factory=dict, compare=False)

    @cached_property
    def position(self) -> Position:
        """What a browser has that was told everything."""
        last = (records[-1].epoch if records else 0 for records in self.launch.records)
        return tuple((run.attempt, epoch) for run, epoch in zip(self.launch.runs, last, strict=True))

    def message(self, since: Position = (), probe: bool = False) -> str:
        """What is new as JSON, made once for all who have got as far.

        Parameters
        ----------
        since : Position
            What the browser has; empty for nothing.
        probe : bool
            Whether the first round's latest probe comes along, as Plotly's traces.
        """
        if (since, probe) not in self._told:
            self._told[since, probe] = json.dumps(self._changes(since, probe))
        return self._told[since, probe]

    def _changes(self, since: Position, probe: bool) -> dict[str, Any]:
        launch = self.launch
        again = [attempt for attempt, _ in since] != [run.attempt for run in launch.runs]
        reached = [0] * len(launch.runs) if again else [epoch for _, epoch in since]
        new = {
            record.epoch
            for records, epoch in zip(launch.records, reached, strict=True)
            for record in records
            if record.epoch > epoch
        }
        message = {
            "launch": launch.id,
            "again": again,  # what the browser has is to be forgotten
            "words": self.words,
            "progress": round(launch.progress, 4),
            "active": launch.active,
            "chosen": launch.chosen_epoch,
            "points": {epoch: point(launch.records, epoch) for epoch in sorted(new)},
        }
        if launch.records[0]:
            latest = launch.records[0][-1]
            board = cells.as_array(latest.probe)
            message["gap"] = gap_words([records[-1] for records in launch.records if records])
            message["wrong"] = f"after epoch {latest.epoch}: {int(cells.wrong(board).sum())} of 100 cells wrong"
            if probe:
                message["probe"] = probes.probe_heatmap(board)["data"]
        return message


def point(rounds: Sequence[Sequence[EpochRecord]], epoch: int) -> dict[str, list[float | None]]:
    """Every figure of an epoch over the rounds: column -> [mean, standard deviation or None for one round]."""
    rows = [columns(record) for records in rounds for record in records if record.epoch == epoch]
    found = {}
    for name in rows[0]:
        mean, spread, count = over_rounds(row.get(name) for row in rows)
        if count:
            found[name] = [mean, spread if count > 1 else None]
    return found


def accuracies(rounds: Sequence[EpochRecord]) -> dict[str, tuple[float, float]]:
    """Mean accuracies on training and on test pairs; what a run does not watch or read is left out."""
    found: dict[str, tuple[float, float]] = {}
    for name, field_name in {"class": "accuracy", "digits": "digit_accuracy"}.items():
        pairs = [(getattr(r.train, field_name), getattr(r.test, field_name)) for r in rounds if r.test]
        if pairs and pairs[0][0] is not None:
            train, test = np.mean(pairs, axis=0).tolist()
            found[name] = train, test
    return found


def gap_words(rounds: Sequence[EpochRecord]) -> str:
    """These accuracies in a sentence; empty where there are none."""
    said = [
        f"{name}: {train:.1%} of training, {test:.1%} of test" for name, (train, test) in accuracies(rounds).items()
    ]
    return f"{', '.join(said).capitalize()}." if said else ""


def describe(launch: Launch, waits: Mapping[int, Wait], trouble: str = "") -> str:
    """How far a launch is, in a few words.

    Parameters
    ----------
    launch : Launch
    waits : mapping
        A run's id -> how long it will wait; as `Engine.waits`.
    trouble : str
        What keeps runs from going on, one sentence, as `Engine.trouble`.
    """
    words = _state(launch, waits)
    return f"{words}. {trouble}" if trouble and launch.active else words


def _state(launch: Launch, waits: Mapping[int, Wait]) -> str:
    running = [run for run in launch.runs if run.status == "running"]
    queued = [run for run in launch.runs if run.status == "queued"]
    finished = sum(run.status == "finished" for run in launch.runs)
    total = len(launch.runs)
    rounds = f"{finished} of {total} rounds done, " if total > 1 else ""
    if running:
        epoch, epochs = max(run.epochs for run in running), launch.config.epochs
        if epoch == epochs and not queued:
            return f"{rounds}all {epochs} epochs trained, scoring the chosen model"
        return f"{rounds}epoch {epoch} of {epochs}{_time_left(launch, len(running))}"
    if queued:
        wait = waits.get(queued[0].id)
        if wait is None:
            return f"{rounds}about to start"
        return f"{rounds}place {wait.place} in the queue, begins {_in_about(wait.seconds)}"
    if launch.finished:
        seconds = sum(outcome.seconds for outcome in launch.outcomes)
        return f"{f'{total} rounds' if total > 1 else 'finished'}, {seconds:.1f} s of training"
    rest = next(run for run in launch.runs if run.status != "finished")
    reason = f": {rest.reason}" if rest.reason else ""
    return f"{rounds}{rest.status} after epoch {rest.epochs} of {launch.config.epochs}{reason}"


def _in_about(seconds: float) -> str:
    """In words that do not change every moment: an estimate is no better than that."""
    if seconds < 2.5:
        return "soon"
    step = 5 if seconds < 60 else 10
    return f"in about {step * round(seconds / step):,} s"


def _time_left(launch: Launch, workers: int) -> str:
    speed = launch.runs[0].speed
    seconds = [record.seconds for records in launch.records for record in records[-10:]]
    if not seconds:
        return ""
    left = sum(launch.config.epochs - run.epochs for run in launch.runs if run.status in ("queued", "running"))
    return f", about {left * max(np.mean(seconds), 1 / speed if speed else 0.0) / workers:.0f} s left"
