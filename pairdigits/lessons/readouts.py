"""How well digits can be read off encodings by a linear layer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from torch import Tensor

from pairdigits import checkpoints
from pairdigits.data import Normalisation, load_mnist, pool, sample_pairs
from pairdigits.encodings import encode, read_out, unseen
from pairdigits.lessons.trained import Progress, completed
from pairdigits.presets import preset
from pairdigits.training import Training

if TYPE_CHECKING:
    from pairdigits.runs.cluster import Cluster

ROUNDS, FITTED, HELD_OUT = 5, 5000, 10_000


def readouts(cluster: Cluster | None, progress: Progress) -> dict[str, Any]:
    """Linear read-outs of encodings, fitted to digits that no run was trained on, scored on test digits.

    Returns
    -------
    dict
        "fitted" and "held_out": numbers of digits; "rounds": by label the accuracies of each round, of "pixels" and
        "untrained" (a v1 tower before its first step) for comparison; "class": the same runs' test accuracy of pairs.
    """
    kinds = {
        f"{v} {'auxiliary' if a else 'alone'}": preset("report", v, a) for v in ("v1", "v5") for a in (False, True)
    }
    configs = {
        replace(config, data_seed=number, init_seed=number): label
        for number in range(ROUNDS)
        for label, config in kinds.items()
    }
    rounds: dict[str, dict[int, float]] = {label: {} for label in ("pixels", "untrained", *kinds)}
    classes: dict[str, dict[int, float]] = {label: {} for label in kinds}
    for config, outcome, _, model in completed(configs, cluster):
        label, number = configs[config], config.data_seed
        progress(f"{label}, round {number}")
        checkpoint = checkpoints.loads(model)
        rounds[label][number] = score(number, checkpoint.normalisation, lambda x, m=checkpoint.model: encode(m, x))
        classes[label][number] = outcome.test_accuracy
    for number in range(ROUNDS):
        training = Training(replace(kinds["v1 alone"], data_seed=number, init_seed=number))
        rounds["pixels"][number] = score(number, training.normalisation, lambda x: x.flatten(1).numpy())
        untrained = training.model
        rounds["untrained"][number] = score(number, training.normalisation, lambda x, m=untrained: encode(m, x))
    in_order = {
        name: {label: [values[number] for number in sorted(values)] for label, values in table.items()}
        for name, table in (("rounds", rounds), ("class", classes))
    }
    return {"fitted": FITTED, "held_out": HELD_OUT} | in_order


def score(number: int, normalisation: Normalisation, features: Callable[[Tensor], np.ndarray]) -> float:
    """Held-out accuracy, 0..1, of a linear read-out of features.

    Parameters
    ----------
    number : int
        Of the round: images of its own training pairs are not used.
    normalisation : Normalisation
    features : callable
        From normalised images (N, 14, 14) to features (N, d).
    """
    mnist = load_mnist()
    drawn = sample_pairs(mnist.train, preset("report", "v1").train_pairs, number)
    places = unseen(mnist.train, drawn, FITTED, number)
    fit = features(normalisation(pool(mnist.train.images[places])))
    held_out = features(normalisation(pool(mnist.test.images[:HELD_OUT])))
    return read_out(fit, mnist.train.labels[places].numpy(), held_out, mnist.test.labels[:HELD_OUT].numpy()).accuracy
