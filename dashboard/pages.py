"""Page configuration and navigation, nothing else: what Streamlit runs for every visitor.

Dask's workers that are started anew while a visitor is there execute this file under another name, so everything,
imports included, stays inside ``main``.
"""

from __future__ import annotations


def main() -> None:
    """Configure the page, draw the navigation and run the page that the visitor chose."""
    from pathlib import Path

    import streamlit as st

    from dashboard.shared import state

    # Without page_icon a page's :material/ icon would become the favicon, and that is fetched from outside.
    st.set_page_config(
        page_icon="🔢",
        layout="wide",
        menu_items={"About": "**PairDigits**: is the first handwritten digit less than or equal to the second?"},
    )
    page = st.navigation(
        {
            "": [
                st.Page("sketch/page.py", title="Sketch", icon=":material/draw:", url_path="sketch", default=True),
                st.Page("train/page.py", title="Train", icon=":material/model_training:", url_path="train"),
                st.Page("probe/page.py", title="Probe", icon=":material/grid_on:", url_path="probe"),
                st.Page("results/page.py", title="Results", icon=":material/table_chart:", url_path="results"),
            ],
            "Learn": [
                st.Page("lesson/page.py", title="Lesson", icon=":material/school:", url_path="lesson"),
                st.Page("sharing/page.py", title="Weight sharing", icon=":material/link:", url_path="sharing"),
                st.Page(
                    "auxiliary/page.py", title="Auxiliary losses", icon=":material/add_circle:", url_path="auxiliary"
                ),
                st.Page("data/page.py", title="Data", icon=":material/dataset:", url_path="data"),
            ],
        },
        position="top",
    )
    st.set_page_config(page_title=f"{page.title} · PairDigits")
    st.html(Path(__file__).parent / "shared" / "theme.css")
    with state.error_boundary():
        page.run()
        state.freeze_imports()


if __name__ == "__main__":
    main()
