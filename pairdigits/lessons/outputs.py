"""Which of its ten outputs stands for which digit, where nobody named the digits."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from pairdigits.lessons.trained import Progress, completed
from pairdigits.report.experiments import EXPERIMENTS

if TYPE_CHECKING:
    from pairdigits.runs.cluster import Cluster

ROUNDS = 6
EVERY_EPOCH = 40  # is kept up to here, then every fifth


def unnamed(cluster: Cluster | None, progress: Progress) -> dict[str, Any]:
    """v7 trained by the recipe on comparisons alone: which of its outputs each training digit wins, epoch by epoch.

    Returns
    -------
    dict
        "rounds": a list of {"config", "epochs": those kept, "confusion": [10x10 counts, digit by output],
        "accuracy", "digit_accuracy": on the training pairs}.
    """
    return _finding_places("unnamed", cluster, progress)


def unnamed_prior(cluster: Cluster | None, progress: Progress) -> dict[str, Any]:
    """The same with a prior that wants all ten outputs used (see `unnamed`)."""
    return _finding_places("unnamed-prior", cluster, progress)


def _finding_places(experiment: str, cluster: Cluster | None, progress: Progress) -> dict[str, Any]:
    all_rounds = (config for label, _, config in EXPERIMENTS[experiment].configs() if label == "v7")
    configs = list(itertools.islice(all_rounds, ROUNDS))
    rounds = []
    for config, outcome, records, _ in completed(configs, cluster):
        progress(f"round {config.data_seed}")
        kept = [record for record in records if record.epoch <= EVERY_EPOCH or record.epoch % 5 == 0]
        rounds.append(
            {
                "config": config.to_dict(),
                "test_accuracy": outcome.test_accuracy,
                "test_digit_accuracy": outcome.test_digit_accuracy,
                "epochs": [record.epoch for record in kept],
                "confusion": [record.confusion for record in kept],
                "accuracy": [record.train.accuracy for record in kept],
                "digit_accuracy": [record.train.digit_accuracy for record in kept],
            }
        )
    return {"rounds": sorted(rounds, key=lambda one: one["config"]["data_seed"])}
