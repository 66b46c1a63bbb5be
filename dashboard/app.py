"""The entrance: page configuration and navigation, nothing else.

Run with ``streamlit run dashboard/app.py``. Dask's spawned workers execute this file again under another name, so
everything, imports included, stays inside ``main``.
"""

from __future__ import annotations


def main() -> None:
    """Configure the page, draw the navigation and run the page that the visitor chose."""
    import streamlit as st

    from dashboard import state

    # Without page_icon a page's :material/ icon would become the favicon, and that is fetched from outside.
    st.set_page_config(
        page_title="PairDigits",
        page_icon="🔢",
        layout="wide",
        menu_items={"About": "**PairDigits**: is the first handwritten digit less than or equal to the second?"},
    )
    page = st.navigation(
        {
            "": [
                st.Page("views/sketch.py", title="Sketch", icon=":material/draw:", default=True),
                st.Page("views/train.py", title="Train", icon=":material/model_training:"),
                st.Page("views/probe.py", title="Probe", icon=":material/grid_on:"),
                st.Page("views/results.py", title="Results", icon=":material/table_chart:"),
            ],
            "Learn": [
                st.Page("views/lesson.py", title="Lesson", icon=":material/school:"),
                st.Page("views/sharing.py", title="Weight sharing", icon=":material/link:"),
                st.Page("views/auxiliary.py", title="Auxiliary losses", icon=":material/add_circle:"),
                st.Page("views/data.py", title="Data", icon=":material/dataset:"),
            ],
        },
        position="top",
    )
    with state.error_boundary():
        page.run()
        state.freeze_imports()


if __name__ == "__main__":
    main()
