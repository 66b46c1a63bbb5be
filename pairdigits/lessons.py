"""Prepared figures behind the teaching pages: what only shows while a network learns, or needs runs of its own.

Each lesson is a plain JSON file in `checkpoints/lessons`, made from fixed seeds, rounded to four digits.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from pairdigits import checkpoints
from pairdigits.config import RunConfig
from pairdigits.data import Digits, Normalisation, Pairs, load_mnist, pool, prepare, sample_pairs
from pairdigits.encodings import encode, principal_maps, read_out, unseen
from pairdigits.evaluation import predict
from pairdigits.folders import CHECKPOINTS
from pairdigits.gradients import tower_gradient
from pairdigits.models import PairNet
from pairdigits.presets import preset
from pairdigits.records import EpochRecord
from pairdigits.report.experiments import EXPERIMENTS
from pairdigits.training import Training

if TYPE_CHECKING:
    from pairdigits.runs.cluster import Cluster

FOLDER = CHECKPOINTS / "lessons"
SEPARATE = ("v1", "v5")  # models whose twin with separate towers is kept, as <name>-separate.safetensors
BATCHES = 4  # of training pairs whose gradients are measured after every epoch
MAPPED = 30  # test digits of each kind on a map
READ_OUT_ROUNDS, READ_OUT_DIGITS, HELD_OUT = 5, 5000, 10_000
UNNAMED_ROUNDS = 6
EVERY_EPOCH = 40  # of these runs is kept up to here, then every fifth
SWAPPED = 5000  # test pairs: every test digit once

Progress = Callable[[str], None]


class LessonError(ValueError):
    """A prepared lesson is not there; the message says how to make it."""


def read(name: str, folder: Path = FOLDER) -> dict[str, Any]:
    """What a lesson prepared, see the function of `LESSONS` that made it.

    Raises
    ------
    LessonError
        If it has not been made, or is damaged.
    """
    try:
        return json.loads((folder / f"{name}.json").read_text())
    except OSError:
        raise LessonError(f"The lesson {name!r} has not been prepared: run python -m pairdigits lessons.") from None
    except ValueError:
        raise LessonError(
            f"The lesson {name!r} is damaged: delete its file and run python -m pairdigits lessons."
        ) from None


def make(cluster: Cluster | None = None, progress: Progress = print, folder: Path = FOLDER) -> None:
    """Prepare every lesson that is not there yet.

    Parameters
    ----------
    cluster : Cluster, optional
        Trains the many runs at once; without one they are trained here, one after the other.
    progress : callable
        Told in a short sentence what begins.
    folder : path
        Where the lessons go; one that is there already is left alone.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for variant in SEPARATE:
        path = folder / f"{variant}-separate.safetensors"
        if not path.exists():
            progress(f"{variant} with separate towers")
            path.write_bytes(separate(variant))
    for name, lesson in LESSONS.items():
        path = folder / f"{name}.json"
        if not path.exists():
            content = lesson(cluster, lambda text, name=name: progress(f"{name}: {text}"))
            path.write_text(json.dumps(_rounded(content), separators=(",", ":")) + "\n")


def separate(variant: str) -> bytes:
    """A trained model with a tower for each digit, as a safetensors file."""
    training = Training(preset("report", variant, shared=False))
    for _ in training:
        pass
    return checkpoints.dumps(training)


def gradients(cluster: Cluster | None, progress: Progress) -> dict[str, Any]:
    """Sizes of the tower's gradient by source, and the angle between class and auxiliary, after every epoch.

    Returns
    -------
    dict
        By label {"config", "batches", "epochs": [0 (untrained), 1, ...], "sizes": {source: [[by batch] by epoch]},
        "angle": [[by batch] by epoch]}.
    """
    found = {}
    for variant in ("v1", "v5"):
        config = preset("report", variant)
        progress(config.describe())
        measured = []
        for training in _epochs(config):
            batches = list(zip(*(part.split(config.batch_size)[:BATCHES] for part in training.train), strict=True))
            measured.append([tower_gradient(training.model, Pairs(*batch)) for batch in batches])
        sizes = {
            name: [[part.sizes[name] for part in batches] for batches in measured] for name in measured[0][0].sizes
        }
        found[variant] = {
            "config": config.to_dict(),
            "batches": len(measured[0]),
            "epochs": list(range(len(measured))),
            "sizes": sizes,
            "angle": [[part.angle for part in batches] for batches in measured],
        }
    return found


