"""The page of the gallery: a sample of each component, and what Python knows of it in words."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from dashboard.charts import curves, digits, probes
from dashboard.components import pictures
from dashboard.components.landscape import landscape
from dashboard.components.last_layer import Panel, last_layer
from dashboard.components.live_chart import live_chart
from dashboard.components.sketchpad import Drawing, sketchpad
from dashboard.components.slow_motion import Chosen, Scene, slow_motion

FIVE = np.zeros((28, 28), np.uint8)
FIVE[4:24, 8:20] = 255


def draw() -> None:
    """A canvas, and what Python has of it."""
    state = st.session_state
    pen = st.slider("Pen", 8, 40, 20)
    if st.button("Example"):
        state.version, state.initial = state.get("version", 0) + 1, Drawing.of_image(FIVE)
    drawing = sketchpad("pad", state.get("initial"), state.get("version", 0), pen_width=pen, label="First digit")
    ink, strokes = (int(drawing.pixels.sum()), len(drawing.strokes)) if drawing else (0, 0)
    st.text(f"ink {ink} strokes {strokes} shape {drawing.pixels.shape if drawing else None}")
    st.text(f"pen {pen} coordinates {sum(len(stroke['points']) for stroke in drawing.strokes) if drawing else 0}")
    if drawing:
        st.html(pictures.digit_image(drawing.pixels, "what was drawn"))


def learn() -> None:
    """Curves that grow with every click."""
    epochs = st.session_state.setdefault("epochs", 1)
    if st.button("Next epoch"):
        epochs = st.session_state.epochs = epochs + 1
    records = [
        {"epoch": e, "test_accuracy": 0.9 - 0.4 / e, "train_accuracy": 0.95 - 0.4 / e} for e in range(1, epochs + 1)
    ]
    rounds = [[r | {"test_accuracy": r["test_accuracy"] - d} for r in records] for d in (0.05, 0.1, 0.2)]
    runs = [curves.Curve("v5", [records], chosen_epoch=epochs), curves.Curve("v1, 3 rounds", rounds)]
    live_chart(curves.learning_curves(runs), "curves", revision="one", filename="curves")


def probe() -> None:
    """A board to click on."""
    probability = probes.ideal() * 0.8 + 0.1
    probability[2, 7] = 0.2
    weights = np.zeros((10, 10))
    weights[3, 5], weights[3, 6], weights[8, 5] = 0.7, 0.2, 0.1

    def choose(cell: list[Any]) -> None:
        st.session_state.cell = tuple(cell[:2])

    cell = st.session_state.get("cell")
    figure = probes.probe_heatmap(probability, mode="probability", selected=cell, weights=weights)
    clicked = live_chart(figure, "probe", on_click=choose)
    st.text(f"cell {cell} clicked {clicked[:2] if clicked else None}")


def ping() -> None:
    """What a click costs with no component at all, for the latencies to be compared with."""
    st.session_state.pings = st.session_state.get("pings", 0) + st.button("Ping")
    st.text(f"pings {st.session_state.pings}")


def components() -> None:
    """Every component, each in a fragment of its own."""
    left, right = st.columns(2)
    with left:
        st.fragment(draw)()
        st.fragment(learn)()
        st.fragment(ping)()
    with right:
        st.fragment(probe)()
        st.fragment(slope)()
        st.fragment(step)()
        st.fragment(head)()
        broken = probes.ideal()
        broken[0, 3:] = 0
        named = {f"Siamese v{i}": broken if i == 1 else probes.ideal() for i in range(1, 8)}
        live_chart(probes.probe_gallery(named, mode="decision"), "gallery")
        seven()


def slope() -> None:
    """A square that a sum would paint, and one that a comparison paints; the point of the last drag in words."""
    across = np.arange(5) / 4
    first, second = np.meshgrid(across, across, indexing="ij")
    squares = {"Sum": (1 - first + second) / 2, "Step": (first <= second).astype(float)}
    digits_along = np.stack([FIVE // 4 * i for i in range(5)])
    labels = ("First digit, from faint to clear", "Second digit, from faint to clear")
    landscape(
        "slope", squares, digits_along, digits_along, labels, (2, 2), lambda point: st.session_state.update(at=point)
    )
    st.text(f"point {st.session_state.get('at')}")


def step() -> None:
    """A step of two small layers; which weight is looked at, and the phase where the player rests."""
    state = st.session_state
    layer, row, column = state.get("weight", ("conv1", 1, 2))
    picture = pictures.png_uri(FIVE)
    scene = Scene(
        towers=1 if st.toggle("Tied", True) else 2,
        together=False,
        layers=("conv1", "classifier"),
        feeds="classifier",
        images=(picture, picture),
        batch=False,
        readings=[["read as 5", "99% sure"]] * 2,
        verdict="P(≤) = 98%",
        losses=["digit 0.1", "class 0.2", "digit 0.1"],
        phases=[{"title": f"Title {i}", "text": f"What happens in phase {i}"} for i in range(9)],
        chosen=Chosen(
            layer, row, column, f"{layer}, row {row}, column {column}", "A layer of 12 weights", "Adds up",
            moved=["1 → 2"],
            numbers={"sides": ["+1", "−2"], "sums": ["−1", "−2"], "after": ["→ 2", "→ 3"], "directions": [1, 1]},
        ),
        gradient=np.arange(12.0).reshape(3, 4) - 6,
        table=[["", "left", "right", "together"], ["class loss", "+1", "−2", "−1"]],
    )  # fmt: skip
    slow_motion(
        "film", scene, on_choose=lambda at: state.update(weight=(at["layer"], at["row"], at["column"])),
        on_phase=lambda phase: state.update(phase=phase),
    )  # fmt: skip
    st.text(f"weight {layer} {row} {column} phase {state.get('phase')}")


def head() -> None:
    """A head that says no to everything, and one that knows the order; what was set in words."""
    signals = (10 * np.eye(10)).tolist()
    silent, order = [0.0] * 21, [*range(9, -1, -1), *range(-9, 1), 0.5]
    panel = Panel("sample", "Siamese v1", "raw logits", "live/readings/report/v1", signals, silent)
    last_layer(
        "head", [panel], {"Silent": silent, "Order": order}, silent, lambda set: st.session_state.update(head=set)
    )
    st.text(f"head {st.session_state.get('head')}")


def seven() -> None:
    """The same chart on two pages."""
    live_chart(digits.digit_bars(np.array([0.01] * 7 + [0.9, 0.02, 0.01]), "First digit: 7"), "bars", toolbar=False)


def elsewhere() -> None:
    """A page to go to and come back from."""
    st.text("Another page")
    seven()


def main() -> None:
    """Both pages."""
    st.set_page_config(page_title="Components", page_icon="🔢", layout="wide")
    st.navigation([st.Page(components, default=True), st.Page(elsewhere)], position="top").run()


if __name__ == "__main__":
    main()
