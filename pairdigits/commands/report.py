"""python -m pairdigits report: what is missing of the experiments, and the tables."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from tqdm import tqdm

from pairdigits import together
from pairdigits.choices import PRESETS
from pairdigits.config import ConfigError, RunConfig
from pairdigits.models import VARIANTS
from pairdigits.options import add_cluster_options, add_device_option
from pairdigits.records import Completed
from pairdigits.report import stored_rounds
from pairdigits.report.document import document
from pairdigits.report.experiments import EXPERIMENTS, Experiment, missing
from pairdigits.report.stored_rounds import Round

MOST_ROUNDS = 1000  # of an experiment: more than anybody could wait for
Train = Callable[[Iterable[RunConfig]], Iterator[Completed]]


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    parser.add_argument(
        "experiments", nargs="*", metavar="EXPERIMENT", help=f"of {', '.join(EXPERIMENTS)} (default: all)"
    )
    parser.add_argument("--rounds", type=int, help="the most rounds of each (default: all)")
    parser.add_argument(
        "--tables", action="store_true", help="only print the tables of the rounds done so far, as in docs/results.md"
    )
    add_device_option(parser)
    add_cluster_options(parser)


def run(
    experiments: Sequence[str],
    rounds: int | None,
    tables: bool,
    device: str | None,
    workers: int | None,
    scheduler: str | None,
) -> None:
    """Run what is missing of the experiments and print the tables.

    Raises
    ------
    ConfigError
        If there is no such experiment, or no round is asked for.
    EngineError
        If the cluster cannot be had, or a run fails.
    """
    if unknown := [name for name in experiments if name not in EXPERIMENTS]:
        raise ConfigError(f"There is no experiment {unknown[0]!r}: choose one of {', '.join(EXPERIMENTS)}.")
    asked = [limited(EXPERIMENTS[name], rounds) for name in experiments or EXPERIMENTS]
    if not tables:
        with trainer(device, workers, scheduler) as train:
            for experiment in asked:
                run_experiment(experiment, train)
    print(document(), end="")


@contextmanager
def trainer(device: str | None, workers: int | None, scheduler: str | None) -> Generator[Train]:
    """What trains runs: this process on a device, or else a cluster's workers, which end with the context."""
    if device:
        yield partial(together.completed, device=device)
        return
    from pairdigits.runs.cluster import Cluster  # a device needs no Dask

    with Cluster(workers, scheduler) as cluster:
        cluster.client()  # before a progress bar, which no unreachable cluster should follow
        yield cluster.completed


def limited(experiment: Experiment, rounds: int | None) -> Experiment:
    """The first rounds of an experiment; all of them for None.

    Raises
    ------
    ConfigError
        If no round is left, or there are more than `MOST_ROUNDS`.
    """
    if rounds is not None and not 1 <= rounds <= MOST_ROUNDS:
        raise ConfigError(f"Rounds is {rounds}: give at least 1, at most {MOST_ROUNDS:,}.")
    return replace(experiment, rounds=min(experiment.rounds, rounds or experiment.rounds))


def run_experiment(experiment: Experiment, train: Train, folder: Path = stored_rounds.FOLDER) -> None:
    """Train what is missing of an experiment, keeping every round as it finishes.

    The first round of an experiment behind a preset also becomes that preset's checkpoint of the variant; where that
    file is lost, the round is trained again for it.
    """
    waiting = missing(experiment, folder)
    unknown = {config.key for config in waiting}
    first = {
        config.key: folder.parent / preset.name / f"{label}.safetensors"
        for preset in PRESETS.values()
        for label, number, config in experiment.configs()
        if preset.experiment == experiment.name and label in VARIANTS and number == 0
    }
    lost = {key for key, path in first.items() if not path.exists()} - unknown
    waiting += [config for _, _, config in experiment.configs() if config.key in lost]
    total = sum(1 for _ in experiment.configs())
    with tqdm(total=total, initial=total - len(waiting), desc=experiment.name, unit="run", smoothing=0.05) as bar:
        for done in train(waiting):
            if path := first.get(done.config.key):
                path.parent.mkdir(parents=True, exist_ok=True)
                part = path.with_suffix(".part")
                part.write_bytes(done.model)
                part.replace(path)  # at once: a dashboard that runs may look for it now
            if done.config.key in unknown:
                finished = Round.of(done.config, done.outcome, done.records, experiment.curves)
                stored_rounds.append(experiment.name, finished, folder)
            bar.update()
