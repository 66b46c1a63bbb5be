"""One training step of a prepared run, and what one of its weights has to do with it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from dashboard.shared import state
from pairdigits import one_step
from pairdigits.data import Normalisation, Pairs, pool, prepare, sample_pairs
from pairdigits.lessons.files import FOLDER, LessonError
from pairdigits.models import VARIANTS, Variant

if TYPE_CHECKING:
    from torch import Tensor

    from pairdigits.one_step import Moment, Step

SIDES = ("left", "right")


@dataclass(frozen=True)
class Question:
    """Which step is looked at, and which of its weights."""

    variant: str
    epoch: int
    size: int = 1  # pairs in the batch
    number: int = 1  # of the batch, counted from 1
    auxiliary: bool = True
    tied: bool = True
    layer: str = "conv1"
    row: int = 3
    column: int = 4


@st.cache_resource(show_spinner="Loading the run…")
def moments(variant: str) -> dict[int, Moment]:
    """Where the prepared run of a model stands, by epoch.

    Raises
    ------
    LessonError
        If it has not been prepared.
    MomentError
        If its file is damaged.
    """
    path = FOLDER / f"{variant}-moments.safetensors"
    if not path.exists():
        raise LessonError(f"The steps of {variant} have not been prepared: run python -m pairdigits lessons.")
    return one_step.loads(path.read_bytes())


@st.cache_resource(show_spinner=False)
def _training_pairs(count: int, seed: int) -> tuple[Tensor, Pairs]:
    """Of a run: pooled, 0..1, and as the network is given them."""
    raw = sample_pairs(state.mnist().train, count, seed)
    pooled = pool(raw.images)
    return pooled, prepare(raw, Normalisation.fit(pooled))


@st.cache_resource(show_spinner=False, max_entries=8)  # up to 6 MB each
def _taken(variant: str, epoch: int, size: int, number: int, auxiliary: bool, tied: bool) -> tuple[Step, Tensor, Pairs]:
    moment = moments(variant)[epoch]
    pooled, pairs = _training_pairs(moment.config.train_pairs, moment.config.data_seed)
    batch = slice((number - 1) * size, number * size)
    some = Pairs(*(part[batch] for part in pairs))
    return one_step.take(moment, some, auxiliary, tied), pooled[batch.start], some


@dataclass(frozen=True, eq=False)
class Look:
    """A step, seen from one of its weights."""

    asked: Question
    step: Step
    picture: Tensor  # (2, 14, 14) of the first pair, 0..1
    pairs: Pairs

    @classmethod
    def at(cls, asked: Question) -> Look:
        """Take the step that is asked for."""
        return cls(asked, *_taken(asked.variant, asked.epoch, asked.size, asked.number, asked.auxiliary, asked.tied))

    @property
    def other(self) -> Look:
        """The same with the towers tied, where they are not, or untied."""
        return Look.at(replace(self.asked, tied=not self.asked.tied))

    @property
    def moment(self) -> Moment:
        """Where the run stood before the step."""
        return moments(self.asked.variant)[self.asked.epoch]

    def reading(self, side: int) -> list[str]:
        """What the digits of one side are read as, in two lines."""
        chances = self.step.read[:, side].softmax(-1)
        if self.asked.size == 1:
            return [f"read as {chances[0].argmax()}", f"{chances[0].max().item():.0%} sure"]
        right = int((chances.argmax(-1) == self.pairs.digits[:, side]).sum())
        return [f"{right} of {self.asked.size}", "read rightly"]

    @property
    def shape(self) -> tuple[int, int]:
        """Rows (outputs) and columns (inputs, and the bias) of the layer's map."""
        layers, layer = self.step.gradient.layers, f"0.{self.asked.layer}"
        weights, biases = (len(self.step.before[layers[f"{layer}.{kind}"]]) for kind in ("weight", "bias"))
        return biases, weights // biases + 1

    @property
    def variant(self) -> Variant:
        """The model that takes it."""
        return VARIANTS[self.asked.variant]

    @property
    def losses(self) -> dict[str, float]:
        """Those that the step makes smaller: class, left, right."""
        return {name: loss for name, loss in self.step.losses.items() if name == "class" or self.asked.auxiliary}

    @property
    def cell(self) -> tuple[int, int]:
        """Row and column of the weight in that map."""
        rows, columns = self.shape
        return min(self.asked.row, rows - 1), min(self.asked.column, columns - 1)

    def place(self, tower: int) -> int:
        """Of the weight among all those of the towers."""
        (row, column), columns = self.cell, self.shape[1]
        layers, name = self.step.gradient.layers, f"{tower}.{self.asked.layer}"
        if column == columns - 1:
            return layers[f"{name}.bias"].start + row
        return layers[f"{name}.weight"].start + row * (columns - 1) + column

    @property
    def places(self) -> list[int]:
        """Of the weight by use: on the left and on the right the same where the towers are tied."""
        return [self.place(0 if self.step.tied else use) for use in range(len(self.step.gradient.branches))]

    @property
    def parts(self) -> np.ndarray:
        """(2, 2): what the class loss and the digits' losses send to the weight on the left and on the right.

        (1, 1) of the base model, which has one loss and uses a weight once.
        """
        return np.stack([self.step.gradient.parts[:, use, place].numpy() for use, place in enumerate(self.places)], 1)

    def gradient(self) -> np.ndarray:
        """Of the whole layer, both sides together: one cell a weight, its biases in the last column."""
        rows, columns = self.shape
        total = np.zeros((rows, columns))
        for tower in range(1 if self.step.tied else 2):
            layers, whole = self.step.gradient.layers, self.step.gradient.whole
            weight, bias = (whole[layers[f"{tower}.{self.asked.layer}.{kind}"]].numpy() for kind in ("weight", "bias"))
            total = total + np.concatenate([weight.reshape(rows, columns - 1), bias[:, None]], 1)
        return total

    def lengths(self) -> dict[str, float]:
        """Of the layer's gradient: by use, and where there are two, together."""
        layers = [place for name, place in self.step.gradient.layers.items() if f".{self.asked.layer}." in name]
        sources = self.step.gradient.sources
        found = {
            use: float(np.sqrt(sum(sources[use][place].square().sum().item() for place in layers)))
            for use in self.step.gradient.branches
        }
        return found if len(found) == 1 else found | {"together": float(np.linalg.norm(self.gradient()))}

    @property
    def label(self) -> str:
        """Which weight it is."""
        (row, column), columns = self.cell, self.shape[1]
        unit = "filter" if self.asked.layer.startswith("conv") else "output"
        name = f"{self.asked.layer}, {unit} {row + 1}"
        if column == columns - 1:
            return f"{name}, its bias"
        if unit == "output":
            return f"{name}, input {column + 1}"
        seen = f", map {column // 9 + 1}"
        if self.asked.layer == "conv1":  # a siamese tower is given one digit, the base model two
            seen = "" if self.variant.siamese else f", {SIDES[column // 9]} digit"
        return f"{name}{seen}, row {column % 9 // 3 + 1}, column {column % 3 + 1}"

    @property
    def ends(self) -> list[tuple[float, float]]:
        """Before and after, by tower."""
        return [(self.step.before[at].item(), self.step.after[at].item()) for at in dict.fromkeys(self.places)]

    @property
    def decay(self) -> float:
        """What weight decay adds to the gradient of the weight."""
        return self.moment.config.weight_decay * self.ends[0][0]

    @property
    def misheard(self) -> float:
        """Largest difference between what the optimiser took in of a weight and its gradient with weight decay."""
        step = self.step
        told = step.gradient.whole + self.moment.config.weight_decay * step.before
        return (step.heard - told).abs().max().item()

    @property
    def opposed(self) -> float:
        """Share of the weights of a tied tower which the left and the right digits pull in opposite directions."""
        left, right = (self.step.gradient.sources[side] for side in SIDES)
        return (left * right < 0).double().mean().item()
