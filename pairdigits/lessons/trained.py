"""Runs behind lessons: looked at after every epoch, or trained many at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from pairdigits import checkpoints
from pairdigits.config import RunConfig
from pairdigits.records import EpochRecord, Outcome
from pairdigits.training import Training

if TYPE_CHECKING:
    from pairdigits.runs.cluster import Cluster

Progress = Callable[[str], None]  # told in a short sentence what begins


def epochs(config: RunConfig, records: list[EpochRecord] | None = None) -> Iterator[Training]:
    """A run before its first epoch and after each one; its records go to the list."""
    training = Training(config)
    yield training
    for record in training:
        if records is not None:
            records.append(record)
        yield training


def completed(
    configs: Iterable[RunConfig], cluster: Cluster | None
) -> Iterator[tuple[RunConfig, Outcome, list[EpochRecord], bytes]]:
    """Trained runs as (config, outcome, records, model file), by the cluster in any order or here one by one."""
    if cluster is not None:
        yield from cluster.completed(configs, all_pairs=False)
        return
    for config in configs:
        training = Training(config)
        records = list(training)
        outcome = training.outcome(all_pairs=False)
        yield config, outcome, records, checkpoints.dumps(training, outcome)
