"""Data: the pairs themselves, their classes, what is done to the images, and which digits are hard."""

from __future__ import annotations

import streamlit as st

from dashboard.shared import state

st.title("Data")
st.write(
    "Every number on the other pages comes from pairs of MNIST's handwritten digits (LeCun et al., 1998): 60,000 "
    "training digits and 10,000 test digits, shrunk to 14×14 pixels. Two digits make a pair, and the pair's label is 1 "
    "where the first is less than or equal to the second."
)

with state.error_boundary():
    with st.spinner("Loading MNIST…", show_time=False):
        from dashboard.data import image_sections, pair_sections
        from dashboard.shared.sections import sections

        state.mnist()
    sections(
        "data",
        {
            "pairs": ("The pairs", pair_sections.browse),
            "classes": ("Two classes, not quite equal", pair_sections.classes),
            "pooling": ("From 28×28 to 14×14", image_sections.pooling),
            "warping": ("Warped anew every epoch", image_sections.warping),
            "misread": ("Digits that every model gets wrong", image_sections.misread),
            "duplicates": ("No image on both sides", image_sections.duplicates),
        },
    )