def maps(cluster: Cluster | None, progress: Progress) -> dict[str, Any]:
    """Flat maps of test digits' encodings after every epoch, with and without the auxiliary loss.

    Returns
    -------
    dict
        "digits": their labels, and "runs": by label {"config", "epochs", "x" and "y": [[by digit] by epoch],
        "explained": shares of the variance, "accuracy" and "digit_accuracy" on the test pairs (None untrained)}.
    """
    images, digits = _some_of_each(load_mnist().test, MAPPED)
    runs = {}
    for variant in ("v1", "v5"):
        for auxiliary in (True, False):
            config = preset("report", variant, auxiliary)
            progress(config.describe())
            encodings, records = [], []
            for training in _epochs(config, records):
                encodings.append(encode(training.model, training.normalisation(images)))
            drawn, explained = principal_maps(encodings)
            runs[f"{variant} {'auxiliary' if auxiliary else 'alone'}"] = {
                "config": config.to_dict(),
                "epochs": list(range(len(drawn))),
                "x": [np.round(one[:, 0], 2).tolist() for one in drawn],
                "y": [np.round(one[:, 1], 2).tolist() for one in drawn],
                "explained": explained,
                "accuracy": [None] + [record.test.accuracy for record in records],
                "digit_accuracy": [None] + [record.test.digit_accuracy for record in records],
            }
    return {"digits": digits.tolist(), "runs": runs}


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
        for number in range(READ_OUT_ROUNDS)
        for label, config in kinds.items()
    }
    rounds: dict[str, dict[int, float]] = {label: {} for label in ("pixels", "untrained", *kinds)}
    classes: dict[str, dict[int, float]] = {label: {} for label in kinds}
    for config, outcome, _, model in _completed(configs, cluster):
        label, number = configs[config], config.data_seed
        progress(f"{label}, round {number}")
        checkpoint = checkpoints.loads(model)
        rounds[label][number] = _score(number, checkpoint.normalisation, lambda x, m=checkpoint.model: encode(m, x))
        classes[label][number] = outcome.test_accuracy
    for number in range(READ_OUT_ROUNDS):
        training = Training(replace(kinds["v1 alone"], data_seed=number, init_seed=number))
        rounds["pixels"][number] = _score(number, training.normalisation, lambda x: x.flatten(1).numpy())
        untrained = training.model
        rounds["untrained"][number] = _score(number, training.normalisation, lambda x, m=untrained: encode(m, x))
    in_order = {
        name: {label: [values[number] for number in sorted(values)] for label, values in table.items()}
        for name, table in (("rounds", rounds), ("class", classes))
    }
    return {"fitted": READ_OUT_DIGITS, "held_out": HELD_OUT} | in_order


def unnamed(cluster: Cluster | None, progress: Progress) -> dict[str, Any]:
    """v7 trained by the recipe on comparisons alone: which of its outputs each training digit wins, epoch by epoch.

    Returns
    -------
    dict
        "rounds": a list of {"config", "epochs": those kept, "confusion": [10x10 counts, digit by output],
        "accuracy", "digit_accuracy": on the training pairs}.
    """
    return _finding_places("unnamed", cluster, progress)


def unnamed_prior(cluster: Cluster | None, progress: Progress) -> dict:
    """The same with a prior that wants all ten outputs used (see `unnamed`)."""
    return _finding_places("unnamed-prior", cluster, progress)


