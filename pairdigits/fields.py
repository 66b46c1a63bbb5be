"""The fields of a run, a row each: what a field may be, and the words that ask for it.

The run checks itself by these rows; the form's widgets and the command line's options are made of them.
"""

from __future__ import annotations

from typing import NamedTuple

from pairdigits.choices import PROTOCOLS, Number
from pairdigits.data import BALANCES
from pairdigits.labels import SIDES
from pairdigits.models import VARIANTS


class Options(NamedTuple):
    """A field that is one of a few words."""

    values: tuple[str, ...]
    label: str
    help: str


NUMBERS = {
    "auxiliary_weight": Number(
        0, 10, 0.1, "Auxiliary weight", "Weight of the digits' losses beside the loss of the comparison."
    ),
    "learning_rate": Number(
        1e-6, 1, 0.001, "Learning rate", "Size of the optimiser's steps; the highest one under one-cycle."
    ),
    "weight_decay": Number(
        0, 1, 0.005, "Weight decay", "Pulls weights towards 0; adam: on everything, adamw: matrices only."
    ),
    "epochs": Number(1, 1000, 1, "Epochs", "Times that the training pairs are gone through."),
    "batch_size": Number(1, 4096, 16, "Batch size", "Pairs that are looked at for one step of the optimiser."),
    "train_pairs": Number(
        10, 30_000, 100, "Training pairs", "Drawn from MNIST's 60,000 training digits, validation pairs included."
    ),
    "validation_pairs": Number(
        0, 29_000, 50, "Validation pairs", "Held out of the training pairs to choose the epoch; 0 keeps the last."
    ),
    "test_pairs": Number(10, 5_000, 100, "Test pairs", "Drawn from MNIST's 10,000 test digits."),
    "dropout_flat": Number(0, 0.95, 0.05, "Dropout, maps", "Share of the flattened feature maps that is silenced."),
    "dropout_encoding": Number(
        0, 0.95, 0.05, "Dropout, encoding", "Share of the encoding's 50 values that is silenced."
    ),
    "label_smoothing": Number(0, 0.5, 0.01, "Label smoothing", "Share of a digit's label that is spread over all ten."),
    "data_seed": Number(0, 2**31 - 1, 1, "Data seed", "Draws the training and test pairs."),
    "init_seed": Number(0, 2**31 - 1, 1, "Init seed", "Draws the first weights, dropout, shuffling and warps."),
    "labelled": Number(
        0, 1, 0.05, "Labelled digits", "Share of the training digits whose names the auxiliary loss sees."
    ),
    "wrong_labels": Number(0, 0.5, 0.05, "Wrong labels", "Share of those names that are another digit's."),
    "prior_weight": Number(
        0, 10, 0.1, "Prior weight", "Weight of the wish that all ten outputs are used (v5, v7); fades over the epochs."
    ),
    "auxiliary_until": Number(
        0, 1000, 1, "Auxiliary until", "The last epoch with the auxiliary loss; 0 keeps it to the end."
    ),
}
CHOICES = {
    "variant": Options(
        tuple(VARIANTS), "Model", "The report's base model and six siamese ones, and one of our own, v7."
    ),
    "optimiser": Options(
        ("adam", "adamw"), "Optimiser", "adam: as in the report; adamw: weight decay apart from the gradient."
    ),
    "schedule": Options(
        ("constant", "one-cycle"),
        "Schedule",
        "One-cycle: the rate rises for a fifth of the steps, then falls to 0 as a cosine.",
    ),
    "balance": Options(
        BALANCES, "Balance classes", "Make both answers equally many: repeat pairs (over) or leave some out (under)."
    ),
    "shuffle": Options(
        ("none", "pairs", "digits"),
        "Shuffle",
        "Every epoch: nothing (the report), the order of pairs, or new pairs of the same digits.",
    ),
    "protocol": Options(
        tuple(PROTOCOLS), "Protocol", " ".join(f"{one.title}: {one.about}." for one in PROTOCOLS.values())
    ),
    "device": Options(
        ("auto", "cpu", "cuda", "mps"), "Device", "Where to train; auto takes a graphics card if the workers have one."
    ),
    "labelled_side": Options(SIDES, "Labelled side", "Name the digits on both sides of the pairs, or on one alone."),
}
# Choices that older versions did not have.
LATER = ("labelled", "labelled_side", "wrong_labels", "learn_temperature", "prior_weight", "auxiliary_until", "fork")
# What draws a run's pairs, and where it trains: a fork that changed them could not be compared with its parent.
SAME_IN_FORKS = ("train_pairs", "validation_pairs", "test_pairs", "balance", "data_seed", "device")
