"""Probe: open the last layer and see which pairs of digits a model gets wrong."""

from __future__ import annotations

import streamlit as st

from dashboard.charts import probes
from dashboard.components.live_chart import live_chart
from dashboard.probe import cell_panel, selection, story
from dashboard.shared import state


def main() -> None:
    """The whole page."""
    st.title("Probe")
    st.write(
        "A siamese model reads each digit by itself; its **last layer**, the head, compares what was read. Here that "
        "layer is asked about all 100 pairs of digits, as in the report's Figure 2: white where it answers "
        "*first ≤ second*, black where *first > second*, a cross where it is wrong."
    )
    above = st.empty()
    choice = selection.source()
    explore(choice)
    with above.container():
        story.tell()


@st.fragment
def explore(source: selection.Source) -> None:
    """Everything that answers to the kind, the strength and the way of drawing.

    Words are sent before charts, here and in `focus`: the browser draws a chart for as long as all the words take.
    """
    with state.error_boundary():
        choice = selection.controls(source)
        found, missing = selection.probed(choice)
        above = st.container()
        if missing:
            st.caption(" ".join(missing))
        if not found:
            st.warning("None of these models has such a probe. Choose another kind.")
            return
        focus(choice, tuple(found))
        with above:
            gallery(found, choice)


def gallery(found: dict, choice: selection.Choice) -> None:
    """Small multiples: the right answer first, then every model."""
    shown = {"ideal": probes.ideal()} | {subject.title: probe.probability.numpy() for subject, probe in found.items()}
    live_chart(
        probes.probe_gallery(shown, choice.mode, columns=6 if len(shown) <= 6 else 5, cell=190),
        key="probe.gallery",
        alt="Probes side by side. " + ", ".join(f"{s.title}: {p.wrong_cells} wrong cells" for s, p in found.items()),
        filename=f"probes-{choice.kind}",
    )


@st.fragment
def focus(choice: selection.Choice, subjects: tuple) -> None:
    """One model: its probe to click on, and what stands behind the chosen cell."""
    with state.error_boundary():
        subject = selection.focused(subjects)
        found = selection.probe_of(subject, choice)
        board, behind = st.columns([5, 7], gap="medium")
        with behind:
            first, second = selection.cell()
            cell_panel.verdict(found, first, second)
            cell_panel.pairs(subject, first, second)
        cell_panel.arithmetic(subject, choice, first, second)
        with board:
            st.subheader(f"{subject.long_title}: {found.wrong_cells} of 100 cells wrong", anchor=False)
            live_chart(
                probes.probe_heatmap(found.probability.numpy(), choice.mode, (first, second)),
                key="probe.focus",
                alt=f"Probe of {subject.long_title}, {found.wrong_cells} of 100 cells wrong; the digits choose a cell.",
                on_click=selection.take_cell,
                filename=f"probe-{subject.title}-{choice.kind}",
            )
            st.caption("Hover for figures, click a cell, or choose its two digits. The blue line is the ideal step.")
        selection.write_url(choice, subject, first, second)


main()