def _finding_places(experiment: str, cluster: Cluster | None, progress: Progress) -> dict:
    all_rounds = (config for label, _, config in EXPERIMENTS[experiment].configs() if label == "v7")
    configs = list(itertools.islice(all_rounds, UNNAMED_ROUNDS))
    rounds = []
    for config, outcome, records, _ in _completed(configs, cluster):
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


def swaps(cluster: Cluster | None, progress: Progress) -> dict[str, Any]:
    """Where the report's models contradict themselves when two digits are exchanged.

    Returns
    -------
    dict
        "pairs": test pairs shown in both orders; "models": by variant {"neither", "both": 10x10 counts by the smaller
        and the larger digit of pairs that were called <= in neither order, or in both though the digits differ}.
    """
    raw = sample_pairs(load_mnist().test, SWAPPED, seed=0)
    found = {}
    for variant in EXPERIMENTS["as-published"].rows:
        if " " in variant:  # trained without the auxiliary loss
            continue
        progress(variant)
        checkpoint = checkpoints.trained("report", variant)
        found[variant] = swapped(checkpoint.model, prepare(raw, checkpoint.normalisation))
    return {"pairs": SWAPPED, "models": found}


def swapped(model: PairNet, pairs: Pairs) -> dict[str, list[list[int]]]:
    """Counts of contradicting pairs by kind and digits, see `swaps`."""
    forth, back = (
        predict(model, images).comparison.argmax(-1).bool() for images in (pairs.images, pairs.images.flip(1))
    )
    low, high = pairs.digits.min(1).values, pairs.digits.max(1).values
    kinds = {"neither": ~forth & ~back, "both": forth & back & (low != high)}
    cells = low * 10 + high
    return {kind: torch.bincount(cells[where], minlength=100).view(10, 10).tolist() for kind, where in kinds.items()}


LESSONS: dict[str, Callable[[Cluster | None, Progress], dict]] = {
    lesson.__name__: lesson for lesson in (gradients, maps, readouts, swaps, unnamed, unnamed_prior)
}


def _epochs(config: RunConfig, records: list[EpochRecord] | None = None) -> Iterator[Training]:
    """A run before its first epoch and after each one; its records go to the list."""
    training = Training(config)
    yield training
    for record in training:
        if records is not None:
            records.append(record)
        yield training


def _completed(configs: Iterable[RunConfig], cluster: Cluster | None) -> Iterator[tuple]:
    """Trained runs as (config, outcome, records, model file), by the cluster in any order or here one by one."""
    if cluster is not None:
        yield from cluster.completed(configs, all_pairs=False)
        return
    for config in configs:
        training = Training(config)
        records = list(training)
        outcome = training.outcome(all_pairs=False)
        yield config, outcome, records, checkpoints.dumps(training, outcome)


def _some_of_each(digits: Digits, count: int) -> tuple[Tensor, Tensor]:
    """The first so many of each digit, pooled, and their labels."""
    places = torch.cat([(digits.labels == digit).nonzero().squeeze(1)[:count] for digit in range(10)])
    return pool(digits.images[places]), digits.labels[places]


def _score(number: int, normalisation: Normalisation, features: Callable[[Tensor], np.ndarray]) -> float:
    """Held-out accuracy of a read-out of features of normalised images, beside the training pairs of a round."""
    mnist = load_mnist()
    drawn = sample_pairs(mnist.train, preset("report", "v1").train_pairs, number)
    places = unseen(mnist.train, drawn, READ_OUT_DIGITS, number)
    fit = features(normalisation(pool(mnist.train.images[places])))
    held_out = features(normalisation(pool(mnist.test.images[:HELD_OUT])))
    return read_out(fit, mnist.train.labels[places].numpy(), held_out, mnist.test.labels[:HELD_OUT].numpy()).accuracy


def _rounded(value):
    if isinstance(value, dict):
        return {name: _rounded(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_rounded(item) for item in value]
    return float(f"{value:.4g}") if isinstance(value, float) else value
