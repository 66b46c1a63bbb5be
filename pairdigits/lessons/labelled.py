"""What few labels do inside a tower: the digits that its encodings know, and where the two gradients pull."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import torch

from pairdigits import checkpoints
from pairdigits.data import load_mnist
from pairdigits.encodings import encode
from pairdigits.gradients import tower_gradient
from pairdigits.lessons.readouts import score
from pairdigits.lessons.trained import Progress, completed
from pairdigits.report.experiments import EXPERIMENTS
from pairdigits.splits import Splits

if TYPE_CHECKING:
    from pairdigits.runs.cluster import Cluster

ROUNDS = 10  # all that the experiment has


def labelled(cluster: Cluster | None, progress: Progress) -> dict[str, Any]:
    """The rounds of the experiment "labels", looked into after training.

    Returns
    -------
    dict
        "rows": by row of the experiment {"read_out": accuracies of a linear read-out of the encodings, "angle":
        degrees between the class loss's and the auxiliary losses' gradients of the tower over all training pairs, with
        the labels that the run was told; None without labels}, one value per round; "config" is the first round's.
    """
    rows = EXPERIMENTS["labels"].rows
    configs = {
        replace(config, data_seed=number, init_seed=number): label
        for label, config in rows.items()
        for number in range(ROUNDS)
    }
    found: dict[tuple[str, int], tuple[float, float | None]] = {}
    for config, _, _, model in completed(configs, cluster):
        label, number = configs[config], config.data_seed
        progress(f"{label}, round {number}")
        checkpoint = checkpoints.loads(model)
        told = Splits(config, load_mnist(), torch.device("cpu")).epoch(1)  # in a fixed order, not warped
        angle = tower_gradient(checkpoint.model, told, config.auxiliary_weight).angle
        known = score(number, checkpoint.normalisation, lambda x, m=checkpoint.model: encode(m, x))
        found[label, number] = known, angle
    return {
        "rows": {
            label: {
                "config": config.to_dict(),
                "read_out": [found[label, number][0] for number in range(ROUNDS)],
                "angle": [found[label, number][1] for number in range(ROUNDS)],
            }
            for label, config in rows.items()
        }
    }
