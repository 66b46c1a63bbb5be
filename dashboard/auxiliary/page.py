"""Auxiliary losses: what naming the digits teaches a model that only has to compare them."""

from __future__ import annotations

import streamlit as st

st.title("Auxiliary losses")
st.write("What naming the digits teaches a model that only has to compare them, and what it finds out unaided.")

with st.spinner("Loading PyTorch, once after a start of the server…"):
    from dashboard.auxiliary import encoding_map, few_labels, readout, unnamed_digits, v5_failure, weight_sweep
    from dashboard.shared import sections

sections.sections(
    "auxiliary",
    {
        "weight": ("How much should they count?", weight_sweep.draw),
        "labels": ("How many labels do you need?", few_labels.draw),
        "knowledge": ("What comparing teaches", readout.draw),
        "map": ("A map of the encodings", encoding_map.draw),
        "failure": ("Why v5 fails without them", v5_failure.draw),
        "unnamed": ("Digits nobody named", unnamed_digits.draw),
    },
)
