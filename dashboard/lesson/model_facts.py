"""What the lesson's figures show of the committed models and their first test pairs, computed once for all visitors."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
import streamlit as st
import torch

from dashboard.shared import state
from pairdigits import certainty, probe
from pairdigits.data import pool, prepare, sample_pairs
from pairdigits.evaluation import predict, probability
from pairdigits.models import build, parameter_count, siamese

PAIRS = 1000  # test pairs, drawn with seed 0
DIGITS = 1000  # test digits whose share in a head's sum is drawn: more dots would be one blot


class Demo(NamedTuple):
    """Test pairs and what a model says of them."""

    images: np.ndarray  # (N, 2, 14, 14) uint8, as the models get them
    digits: np.ndarray  # (N, 2)
    probability: np.ndarray  # (N,) P(first <= second)
    readings: np.ndarray | None  # (N, 2, 10) probabilities of the digits; None for base

    @property
    def right(self) -> np.ndarray:
        """(N,) bool, whether each pair was compared rightly."""
        return (self.probability > 0.5) == (self.digits[:, 0] <= self.digits[:, 1])

    @property
    def read(self) -> np.ndarray:
        """Probabilities of the digits, (N, 2, 10).

        Raises
        ------
        ValueError
            If the model reads no single digits (base).
        """
        if self.readings is None:
            raise ValueError("This model reads no single digits.")
        return self.readings

    @property
    def read_right(self) -> np.ndarray:
        """(N,) bool, whether both digits of each pair were read rightly."""
        return (self.read.argmax(-1) == self.digits).all(1)


@st.cache_resource(show_spinner=False)
def demo(preset: str, variant: str) -> Demo:
    """Show `PAIRS` test pairs to a committed model."""
    raw = sample_pairs(state.mnist().test, PAIRS, seed=0)
    checkpoint = state.model(preset, variant)
    prediction = predict(checkpoint.model, prepare(raw, checkpoint.normalisation).images)
    readings = None if prediction.digits is None else prediction.digits.softmax(-1).numpy()
    shown = (255 * pool(raw.images)).round().byte().numpy()
    return Demo(shown, raw.digits.numpy(), probability(prediction.comparison).numpy(), readings)


@st.cache_resource(show_spinner=False)
def contributions(preset: str, variant: str, factor: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """What each of `DIGITS` left digits adds to the sum of a head that adds up two halves (v1, v5).

    Its logits are multiplied by a factor first, which makes a softmax more certain.

    Returns
    -------
    array (N,), array (N,)
        In log-odds of "first <= second", as the head's sum has them, with 0 at the mean over the digits; and the
        digits' labels.
    """
    checkpoint, test = state.model(preset, variant), state.mnist().test
    model, labels = siamese(checkpoint.model), test.labels[:DIGITS].numpy()
    with torch.inference_mode():
        output = model.read(checkpoint.normalisation(pool(test.images[:DIGITS])), 0)
        half = model.head.get_parameter("weight").chunk(2, dim=1)[0]  # (2, 10)
        output = output._replace(logits=output.logits * factor)
        added = (model.feature(output) @ (half[1] - half[0])).numpy()  # towards "first <= second"
    means = np.array([added[labels == digit].mean() for digit in range(10)])
    return added - means.mean(), labels


@st.cache_resource(show_spinner=False)
def accuracy_at(preset: str, variant: str, factor: int) -> float:
    """The share of all ordered pairs of test digits that a model of softmaxes compares rightly at a factor, 0..1."""
    checkpoint, test = state.model(preset, variant), state.mnist().test
    model = siamese(checkpoint.model)
    sides = probe.read_sides(model, checkpoint.normalisation(pool(test.images)))
    return certainty.by_certainty(model, sides, test.labels, [factor])[factor].accuracy


@st.cache_resource(show_spinner=False, max_entries=64)
def last_layer(preset: str, variant: str, kind: str, strength: float) -> np.ndarray:
    """A probe of a committed model as P(first <= second), (10, 10); typical digits are means over all test digits."""
    checkpoint = state.model(preset, variant)
    model = siamese(checkpoint.model)
    if kind == "ideal":
        return probe.ideal_signal(model, strength).probability.numpy()
    test = state.mnist().test
    sides = probe.read_sides(model, checkpoint.normalisation(pool(test.images)))
    return probe.typical_digit(model, sides, test.labels).probability.numpy()


@cache
def parameters(variant: str, shared: bool = True) -> str:
    """Trainable numbers of a model, written out."""
    return f"{parameter_count(build(variant, shared)):,}"


def preset() -> str:
    """The report's own models where they are, the best recipe's otherwise."""
    return "report" if (state.CHECKPOINTS / "report" / "v1.safetensors").exists() else "best"
