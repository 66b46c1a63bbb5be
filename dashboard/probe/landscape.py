"""The landscape of a comparison: both digits turn into others, and every model's verdict is painted over the square."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st
import torch

from dashboard.components.landscape import landscape as show
from dashboard.shared import state
from pairdigits.landscape import STEPS, landscape, morph, undecided
from pairdigits.models import VARIANTS

if TYPE_CHECKING:
    from torch import Tensor

Ends = tuple[tuple[int, int], tuple[int, int]]  # of a side: each a digit and which image of it

SIDES = {"first": (3, 5), "second": (4, 6)}  # the digits at first: of the four corners one answer is no
SAMPLES = 50  # of MNIST's test digits, of each kind
HAND = 2  # the one at first: every model of both presets reads it, of each kind


@st.fragment
@state.error_boundary()
def draw() -> None:
    """The whole section."""
    st.write(
        "Along each square the **first digit** turns into another from left to right, the **second** from bottom to "
        "top: ink moves, nothing is faded over. White is where a model says *first ≤ second*, black where it says "
        "*first > second*, grey where it is not sure. Drag the point, or move the sliders."
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        preset = st.segmented_control(
            "Models", list(state.PRESETS), format_func=state.PRESETS.__getitem__, key="models", bind="query-params",
            default="best", required=True, label_visibility="collapsed",
        )  # fmt: skip
        with st.popover("Other digits", icon=":material/edit:"):
            ends = {
                side: (_digit(side, "from", start), _digit(side, "to", end)) for side, (start, end) in SIDES.items()
            }
    firsts, seconds = (_path(*ends[side]) for side in SIDES)
    squares = {VARIANTS[name].title: _square(preset, name, ends["first"], ends["second"]) for name in VARIANTS}
    first, second = (f"{side.capitalize()} digit, from {a[0]} to {b[0]}" for side, (a, b) in ends.items())
    show(
        "landscape", {title: square.numpy() for title, square in squares.items()}, firsts, seconds, (first, second),
        _point(), on_move=_keep,
    )  # fmt: skip
    _say(squares)


def _digit(side: str, end: str, default: int) -> tuple[int, int]:
    """A kind of digit, and which of MNIST's test digits of that kind."""
    left, right = st.columns(2)
    digit = left.selectbox(
        f"{side.capitalize()} digit, {end}", range(10), default, key=f"{side}_{end}", bind="query-params"
    )
    place = right.number_input(
        "written by hand", 1, SAMPLES, HAND, key=f"{side}_{end}_hand", bind="query-params",
        help=f"Which of the first {SAMPLES} of MNIST's test digits of this kind.",
    )  # fmt: skip
    return digit, place


def _image(digit: int, place: int) -> np.ndarray:
    split = state.mnist().test
    return split.images[np.flatnonzero(split.labels.numpy() == digit)[place - 1]].numpy()


@st.cache_data(max_entries=200, show_spinner=False)
def _path(start: tuple[int, int], end: tuple[int, int]) -> np.ndarray:
    return morph(_image(*start), _image(*end))


@st.cache_resource(max_entries=400, show_spinner=False)
def _square(preset: str, variant: str, first: Ends, second: Ends) -> Tensor:
    model = state.model(preset, variant)
    return landscape(model.model, model.normalisation, _path(*first), _path(*second))


def _point() -> tuple[int, int]:
    """Where the point stands: as the address says, else in the middle."""
    parts = st.query_params.get("point", "").split("-")
    if len(parts) == 2 and all(part.isdecimal() and int(part) < STEPS for part in parts):
        return int(parts[0]), int(parts[1])
    return STEPS // 2, STEPS // 2


def _keep(point: list[int]) -> None:
    st.query_params["point"] = "-".join(map(str, point))


def _say(squares: dict[str, Tensor]) -> None:
    """What the squares show, in figures."""
    shares = {title: undecided(square) for title, square in squares.items()}
    certain, vague = min(shares, key=shares.__getitem__), max(shares, key=shares.__getitem__)
    said = torch.stack([square > 0.5 for square in squares.values()])
    unanimous = (said.all(0) | ~said.any(0)).float().mean().item()
    st.caption(
        f"All models give one answer on {unanimous:.0%} of the square. Between 10% and 90%, where a model commits "
        f"itself to neither, lie {shares[vague]:.0%} of the square for {vague} and {shares[certain]:.0%} for {certain}"
        f"{', which compares the likeliest digits and knows no doubt' if certain == VARIANTS['v4'].title else ''}."
    )
