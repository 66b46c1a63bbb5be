"""The left side of the Train page: settings, the Start button, the visitor's pair, and the run as code.

Importing this loads torch.
"""

from __future__ import annotations

import random

import streamlit as st

from dashboard.shared import orders, state
from dashboard.shared.plain import say_error
from dashboard.train import settings_form, watched
from dashboard.train.findings import draw_code, pair_images
from pairdigits.config import ConfigError, RunConfig
from pairdigits.packed_pairs import pack_pair
from pairdigits.sketch import to_pooled


def draw() -> None:
    """Draw everything."""
    config = problem = None
    try:
        config = settings_form.current()
    except ConfigError as error:
        problem = str(error)
    st.session_state[settings_form.key("preset")] = config and settings_form.matching_preset(config)
    with st.container(key="train-start"):
        settings_form.draw_model()
        _start(config)
        if problem:
            say_error(problem)
        if state.carried().own_pair:  # beside the button whose runs are asked
            with st.container(border=True):
                st.markdown("**Your own pair**")
                _pair()
    with st.container(key="train-settings"):
        settings_form.draw_settings(config)
        if not state.carried().own_pair:
            with st.expander("Your own pair"):
                _pair()
        if config:
            code = st.expander("Do this in Python", key="train.code", on_change="rerun")
            if code.open:
                with code:
                    draw_code(config, st.session_state["train.rounds"])
    watched.write_address()


def _start(config: RunConfig | None) -> None:
    st.slider(
        "Rounds", 1, watched.ROUNDS, key="train.rounds", persist_state="session",
        help="Each round draws new pairs and new first weights; several are drawn as their mean and a band of one "
        "standard deviation, as in the report's Figure 3.",
    )  # fmt: skip
    st.select_slider(
        "Speed", watched.SPEEDS, key="train.speed", persist_state="session", on_change=_set_speed,
        format_func=lambda speed: f"{speed:g} epochs a second" if speed else "as fast as it goes",
        help="The most epochs a second, to look on while it learns. It holds for the runs that are shown too.",
    )  # fmt: skip
    with st.container(horizontal=True):
        st.button("Start", type="primary", icon=":material/play_arrow:", disabled=config is None, on_click=_press,
                  help="Add a run with these settings; runs wait for a free worker.")  # fmt: skip
        st.button("First epoch only", icon=":material/skip_next:", disabled=config is None, on_click=_press, args=(1,),
                  help="Add a run and pause it after one epoch.")  # fmt: skip


def _press(epochs: int = 0) -> None:
    """Start what the form says; of the page only what shows runs is drawn anew: a class presses all at once."""
    with orders.in_callback():
        watched.start(settings_form.current(), st.session_state["train.rounds"], epochs)
        watched.write_address()
    st.rerun(scope=list(watched.OF_RUNS))


@orders.in_callback()
def _set_speed() -> None:
    for launch in watched.launches():
        if orders.may_change(launch.runs):
            orders.change(lambda id: state.engine().set_speed(id, st.session_state["train.speed"]), launch.runs)


def _pair() -> None:
    packed = state.carried().own_pair
    st.caption("A pair of digits that the next runs are asked about after every epoch.")
    if packed:
        st.html(pair_images(packed))
        if digits := watched.mine().truth.get(packed):
            relation = "≤" if digits[0] <= digits[1] else ">"
            st.caption(f"From the test set: {digits[0]} {relation} {digits[1]}.")
    with st.container(horizontal=True):
        if st.button("Draw a test pair", icon=":material/casino:"):
            _draw_pair()
            st.rerun()
        if packed and st.button("Remove", icon=":material/close:"):
            state.carried().own_pair = ""
            st.rerun()


def _draw_pair() -> None:
    test = state.mnist().test
    chosen = random.sample(range(len(test.labels)), 2)
    packed = pack_pair(*(to_pooled(test.images[i].numpy()) for i in chosen))
    state.carried().own_pair = packed
    watched.mine().truth = {packed: [int(test.labels[i]) for i in chosen]}
