"""Results: the report's tables and figures beside ours."""

from __future__ import annotations

import streamlit as st

from dashboard.results import report_figures, table_sections
from dashboard.shared import state

SECTIONS = {
    "tables": ("The report's tables", table_sections.report_tables),
    "figures": ("Its figures", report_figures.main),
    "helps": ("What helps", table_sections.what_helps),
    "grid": ("Grid search", table_sections.grid_search),
    "good": ("How good is good", table_sections.how_good),
    "sweeps": ("More or less of it", table_sections.sweeps),
    "again": ("Run it again", table_sections.run_again),
}


def main() -> None:
    """Title, the choice of a section, and that section alone."""
    st.title("Results")
    st.write(
        "Every figure of the report, run again by its own protocol (**as published**) and by one that never chooses "
        "anything on the test pairs (**corrected**), from rounds that are committed with their settings and seeds."
    )
    key = state.recall("results.section", _from_url())
    section = st.segmented_control(
        "Section", list(SECTIONS), format_func=lambda name: SECTIONS[name][0], key=key, required=True,
        label_visibility="collapsed",
    )  # fmt: skip
    if st.query_params.get("section") != section:
        st.query_params["section"] = section
    _, draw = SECTIONS[section]
    draw()


def _from_url() -> str:
    asked = st.query_params.get("section", "tables")
    if "results.section" not in st.session_state and "section" in st.query_params and asked in SECTIONS:
        st.session_state["results.section"] = asked
    return asked if asked in SECTIONS else "tables"


main()
