"""A short run, and what it gives where nothing disturbs it, for tests that store it or disturb it on its worker."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import torch

from pairdigits.config import RunConfig
from pairdigits.records import EpochRecord
from pairdigits.runs.store import Run
from pairdigits.training import Training

TINY = RunConfig(variant="v1", train_pairs=40, validation_pairs=0, test_pairs=20, epochs=4)


def timeless(records: Iterable[EpochRecord]) -> list[EpochRecord]:
    return [replace(record, seconds=0.0) for record in records]


def trained(config: RunConfig) -> tuple[Training, list[EpochRecord]]:
    """The run to its end, and its records without their seconds."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # as on a worker: sums over several threads round otherwise
    try:
        training = Training(config)
        return training, timeless(training)
    finally:
        torch.set_num_threads(threads)


def epochs(count: int) -> Callable[[Run], bool]:
    """Whether a run has come that far."""
    return lambda run: run.epochs >= count
