"""A launch in words: how far it is, and how right on training and on test pairs. Importing this loads torch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import fmean

from dashboard.shared.launches import RECENT, Launch
from pairdigits.records import EpochRecord
from pairdigits.runs.jobs import Wait


def accuracies(rounds: Sequence[EpochRecord]) -> dict[str, tuple[float, float]]:
    """Mean accuracies on training and on test pairs; what a run does not watch or read is left out."""
    found: dict[str, tuple[float, float]] = {}
    for name, field_name in {"class": "accuracy", "digits": "digit_accuracy"}.items():
        pairs = [(getattr(r.train, field_name), getattr(r.test, field_name)) for r in rounds if r.test]
        if pairs and pairs[0][0] is not None:
            train, test = map(fmean, zip(*pairs, strict=True))
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
    step = 2 if seconds < 20 else 5 if seconds < 60 else 10
    return f"in about {step * round(seconds / step):,} s"


def _time_left(launch: Launch, workers: int) -> str:
    speed = launch.runs[0].speed
    seconds = [record.seconds for records in launch.records for record in records[-RECENT:]]
    if not seconds:
        return ""
    left = sum(launch.config.epochs - run.epochs for run in launch.runs if run.status in ("queued", "running"))
    return f", about {left * max(fmean(seconds), 1 / speed if speed else 0.0) / workers:.0f} s left"
