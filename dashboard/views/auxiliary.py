"""Auxiliary losses: what naming the digits teaches a model that only has to compare them."""

from __future__ import annotations

import streamlit as st

st.title("Auxiliary losses")
st.write("What naming the digits teaches a model that only has to compare them, and what it finds out unaided.")

with st.spinner("Loading PyTorch, once after a start of the server…"):
    from dashboard.teaching import atlas, dial, failure, knowledge, page, unnamed

page.sections(
    "auxiliary",
    {
        "weight": ("How much should they count?", dial.draw),
        "knowledge": ("What the class loss alone learns", knowledge.draw),
        "map": ("A map of the encodings", atlas.draw),
        "failure": ("Why v5 fails without them", failure.draw),
        "unnamed": ("Digits nobody named", unnamed.draw),
    },
)
