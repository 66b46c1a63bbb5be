"""The boards of all models, the one in focus, and what stands behind a cell of it."""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboard.charts import probes
from dashboard.components.live_chart import live_chart
from dashboard.probe import blame, cell_panel, probed_models, selection
from dashboard.probe.probed_models import Subject
from dashboard.probe.selection import Choice
from dashboard.shared import state
from pairdigits.probe import Probe


def draw() -> None:
    """Everything that answers to a choice."""
    explore(selection.source())


@state.fragment
def explore(source: selection.Source) -> None:
    """The boards above, one in focus below.

    Words are sent before charts, here and in `focus`: the browser draws a chart for as long as all the words take.
    """
    choice = selection.controls(source)
    found, missing = selection.probed(choice)
    above = st.container()
    if missing:
        st.caption(" ".join(dict.fromkeys(missing)))
    if not found:
        st.warning("None of these models has such a probe. Choose another kind.")
        return
    focus(choice, found)
    with above:
        gallery(found, choice)


def gallery(found: dict[Subject, Probe], choice: Choice) -> None:
    """Small multiples, the right answer first; a click puts a model and a cell into focus."""
    by_title = {subject.title: subject for subject in found}
    shown = {"ideal": probes.ideal()} | {subject.title: probe.probability.numpy() for subject, probe in found.items()}

    def take(clicked: list[Any]) -> None:
        selection.take_cell(clicked)
        if subject := by_title.get(clicked[3]):
            selection.take_model(subject)

    with st.container(key="probe-boards"):  # on a phone they are swiped through, see cell.css
        live_chart(
            probes.probe_gallery(shown, choice.mode, columns=6 if len(shown) <= 6 else 5, cell=190),
            key="probe.gallery",
            alt="Probes side by side. "
            + ", ".join(f"{s.title}: {p.wrong_cells} wrong cells" for s, p in found.items()),
            on_click=take,
            filename=f"probes-{choice.kind}",
        )
    made = " or ".join(sorted({probed_models.checkpoint(subject).config.protocol for subject in found}))
    st.caption(
        f"One trained model a board (n = 1, {made}), asked about all 100 pairs of digits; a cross where it is wrong."
    )


@state.fragment
def focus(choice: Choice, found: dict[Subject, Probe]) -> None:
    """One model: its probe to click on, and what stands behind the chosen cell."""
    subject = selection.focused(tuple(found))
    probe = found[subject]
    board, behind = st.columns([5, 7], gap="medium")
    with behind:
        first, second = selection.cell(probe)
        cell_panel.verdict(probe, first, second)
        cell_panel.pairs(subject, first, second)
    cell_panel.arithmetic(subject, choice, first, second)
    blame.draw(tuple(found))
    with board:
        st.header(f"{subject.long_title}: {probe.wrong_cells} of 100 cells wrong", anchor=False)
        live_chart(
            probes.probe_heatmap(probe.probability.numpy(), choice.mode, (first, second)),
            key="probe.focus",
            alt=f"Probe of {subject.long_title}, {probe.wrong_cells} of 100 cells wrong; the digits choose a cell.",
            on_click=selection.take_cell,
            filename=f"probe-{subject.title}-{choice.kind}",
        )
        st.caption("Hover for figures, click a cell, or choose its two digits. The blue line is the ideal step.")
