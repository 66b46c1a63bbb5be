"""What a visitor started: runs, and rounds that belong together, with what the store knows of them.

Importing this loads torch: pages do it after their first text.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dashboard.charts.curves import Curve
from pairdigits.config import RunConfig
from pairdigits.models import VARIANTS
from pairdigits.records import EpochRecord, Outcome
from pairdigits.runs.database import DatabaseAwayError
from pairdigits.runs.store import UNFINISHED, Run, Store, StoreError

NOT_COMPARED = ("own_pair", "device")  # they change nothing in what is learned
SEEDS = ("data_seed", "init_seed")
RECENT = 10  # epochs that tell how long another one takes

Known = dict[int, tuple[int, list[EpochRecord]]]  # what was read from the store, by run: its attempt and records


@dataclass(frozen=True)
class Launch:
    """One run, or the rounds that were started with one click.

    Attributes
    ----------
    id : int
        Of the round by which the page knows the launch.
    runs : sequence of Run
        The rounds, at least one, oldest first.
    records : sequence of lists of EpochRecord
        One list a round, as far as it has got.
    """

    id: int
    runs: Sequence[Run]
    records: Sequence[Sequence[EpochRecord]]

    @property
    def config(self) -> RunConfig:
        """The first round's settings."""
        return self.runs[0].config

    @property
    def active(self) -> bool:
        """Whether any round trains or waits for a worker."""
        return bool(self.unfinished)

    @property
    def unfinished(self) -> list[Run]:
        """The rounds that train or wait for a worker."""
        return [run for run in self.runs if run.status in UNFINISHED]

    @property
    def finished(self) -> bool:
        """Whether every round has its outcome."""
        return len(self.outcomes) == len(self.runs)

    @property
    def outcomes(self) -> list[Outcome]:
        """Of the rounds that have finished."""
        return [run.outcome for run in self.runs if run.outcome]

    @property
    def progress(self) -> float:
        """Share of all epochs of all rounds that are done, 0..1."""
        return sum(run.epochs for run in self.runs) / (self.config.epochs * len(self.runs))

    @property
    def chosen_epoch(self) -> int | None:
        """The epoch that a single run chose, or would choose if it ended now."""
        if len(self.runs) > 1 or not self.records[0]:
            return None
        if outcome := self.runs[0].outcome:
            return outcome.epoch
        own = self.records[0][self.config.fork.epoch if self.config.fork else 0 :]  # what came before is the parent's
        return max(own, key=lambda record: record.merit(self.config.protocol)).epoch if own else None

    def at(self, epoch: int) -> Launch:
        """As it was after an epoch, while it trained."""
        records = [known[:epoch] for known in self.records]
        runs = [
            dataclasses.replace(run, status="running", epochs=len(known), outcome=None)
            for run, known in zip(self.runs, records, strict=True)
        ]
        return dataclasses.replace(self, runs=runs, records=records)

    def curve(self, label: str, baseline: bool = False, star: bool = True) -> Curve:
        """The launch as a chart draws it."""
        rounds = [[columns(record) for record in records] for records in self.records if records or self.active]
        splits = ("train", "test") if self.config.watch_test else ("train",)
        launch = self.id if self.active else None
        return Curve(label, rounds, self.chosen_epoch, baseline, self.config.epochs, launch, splits, star)


def columns(record: EpochRecord) -> dict[str, float | None]:
    """What can be drawn of an epoch: its scores, the gap between train and test, and the visitor's own pair."""
    row = record.flat()
    for name in ("accuracy", "digit_accuracy"):
        train, test = row[f"train_{name}"], row[f"test_{name}"]
        row[f"gap_{name}"] = None if train is None or test is None else train - test
    return row | {"own_pair": record.own_pair and record.own_pair["probability"]}


def load(store: Store, ids: Sequence[int], known: Known, rounds: bool = True) -> list[Launch]:
    """The launches of these runs; those that the store does not have (any more) are left out.

    Parameters
    ----------
    store : Store
    ids : sequence of int
        Of one run of each launch.
    known : dict
        What earlier calls have read. Only what is new is read from the store.
    rounds : bool
        Whether a run brings along the others that were started with it.

    Raises
    ------
    StoreError
        If the database cannot be used.
    """
    launches, seen = [], set()
    for id in ids:
        try:
            run = store.run(id)
        except DatabaseAwayError:
            raise
        except StoreError:
            continue
        if rounds and run.group:  # which may hold other experiments too
            runs = [other for other in store.runs(run.group) if _seedless(other.config) == _seedless(run.config)]
        else:
            runs = [] if run.deleted else [run]
        if runs and not seen & {run.id for run in runs}:
            launches.append(Launch(id, runs, [_records(store, run, known) for run in runs]))
            seen |= {run.id for run in runs}
    return launches


