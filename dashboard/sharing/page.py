"""Weight sharing: what it means that both digits go through the same tower."""

from __future__ import annotations

import streamlit as st

st.title("Weight sharing")
st.write("What it means that both digits go through the same tower: see it, count it, measure it, race it.")

with st.spinner("Loading PyTorch, once after a start of the server…"):
    from dashboard.shared import sections
    from dashboard.sharing import (
        feature_maps,
        gradient_parts,
        meeting_gradients,
        network,
        race,
        swap_test,
        training_pairs,
    )

sections.sections(
    "sharing",
    {
        "network": ("Where is the second network?", network.draw),
        "tower": ("One tower, two digits", feature_maps.draw),
        "step": ("One step in slow motion", meeting_gradients.draw),
        "gradient": ("Which gradient?", gradient_parts.draw),
        "data": ("Twice the data", training_pairs.draw),
        "swap": ("Swap test", swap_test.draw),
        "race": ("The 2×2 race", race.draw),
    },
)
