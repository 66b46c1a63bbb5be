"""Fool yourself: look often at the test pairs, and see the claim leave the truth."""

from __future__ import annotations

import streamlit as st

from dashboard.shared import fool_yourself

LEARNT = (
    "**To be able to say:** the best of many looks is the luckiest one, too; more looks bring more luck, more test "
    "pairs less, and only pairs that chose nothing tell what was gained."
)


def main() -> str:
    """The section; returns what it shows."""
    st.write(
        "You train a model and look at its score on the test pairs: after many epochs, at many settings, with many "
        "seeds. Then you report the best score that you saw. How far is it from the truth? Choose how often you peek."
    )
    shown = fool_yourself.draw("results.peeking")
    st.caption(
        "v5 by the report’s settings, corrected, trained 20 times and looked at after every second of 40 epochs, each "
        "time on 10,000 pairs in which every MNIST test digit stands twice. A draw takes some of these pairs as the "
        "test pairs, and some of the runs; the shaded part is luck."
    )
    return f"{shown} {LEARNT}"
