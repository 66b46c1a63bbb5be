"""Results: the report's tables and figures beside ours."""

from __future__ import annotations

import streamlit as st

from dashboard.shared import state

st.title("Results")
st.write(
    "Every figure of the report, run again by its own protocol (**as published**) and by one that never chooses "
    "anything on the test pairs (**corrected**), from rounds that are committed with their settings and seeds."
)

with state.error_boundary():
    with st.spinner("Loading PyTorch, once after a start of the server…"):
        from dashboard.results import grid_search, peeking_simulator, report_figures, rerun, table_sections
        from dashboard.shared.sections import sections

    sections(
        "results",
        {
            "tables": ("The report's tables", table_sections.report_tables),
            "figures": ("Its figures", report_figures.main),
            "helps": ("What helps", table_sections.what_helps),
            "flattery": ("Honest gain and luck", table_sections.flattery),
            "peeking": ("Fool yourself", peeking_simulator.main),
            "grid": ("Grid search", grid_search.main),
            "good": ("How good is good", table_sections.how_good),
            "sweeps": ("More or less of it", table_sections.sweeps),
            "again": ("Run it again", rerun.main),
        },
    )
