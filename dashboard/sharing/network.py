"""Where is the second network? The model drawn from itself, its towers tied or untied, and a look into each layer."""

from __future__ import annotations

import numpy as np
import streamlit as st

from dashboard.components.live_html import board
from dashboard.shared import state, teaching_data
from dashboard.sharing import diagram, layers
from dashboard.sharing.tiles import tiles
from pairdigits.models import VARIANTS, Variant

SIDES = ("left", "right")


def draw() -> str:
    """The section."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.selectbox(
            "Model", list(VARIANTS), list(VARIANTS).index("v1"), key="network.variant", persist_state="session",
            width=200,
            format_func=lambda key: VARIANTS[key].title,
        )  # fmt: skip
        variant = VARIANTS[name]
        tied = st.toggle(
            "Tie the towers", True, key="network.tied", persist_state="session", disabled=not variant.siamese,
            help="Tied: one tower reads both digits. Untied: each side has a tower of its own.",
        )  # fmt: skip
        auxiliary = st.toggle(
            "Auxiliary losses", True, key="network.auxiliary", persist_state="session", disabled=not variant.siamese,
            help="Where the losses attach that are told the digits. They add no weights.",
        )  # fmt: skip
    pair = teaching_data.choose_pair()
    specimen = teaching_data.specimen(name, tied)
    found = layers.walk(specimen.model, specimen.normalisation(pair.pooled))
    layer = _chosen(found.names)
    st.write(_answer(variant, found))
    drawing, inside = st.columns([1, 1.2], gap="large")
    with drawing:
        _counts(found, specimen.made)
        svg = diagram.draw(found, pair.images, auxiliary and variant.siamese, variant.learns_comparison, layer)
        board("network.diagram", svg, on_choose=_choose)
        if specimen.run is None:
            st.caption(
                f"No trained twin of {variant.title} with separate towers is kept: the numbers of this one count, but "
                "its answers mean nothing. v1 and v5 have one."
            )
    with inside:
        _inspect(found)
    return (
        f"{variant.title} {'with its towers tied' if variant.siamese and found.towers == 1 else 'as drawn'} has "
        f"{found.parameters:,} numbers to learn, of which {found.parameters - found.head_parameters:,} read digits."
        if found.encodings is not None
        else f"{variant.title} has {found.parameters:,} numbers to learn, and no part of it reads a single digit."
    )


def _answer(variant: Variant, found: layers.Anatomy) -> str:
    if not variant.siamese:
        return (
            "There is none: the base model sees both digits at once, as two channels of one image. Nothing here stands "
            "for *a* digit."
        )
    if found.towers == 1:
        return (
            "**There is no second network.** One tower reads the left digit, then the same tower reads the right one. "
            r"Both copies in the usual drawing are one object with one set of weights: $f_\theta(x_1)$ and "
            r"$f_\theta(x_2)$."
        )
    return (
        r"Untied, **each side has weights of its own**: $f_{\theta_1}(x_1)$ and $f_{\theta_2}(x_2)$. What one tower "
        "learns about a 3, the other has to learn again."
    )


def _counts(found: layers.Anatomy, made: str) -> None:
    tower = sum(part.parameters for part in found.parts if part.side == 0)
    times = f"{found.towers} × {tower:,} in the towers" if found.towers > 1 else f"{tower:,} in the tower"
    st.metric(
        "Weights and biases", f"{found.parameters:,}",
        help="Every number that training may change, counted in the model itself.",
    )  # fmt: skip
    head = f", {found.head_parameters:,} in the head" if found.encodings is not None else ""
    st.caption(f"{times}{head}; {made}.")


def _chosen(names: list[str]) -> str:
    if st.session_state.get("network.layer") not in names:
        st.session_state["network.layer"] = names[0]
    return st.session_state["network.layer"]


def _choose(name: str) -> None:
    st.session_state["network.layer"] = name


def _inspect(found: layers.Anatomy) -> None:
    name = st.segmented_control(
        "Look into a layer (or click it in the drawing)", found.names, key="network.layer", required=True, wrap=True
    )
    parts = found.named(state.chosen(name))
    st.markdown(
        f"**{parts[0].kind}**, {parts[0].parameters:,} weights and biases" + (" in each tower" * (len(parts) > 1))
    )
    st.caption("Weights: blue below zero, orange above, all on one scale." + _weights_read(parts[0]))
    for part in parts:
        if len(parts) > 1:
            st.markdown(f"{SIDES[part.side or 0].capitalize()} tower")
        teaching_data.picture(_weights(part), f"Weights of {name}")
    st.markdown("**What it hands on for this pair**")
    if parts[0].side is None or found.encodings is None:
        _values(parts[0].handed_on, [""])
        return
    outputs = [parts[0].handed_on[side] if len(parts) == 1 else parts[side].handed_on[0] for side in range(2)]
    if outputs[0].ndim == 3:
        for column, side, maps in zip(st.columns(2), SIDES, outputs, strict=True):
            with column:
                teaching_data.picture(tiles(maps, 4, signed=False, zoom=4), f"Feature maps of the {side} digit")
                st.caption(f"{side} digit: {len(maps)} maps of {maps.shape[1]}×{maps.shape[2]}")
    else:
        _values(np.stack(outputs), [f"{side} digit" for side in SIDES])


def _weights_read(part: layers.Part) -> str:
    if part.weight.ndim == 4:
        filters, channels = part.weight.shape[:2]
        return (
            f" {filters} filters; each row is one filter's view of its {channels} input maps." if channels > 2 else ""
        )
    outputs, inputs = part.weight.shape
    return f" Each row makes one of the {outputs} outputs, each column belongs to one of the {inputs} inputs."


def _weights(part: layers.Part) -> np.ndarray:
    if part.weight.ndim == 4:
        filters, channels = part.weight.shape[:2]
        columns, zoom = (8, 10) if channels <= 2 else (channels, 7)  # few channels: the filters beside one another
        return tiles(part.weight.reshape(filters * channels, *part.weight.shape[2:]), columns, signed=True, zoom=zoom)
    return tiles(part.weight[None], 1, signed=True, zoom=1 if part.weight.shape[1] > 400 else 8)


def _values(rows: np.ndarray, names: list[str]) -> None:
    for row, name in zip(rows, names, strict=True):
        teaching_data.picture(
            tiles(row[None, None], 1, signed=True, zoom=max(7, 240 // row.size)), f"{name} {row.size} numbers"
        )
        numbers = ", ".join(f"{value:.2f}" for value in row[:10]) + (" …" if row.size > 10 else "")
        st.caption(f"{name}: {numbers}".removeprefix(": "))
