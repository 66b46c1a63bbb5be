"""Train: choose a model, press Start, watch it learn, and compare runs."""

from __future__ import annotations

import streamlit as st

from dashboard.shared import state

# On a phone: first the model and the Start button, then the curves, and the other settings below them.
PHONE = """
<style>
@media (max-width: 640px) {
  .stColumn:has(.st-key-train-start),
  .stColumn :has(.st-key-train-start):has(.st-key-train-settings) { display: contents }
  .stColumn :has(> .st-key-train-start) { order: 1; min-width: 100% }
  .stColumn:has(.st-key-train-live) { order: 2 }
  .stColumn :has(> .st-key-train-settings) { order: 3; min-width: 100% }
}
</style>
"""

st.html(PHONE)
st.title("Train")
st.write(
    "Is the first digit less than or equal to the second? Train any model of the report on pairs of real MNIST digits "
    "and watch it learn, one run over another."
)

with st.spinner("Loading PyTorch, once after a start of the server…"):
    from dashboard.train import live_panel, runs_table, start_panel, watched

with state.error_boundary():
    watched.begin()
    settings, live = st.columns([1, 2.3], gap="large")
    with settings:
        state.fragment(start_panel.draw)()
    with live, st.container(key="train-live"):
        state.fragment(live_panel.draw, key=watched.OF_RUNS[0])()
    state.fragment(runs_table.draw)()
    watched.write_address()
