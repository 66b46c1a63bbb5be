"""The buttons below the canvases: other digits, a picture, a link, who answers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import streamlit as st

from dashboard.shared import address, choose, state
from dashboard.shared.plain import say_error
from dashboard.sketch import canvases, drawings, examples
from dashboard.sketch.seen import SIDES
from dashboard.sketch.visitor import FAVOURITE, PEN_WIDTH, PRESET, Complaint, visitor


def choices() -> None:
    """The pen's width and who answers; Streamlit keeps both, and the URL the second."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.slider("Pen width", 8, 40, examples.PEN, key=PEN_WIDTH, persist_state="session", width=180)
        choose.preset(
            "Who answers",
            _first_preset(),
            **address.bound(PRESET),
            help="Our best recipe's models, or the same variants trained as the report did (as published).",
        )


def buttons() -> None:
    """What can be done with the pair; a complaint stands beside the button that it is about."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.button("Swap", icon=":material/swap_horiz:", on_click=canvases.swap, help="Exchange the two drawings")
        for label, make, about in (
            ("Random test pair", _random, "Two of MNIST's test digits"),
            ("A pair v1 gets wrong", _misjudged, "Siamese v1 reads both digits rightly and compares them wrongly"),
            ("Equal digits", _equal, "Two different images of one digit"),
        ):
            st.button(label, on_click=_carefully, args=("buttons", make), help=about)
        if st.button(
            "Watch it learn", icon=":material/model_training:", help="Train a model and score this pair at every epoch"
        ):
            _carefully("buttons", _watch)
    complaint("buttons")
    picture, link = st.columns(2)  # not popovers: those come last for the keyboard, behind all that the page has
    with picture, st.expander("Use a picture", icon=":material/upload:"):
        st.caption("A PNG or JPEG of one digit: drawn on a screen, or a photo of paper.")
        for side, name in enumerate(SIDES):
            key = f"upload.{side}"
            st.file_uploader(name, ["png", "jpg", "jpeg"], key=key, on_change=_carefully, args=(key, _upload, side))
            complaint(key)
    with link, st.expander("Link to this pair", icon=":material/link:"):
        _link()


def complaint(beside: str) -> None:
    """Show why the button here could not do what it was asked, once; the page runs twice while models wake up."""
    here = visitor()
    found = here.complaint
    with st.container():
        if found and found.beside == beside and here.awake:
            here.complaint, here.told = None, found
            say_error(found.sentence)


def ask(model: str) -> None:
    """Ask a model for its reasons; the URL says which."""
    visitor().chosen = model
    address.put("model", model)


def heed_address() -> None:
    """Put the pair of the URL on the canvases, once and after a Back, and choose the model that it names."""
    here, asked = visitor(), address.given()
    if doubt := address.doubt(PRESET, state.MODELS.values()):
        here.complaint = Complaint("buttons", doubt)
    here.chosen = asked.get("model", FAVOURITE if address.went_back() else here.chosen)
    if here.models and (doubt := address.doubt("model", here.models.found)):  # known once they are awake
        here.complaint = Complaint("buttons", doubt)
        here.chosen = FAVOURITE
        address.drop("model")
    if here.chosen != FAVOURITE:
        address.put("model", here.chosen)  # whoever comes back from another page has an address without it
    pair = asked.get("pair")
    if pair and (pair != here.link or (address.went_back() and not here.linked)):
        here.link = pair
        _carefully("buttons", lambda: here.put(*drawings.of_link(pair), linked=True))


def leave_link() -> None:
    """Ask no more for a pair that was changed: a reload brings what was drawn."""
    if not visitor().linked:
        address.drop("pair")


def _first_preset() -> str:
    """The best models, or the report's where those were not trained yet."""
    return next((preset for preset in state.MODELS if (state.CHECKPOINTS / preset).exists()), "best")


def _carefully(beside: str, act: Callable[..., object], *arguments: object) -> None:
    """Do what a button asks; a callback's error would otherwise reach the visitor as a traceback."""
    try:
        act(*arguments)
    except ValueError as error:
        visitor().complaint = Complaint(beside, str(error))


def _random() -> None:
    visitor().put(*examples.random_pair(state.mnist().test, np.random.default_rng()))


def _equal() -> None:
    visitor().put(*examples.equal_pair(state.mnist().test, np.random.default_rng()))


def _misjudged() -> None:
    model = state.model(st.session_state[PRESET], "v1")
    visitor().put(*examples.misjudged_pair(model, state.mnist().test, np.random.default_rng()))
    ask("v1")


def _upload(side: int) -> None:
    if file := st.session_state.get(f"upload.{side}"):
        visitor().put_one(side, drawings.of_file(file.getvalue()))


def _link() -> None:
    """The address at which this pair, these models and this choice stand, to be copied."""
    try:
        asked = {"pair": canvases.packed(), "model": visitor().chosen}
    except ValueError as error:
        st.caption(str(error))
        return
    st.caption("Whoever opens it sees this pair, answered by the same models.")
    asked[PRESET] = state.MODELS[st.session_state[PRESET]]  # Streamlit's binding wants the label
    st.code(address.link(asked), language=None, wrap_lines=True)


def _watch() -> None:
    state.carried().own_pair = canvases.packed()
    st.switch_page("train/page.py")
