"""Weight sharing: what it means that both digits go through the same tower."""

from __future__ import annotations

import streamlit as st

st.title("Weight sharing")
st.write("What it means that both digits go through the same tower: see it, count it, measure it, race it.")

with st.spinner("Loading PyTorch, once after a start of the server…"):
    from dashboard.teaching import amount, gradient, network, page, race, swap, tower

page.sections(
    "sharing",
    {
        "network": ("Where is the second network?", network.draw),
        "tower": ("One tower, two digits", tower.draw),
        "gradient": ("Which gradient?", gradient.draw),
        "data": ("Twice the data", amount.draw),
        "swap": ("Swap test", swap.draw),
        "race": ("The 2×2 race", race.draw),
    },
)
