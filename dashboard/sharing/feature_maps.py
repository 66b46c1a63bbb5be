"""One tower, two digits: the same filters give feature maps left and right, step by step to encoding and digits."""

from __future__ import annotations

import numpy as np
import streamlit as st

from dashboard.charts.digits import digit_bars
from dashboard.components.live_chart import live_chart
from dashboard.shared import teaching_data
from dashboard.sharing import layers
from dashboard.sharing.tiles import tiles

SIDES = ("left", "right")


def draw() -> str:
    """The section."""
    st.write(
        "Follow two digits through v1's tower. With a **shared** tower the filters in the first row are literally the "
        "same numbers on both sides; put the same image on both sides and every step agrees to the last digit."
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        shared = st.toggle(
            "Shared tower",
            True,
            key="tower.shared",
            persist_state="session",
            help="Off: the trained twin of v1 with a tower for each side.",
        )
        twice = st.toggle("Same image on both sides", key="tower.twice", persist_state="session")
    pair = teaching_data.choose_pair(twice)
    specimen = teaching_data.specimen("v1", shared)
    found = layers.walk(specimen.model, specimen.normalisation(pair.pooled))
    st.caption(f"Siamese v1, {specimen.made}.")
    _verdict(found, pair, shared, twice)
    columns = st.columns(2, gap="medium")
    for side, column in enumerate(columns):
        with column:
            _follow(found, pair, side)
    distance = _distance(found)
    tower, (a, b) = "One tower" if shared else "Two towers", pair.digits
    images = f"one image of a {a}" if twice else f"a {a} and a {b}"
    return f"{tower} and {images}: the two encodings are {distance:.4f} apart where they differ most."


def _distance(found: layers.Anatomy) -> float:
    left, right = found.read[0]
    return float(np.abs(left - right).max())


def _verdict(found: layers.Anatomy, pair: teaching_data.Pair, shared: bool, twice: bool) -> None:
    distance, size = _distance(found), float(np.abs(found.read[0]).max())
    left, right = st.columns(2)
    left.metric(
        "Largest difference of the two encodings", f"{distance:.4f}",
        help=f"Over their 50 numbers, the largest of which is {size:.2f} here.",
    )  # fmt: skip
    right.metric("P(first ≤ second)", f"{found.probability:.1%}", help="What the head of v1 makes of both.")
    if twice:
        st.info(
            "The same image, the same tower: **identical encodings**." if shared else
            "The same image, two towers: **different encodings**. Nothing tells the towers to agree on how to write "
            "a digit.",
            icon=":material/balance:",
        )  # fmt: skip


def _follow(found: layers.Anatomy, pair: teaching_data.Pair, side: int) -> None:
    """One digit's way through its tower."""
    parts = [part for part in found.parts if part.side == (side if found.towers == 2 else 0)]
    place = 0 if found.towers == 2 else side
    tower = f"{SIDES[side]} tower" if found.towers == 2 else "the shared tower"
    st.markdown(f"**{SIDES[side].capitalize()} digit, through {tower}**")
    teaching_data.picture(
        tiles(pair.images[side][None], 1, signed=False, zoom=7), f"The {SIDES[side]} digit, a {pair.digits[side]}"
    )
    first, second, encoder, *_ = parts
    st.caption(f"1. {first.kind}: {len(first.weight)} filters, {first.parameters:,} numbers")
    teaching_data.picture(tiles(first.weight[:, 0], 8, signed=True, zoom=10), f"Filters of {tower}")
    st.caption(f"2. Their feature maps, {_size(first)}")
    teaching_data.picture(
        tiles(first.handed_on[place], 8, signed=False, zoom=4), f"Feature maps of the {SIDES[side]} digit"
    )
    st.caption(f"3. {second.kind} and 2×2 pooling: maps of {_size(second)}")
    teaching_data.picture(
        tiles(second.handed_on[place], 8, signed=False, zoom=8), f"Pooled maps of the {SIDES[side]} digit"
    )
    st.caption(f"4. The encoding: {encoder.handed_on.shape[1]} numbers")
    teaching_data.picture(
        tiles(encoder.handed_on[place].reshape(1, 5, 10), 1, signed=True, zoom=24),
        f"Encoding of the {SIDES[side]} digit",
    )
    st.caption("5. The classifier's ten digit probabilities")
    live_chart(digit_bars(found.read[1][side], colour=side), f"tower.digits.{side}", height=150, toolbar=False)


def _size(part: layers.Part) -> str:
    channels, height, width = part.handed_on.shape[1:]
    return f"{channels} maps of {height}×{width}" if part.name == "conv1" else f"{channels} × {height}×{width}"
