"""The last layer of v1 and of v5 set by hand: twenty numbers and a constant, as bars to drag."""

from __future__ import annotations

import streamlit as st

from dashboard.shared import head_by_hand, sections, state


@state.fragment
def draw() -> None:
    """The whole section."""
    st.markdown(
        "The last layer of v1 and of v5 is one sum: it says *first ≤ second* where "
        r"$\sum_i a_i x_i + \sum_j b_j y_j + c > 0$. What the tower says of the first digit are the ten $x_i$, of the "
        "second the $y_j$: **raw logits** for v1, their **softmax** for v5. Drag the bars, or draw across them in one "
        "stroke; with the keyboard, arrows move the bar in focus. Can twenty numbers compare digits?"
    )
    preset = head_by_hand.draw("probe.by_hand")
    st.caption(
        "Ideal signals: strength 10 at one digit, 0 elsewhere, as in the report’s Figure 2. Real test pairs: all "
        "ordered pairs of MNIST’s 10,000 test digits, a cell the share that is called ≤. A cross marks where the "
        "majority is wrong. Your best head stays in this browser."
    )
    sections.shows(head_by_hand.shown(preset))
