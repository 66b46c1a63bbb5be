"""What the sections look at: trained models with one tower or two, a pair of test digits, prepared lessons.

Cached for all visitors, who only read. Importing this loads torch.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import streamlit as st
import torch
from torch import Tensor

from dashboard.components.pictures import image
from dashboard.shared import committed_rounds, state
from pairdigits import checkpoints, models
from pairdigits.config import RunConfig
from pairdigits.data import Normalisation, RawPairs, pool, sample_pairs
from pairdigits.estimates import PERCENT, Estimate
from pairdigits.lessons.files import read
from pairdigits.models import PairNet, build
from pairdigits.report.rounds import all_rounds, shortfall

LESSONS = state.CHECKPOINTS / "lessons"


class Specimen(NamedTuple):
    """A model to look into."""

    model: PairNet
    normalisation: Normalisation
    run: RunConfig | None  # that trained it; None: untrained

    @property
    def made(self) -> str:
        """How it came to be, for a sentence about its numbers."""
        if self.run is None:
            return "untrained"
        return (
            f"trained once by the report's settings, {self.run.protocol}, at the learning rate "
            f"{self.run.learning_rate:g}"
        )


class Pair(NamedTuple):
    """Two test digits."""

    pooled: Tensor  # (2, 14, 14) float32, 0..1
    digits: tuple[int, int]

    @property
    def images(self) -> np.ndarray:
        """(2, 14, 14), 0..1."""
        return self.pooled.numpy()


@st.cache_resource(show_spinner="Loading the model…")
def specimen(variant: str, shared: bool = True) -> Specimen:
    """The report's trained model; with separate towers a trained twin where one is kept, else an untrained one."""
    twin = LESSONS / f"{variant}-separate.safetensors"
    if shared or not models.VARIANTS[variant].siamese or twin.exists():
        found = state.model("report", variant) if shared or not twin.exists() else checkpoints.load(twin)
        return Specimen(found.model, found.normalisation, found.config)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        model = models.build(variant, shared=False)
    return Specimen(model, state.model("report", variant).normalisation, None)


@st.cache_resource(show_spinner=False)
def untrained(variant: str) -> PairNet:
    """A shared tower before its first step."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return build(variant)


@st.cache_data(show_spinner=False)
def lesson(name: str, changed: int) -> dict[str, Any]:
    """A prepared lesson; another time of change reads it again."""
    return read(name)


def prepared(name: str) -> dict[str, Any]:
    """What `pairdigits.lessons.files` made under this name.

    Raises
    ------
    LessonError
        If it has not.
    """
    path = LESSONS / f"{name}.json"
    return lesson(name, path.stat().st_mtime_ns if path.exists() else 0)


@st.cache_resource(show_spinner=False)
def _places() -> list[np.ndarray]:
    labels = state.mnist().test.labels.numpy()
    return [np.flatnonzero(labels == digit) for digit in range(10)]


def test_digit(digit: int, number: int) -> Tensor:
    """The n-th (from 1) test image of a digit, pooled: (14, 14), 0..1."""
    places = _places()[digit]
    return pool(state.mnist().test.images[places[(number - 1) % len(places)]])


def choose_pair(twice: bool = False) -> Pair:
    """Widgets for the pair that all sections look at; `twice` puts the left digit on both sides."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        left = st.selectbox("Left digit", range(10), 7, key="teaching.left", persist_state="session", width=110)
        right = st.selectbox(
            "Right digit", range(10), 2, key="teaching.right", persist_state="session", width=110, disabled=twice
        )
        number = st.number_input(
            "Example", 1, 800, 1, key="teaching.example", persist_state="session", width=130,
            help="Which of MNIST's test images of these digits: no model was trained on any of them.",
        )  # fmt: skip
    first = test_digit(left, number)
    second = first if twice else test_digit(right, number + (left == right))  # two images of an equal digit
    return Pair(torch.stack([first, second]), (left, left if twice else right))


def batch(specimen: Specimen, number: int, size: int = 64) -> RawPairs:
    """One batch of the model's own training pairs, in their order, counted from 1."""
    drawn = sample_pairs(state.mnist().train, number * size, specimen.run.data_seed if specimen.run else 0)
    return RawPairs(*(part[-size:] for part in drawn))


def rounds(experiment: str) -> pd.DataFrame:
    """The committed rounds of an experiment, see `pairdigits.report.rounds.all_rounds`."""
    return all_rounds(experiment, committed_rounds.rounds())


def estimate(frame: pd.DataFrame, row: str, column: str = "test_accuracy", factor: float = 1.0) -> Estimate:
    """The mean over the rounds of a row, with its interval, in percent."""
    return Estimate.of(factor * frame.loc[frame["row"] == row, column] if column in frame else [], PERCENT)


def tell_missing(*experiments: str) -> None:
    """Say which experiments are not complete yet."""
    for sentence in shortfall(experiments, committed_rounds.rounds()):
        st.caption(f"{sentence} The figures here come from those rounds; n says how many.")


def picture(sheet: np.ndarray, alt: str) -> None:
    """An image of weights or activations, (H, W, 3), in its own size where there is room."""
    st.html(image(sheet, alt, "max-width:100%;display:block;border-radius:4px;border:1px solid #8886"))
