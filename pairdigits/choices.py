"""What each choice of a run may be."""

from __future__ import annotations

from pairdigits.data import BALANCES
from pairdigits.labels import SIDES
from pairdigits.models import VARIANTS

PUBLISHED, CORRECTED = PROTOCOLS = ("as published", "corrected")
CHOICES = {
    "variant": tuple(VARIANTS),
    "optimiser": ("adam", "adamw"),
    "schedule": ("constant", "one-cycle"),
    "balance": BALANCES,
    "shuffle": ("none", "pairs", "digits"),
    "protocol": PROTOCOLS,
    "device": ("auto", "cpu", "cuda", "mps"),
    "labelled_side": SIDES,
}
LIMITS = {
    "auxiliary_weight": (0, 10),
    "learning_rate": (1e-6, 1),
    "weight_decay": (0, 1),
    "epochs": (1, 1000),
    "batch_size": (1, 4096),
    "train_pairs": (10, 30_000),
    "validation_pairs": (0, 29_000),
    "test_pairs": (10, 5_000),
    "dropout_flat": (0, 0.95),
    "dropout_encoding": (0, 0.95),
    "label_smoothing": (0, 0.5),
    "data_seed": (0, 2**31 - 1),
    "init_seed": (0, 2**31 - 1),
    "labelled": (0, 1),
    "wrong_labels": (0, 0.5),
    "prior_weight": (0, 10),
    "auxiliary_until": (0, 1000),
}
# Choices that older versions did not have.
LATER = ("labelled", "labelled_side", "wrong_labels", "learn_temperature", "prior_weight", "auxiliary_until", "fork")
# What draws a run's pairs, and where it trains: a fork that changed them could not be compared with its parent.
SAME_IN_FORKS = ("train_pairs", "validation_pairs", "test_pairs", "balance", "data_seed", "device")
