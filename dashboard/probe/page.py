"""Probe: open the last layer and see which pairs of digits a model gets wrong."""

from __future__ import annotations

import streamlit as st

from dashboard.shared import state

st.title("Probe")
st.write(
    "A siamese model reads each digit by itself; its **last layer**, the head, compares what was read. Here every "
    "model's last layer is asked about all 100 pairs of digits: white where it answers *first ≤ second*, black where "
    "*first > second*, a cross where it is wrong. Click a board, or a cell of it."
)

with state.error_boundary():
    with st.spinner("Loading PyTorch, once after a start of the server…"):
        from dashboard.probe import boards, certain_softmax, dragged_bars, story
        from dashboard.shared import morphing

    boards.draw()
    story.tell()
    st.header("The landscape of a comparison", divider="gray")
    morphing.draw()
    st.header("How certain must the softmax be?", divider="gray")
    certain_softmax.draw()
    st.header("Set the last layer by hand", divider="gray")
    dragged_bars.draw()
