"""Models under the probe: where they come from, their probes, and the real pairs behind a cell.

What takes time, the towers on MNIST's 10,000 test digits, is done once for all visitors; a slider or a click then only
asks a head.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st
import torch
from torch import Tensor

from dashboard.shared import state
from pairdigits import checkpoints
from pairdigits.checkpoints import Checkpoint
from pairdigits.data import pool
from pairdigits.evaluation import predict, probability
from pairdigits.models import VARIANTS, SiameseNet, siamese
from pairdigits.probe import (
    Blame,
    Probe,
    drawn_pairs,
    every_pair,
    ideal_signal,
    ideal_signals,
    read_sides,
    real_pairs,
    typical,
)
from pairdigits.probe import blame as blamed
from pairdigits.towers import TowerOutput

EVERY = 5  # of the 10,000 test digits, for the kind "real": 2,000 digits make 4,000,000 pairs
BLAME_EVERY = 10
BASE_PAIRS = 100  # of a cell: the base model has no towers to ask beforehand


@dataclass(frozen=True)
class Subject:
    """A model on the page."""

    name: str  # in the URL: a variant, or "run"
    source: str  # a preset, or "run 12"
    variant: str

    @property
    def title(self) -> str:
        """Short, for the gallery."""
        return f"{self.source} ({self.variant})" if self.name == "run" else self.variant

    @property
    def long_title(self) -> str:
        """For sentences and headings."""
        title = VARIANTS[self.variant].title
        return f"{self.source.capitalize()} ({title})" if self.name == "run" else title

    @property
    def siamese(self) -> bool:
        """Whether it reads each digit by itself."""
        return VARIANTS[self.variant].siamese

    @property
    def has_last_layer(self) -> bool:
        """Whether weights were learned for the comparison itself."""
        model = checkpoint(self).model
        return isinstance(model, SiameseNet) and any(True for _ in model.head.parameters())


def own_runs() -> dict[Subject, str]:
    """The stored runs that have a model, the newest first, and what they are called."""
    runs = [run for run in reversed(state.store().runs()) if run.status == "finished"]
    return {Subject("run", f"run {run.id}", run.config.variant): run.name or run.config.describe() for run in runs}


def checkpoint(subject: Subject) -> Checkpoint:
    """The model of a subject.

    Raises
    ------
    CheckpointError
        If there is none.
    """
    if subject.name != "run":
        return state.model(subject.source, subject.variant)
    return _own(int(subject.source.removeprefix("run ")))


def network(subject: Subject) -> SiameseNet:
    """The model of a subject that reads digits one by one."""
    return siamese(checkpoint(subject).model)


@st.cache_resource(max_entries=20, show_spinner="Loading your run's model…")
def _own(run: int) -> Checkpoint:
    content = state.store().model(run)
    if content is None:
        raise checkpoints.CheckpointError(f"Run {run} has no model: it has not finished, or it has been deleted.")
    return checkpoints.loads(content, f"The model of run {run}")


def probe(subject: Subject, kind: str, strength: float) -> Probe:
    """The probe of a kind; the strength matters to "ideal" only."""
    if kind == "ideal":
        return ideal_signal(network(subject), strength)
    return _of_digits(subject, kind)


@st.cache_resource(max_entries=200, show_spinner="Showing the test digits to the models…")
def _of_digits(subject: Subject, kind: str) -> Probe:
    digits = state.mnist().test.labels
    if kind == "real" and not subject.siamese:
        return drawn_pairs(checkpoint(subject).model, _images(subject)[::EVERY], digits[::EVERY])
    if kind == "real":
        left, right = (TowerOutput(*(part[::EVERY] for part in side)) for side in towers(subject))
        return real_pairs(network(subject), (left, right), digits[::EVERY])
    return Probe("typical", every_pair(network(subject), *_typical(subject)))


@st.cache_resource(max_entries=40, show_spinner=False)
def _typical(subject: Subject) -> tuple[TowerOutput, TowerOutput]:
    """The mean of what the towers say of each test digit: encodings (10, 50), logits (10, 10)."""
    left, right = (typical(side, state.mnist().test.labels) for side in towers(subject))
    return left, right


def _images(subject: Subject) -> Tensor:
    return checkpoint(subject).normalisation(pool(state.mnist().test.images))


@st.cache_resource(max_entries=24, show_spinner="Showing the test digits to the model…")  # 2.4 MB each
def towers(subject: Subject) -> tuple[TowerOutput, TowerOutput]:
    """What the left and the right tower say of every test digit: encodings (10000, 50), logits (10000, 10)."""
    return read_sides(network(subject), _images(subject))


@st.cache_resource(max_entries=40, show_spinner="Comparing a million pairs…")
def blame(subject: Subject) -> Blame:
    """Whose fault the wrong verdicts on real pairs are, over all ordered pairs of every tenth test digit."""
    left, right = (TowerOutput(*(part[::BLAME_EVERY] for part in side)) for side in towers(subject))
    return blamed(network(subject), (left, right), state.mnist().test.labels[::BLAME_EVERY])


def cell_inputs(
    subject: Subject, kind: str, strength: float, first: int, second: int
) -> tuple[TowerOutput, TowerOutput]:
    """What the head is given in a cell of the kind "ideal" or "typical", each part of shape (d,)."""
    if kind == "ideal":
        left = right = ideal_signals(network(subject), strength)
    else:
        left, right = _typical(subject)
    return TowerOutput(*(part[first] for part in left)), TowerOutput(*(part[second] for part in right))


@dataclass(frozen=True, eq=False)
class Behind:
    """Real test pairs of two digits, those that the model gets wrong first, the most certain errors at their head."""

    indices: np.ndarray  # (n, 2) int64, places in MNIST's test set; no digit twice
    probability: np.ndarray  # (n,) P(first <= second)
    digits: np.ndarray | None  # (n, 2, 10) probabilities; None for base
    wrong: np.ndarray  # (n,) bool

    def images(self, pair: int) -> np.ndarray:
        """(2, 14, 14) float 0..1, as the model sees them."""
        return pool(state.mnist().test.images[self.indices[pair]]).numpy()


@st.cache_resource(max_entries=100, show_spinner=False)  # 0.2 MB each
def behind(subject: Subject, first: int, second: int) -> Behind:
    """The real test pairs behind a cell: as many as there are without using a digit twice (base: 100)."""
    indices = _paired(state.mnist().test.labels.numpy(), first, second)
    if subject.siamese:
        left, right = (
            TowerOutput(*(part[indices[:, side]] for part in output)) for side, output in enumerate(towers(subject))
        )
        with torch.inference_mode():
            comparison = network(subject).compare(left, right)
        digits = torch.stack([left.logits, right.logits], 1).softmax(-1).numpy()
    else:
        indices = indices[:BASE_PAIRS]
        comparison, digits = predict(checkpoint(subject).model, _images(subject)[indices]).comparison, None
    called = probability(comparison).numpy()
    right = called if first <= second else 1 - called
    order = np.argsort(right, kind="stable")
    wrong = (called > 0.5) != (first <= second)
    return Behind(indices[order], called[order], None if digits is None else digits[order], wrong[order])


def _paired(labels: np.ndarray, first: int, second: int) -> np.ndarray:
    left, right = (np.flatnonzero(labels == digit) for digit in (first, second))
    if first == second:
        left, right = left[0::2], left[1::2]
    count = min(len(left), len(right))
    return np.stack([left[:count], right[:count]], 1)


def real_inputs(subject: Subject, pair: np.ndarray) -> tuple[TowerOutput, TowerOutput]:
    """What the head is given of a real pair of test digits, by their places."""
    left, right = (
        TowerOutput(*(part[int(place)] for part in side)) for side, place in zip(towers(subject), pair, strict=True)
    )
    return left, right