def keep(known: Known, runs: Iterable[int]) -> None:
    """Forget what was read of other runs than these."""
    for id in known.keys() - set(runs):
        del known[id]


def in_brief(store: Store, run: Run) -> Launch:
    """A run that was read just now as a launch of its own, with no more records than it takes to say how far it is."""
    return Launch(run.id, [run], [store.records(run.id, after=run.epochs - RECENT) if run.epochs else []])


def _seedless(config: RunConfig) -> RunConfig:
    return dataclasses.replace(config, **dict.fromkeys(SEEDS, 0))


def _records(store: Store, run: Run, known: Known) -> list[EpochRecord]:
    attempt, records = known.get(run.id, (run.attempt, []))
    if attempt != run.attempt:  # its worker died: it began again
        records = []
    if len(records) < run.epochs:  # also where one is missing: it may have come late
        whole = next((i for i, record in enumerate(records, 1) if record.epoch != i), len(records) + 1) - 1
        records = records[:whole] + store.records(run.id, after=whole)
    known[run.id] = run.attempt, records
    return records


def labels(launches: Sequence[Launch]) -> list[str]:
    """A name for each that says only in what it differs from the others; a run's own name, where it has one."""
    compared = [_compared(launch) for launch in launches]
    differing = (
        [name for name in compared[0] if len({str(fields[name]) for fields in compared}) > 1] if compared else []
    )
    if "protocol" in differing:  # as published has no validation pairs: that goes without saying
        differing = [name for name in differing if name != "validation_pairs"]
    names = [
        launch.runs[0].name or ", ".join(_words(launch.config, name) for name in differing if _applies(launch, name))
        for launch in launches
    ]
    names = [name or launch.config.describe().split(",")[0] for name, launch in zip(names, launches, strict=True)]
    return [
        f"{name} (run {launch.id})" if names.count(name) > 1 else name
        for name, launch in zip(names, launches, strict=True)
    ]


def differences(configs: Mapping[str, RunConfig]) -> dict[str, dict[str, str]]:
    """The settings in which runs differ: field in words -> name of the run -> value."""
    fields = {name: _fields(config) for name, config in configs.items()}
    order = [field.name for field in dataclasses.fields(next(iter(configs.values())))] if configs else []
    return {
        field.replace("_", " ").capitalize(): {name: _plain(values[field]) for name, values in fields.items()}
        for field in order
        if len({str(values[field]) for values in fields.values()}) > 1
    }


def _compared(launch: Launch) -> dict[str, object]:
    return {name: value for name, value in _fields(launch.config).items() if name not in NOT_COMPARED}


def _fields(config: RunConfig) -> dict[str, object]:
    return {**config.to_dict(), "fork": config.fork and f"after epoch {config.fork.epoch}, {config.fork.parent.key}"}


def _applies(launch: Launch, field: str) -> bool:
    """Whether a field says anything of this launch: base has no towers to share, rounds have seeds of their own."""
    siamese = VARIANTS[launch.config.variant].siamese
    return not (field in ("shared", "auxiliary_weight") and not siamese) and not (
        field in SEEDS and len(launch.runs) > 1
    )


def _words(config: RunConfig, field: str) -> str:
    """One setting in a few words: "learning rate 0.005"."""
    value = getattr(config, field)
    special = {
        "variant": lambda: VARIANTS[value].title,
        "shared": lambda: "shared tower" if value else "separate towers",
        "protocol": lambda: value,
        "augmentation": lambda: f"warped ({_plain(config.to_dict()[field])})" if value else "not warped",
        "fork": lambda: f"forked after epoch {value.epoch}" if value else "not forked",
        "watch_test": lambda: "test watched" if value else "test not watched",
    }
    return special[field]() if field in special else f"{field.replace('_', ' ')} {_plain(value)}"


def _plain(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name.replace('_', ' ')} {item:g}" for name, item in value.items())
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else "none" if value is None else str(value)
