"""Sketch: draw two digits and see every model say whether the first is less than or equal to the second, and why."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import streamlit as st

from dashboard.components.live_html import board
from dashboard.shared import state
from dashboard.sketch import answering, canvases, examples, probe_place, verdict_html
from dashboard.sketch.answering import Models
from dashboard.sketch.canvases import SIDES, Seen, Shown
from pairdigits import verdicts
from pairdigits.cells import as_array
from pairdigits.sketch import pack_pair

STYLE = Path(__file__).parent / "sketch.css"
PROBES = {
    "ideal": "The last layer alone, given an ideal signal: 10 at each digit's index, 0 elsewhere",
    "typical": "The last layer alone, given the mean of what the tower says of each digit",
    "real": "The share of real test pairs that the model calls ≤",
}
FAVOURITE = "v7"  # its confidence means most: the probability of the comparison, from its own digits'


def page() -> None:
    """The page, top to bottom."""
    st.html(STYLE)
    st.title("Sketch two digits")
    st.write("Is the first less than or equal to the second? Every model answers as you draw, and shows why.")
    if not canvases.filled():
        _put(examples.first_pair())
    _carefully(_open_link)
    st.fragment(state.error_boundary()(stage))()


class Boards(NamedTuple):
    """What stands on each of the page's boards, as HTML; empty where there is nothing to say."""

    headline: str
    sides: tuple[str, str]
    cards: str = ""
    why: str = ""


def stage() -> None:
    """All that changes with a stroke of the pen; what does not is drawn along, because it stands in between.

    There are always the same elements in the same order: on a busy server, where strokes overtake one another,
    Streamlit may drop an update, and the page fails where that leaves a gap among its elements.
    """
    top = st.container(key="verdict")
    seen, beside = _canvases()
    _toolbar()
    notice, link, cards, why = (st.container() for _ in range(4))
    with link:
        _show_link()
    preset = st.session_state["sketch.preset"]
    models = st.session_state.get("sketch.models")
    ready = models is not None and models.preset == preset
    if ready:
        with notice:
            _complain()
    boards = _answers(seen, models) if ready and models.found else _nobody_answers(seen, ready)
    with top:
        board("headline", boards.headline, _choose)
    for side, panel in enumerate(beside):
        with panel:
            board(f"seen.{side}", boards.sides[side])
    with cards:
        board("cards", boards.cards, _choose)
    with why:
        board("why", boards.why)
    if not ready:
        st.session_state["sketch.models"] = answering.load(preset)
        st.rerun()


def _canvases() -> tuple[list[Seen], list]:
    """The two canvases, each with the place beside it for what the network sees."""
    seen, beside = [], []
    pen = st.session_state.setdefault("sketch.pen", st.session_state.get("kept", {}).get("sketch.pen", examples.PEN))
    for side, half in enumerate(st.columns(2, gap="large")):
        with half:
            st.markdown(f"##### {SIDES[side]}")
            paper, panel = st.columns([3, 2])
            with paper:
                seen.append(canvases.canvas(side, pen))
            beside.append(panel)
    return seen, beside


def _toolbar() -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.button("Swap", icon=":material/swap_horiz:", on_click=canvases.swap, help="Exchange the two drawings")
        for label, make, about in (
            ("Random test pair", _random, "Two of MNIST's test digits"),
            ("A pair v1 gets wrong", _misjudged, "Siamese v1 reads both digits rightly and compares them wrongly"),
            ("Equal digits", _equal, "Two different images of one digit"),
        ):
            st.button(label, on_click=_carefully, args=(make,), help=about)
        with st.popover("Use a picture", icon=":material/upload:"):
            st.caption("A PNG or JPEG of one digit: drawn on a screen, or a photo of paper.")
            for side, name in enumerate(SIDES):
                key = f"upload.{side}"
                st.file_uploader(name, ["png", "jpg", "jpeg"], key=key, on_change=_carefully, args=(_upload, side))
        st.button("Link to this pair", icon=":material/link:", on_click=_carefully, args=(_share,))
        if st.button(
            "Watch it learn", icon=":material/model_training:", help="Train a model and score this pair at every epoch"
        ):
            _watch()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.slider("Pen width", 8, 40, key=state.recall("sketch.pen", examples.PEN), width=180)
        if st.session_state.get("sketch.preset", "") is None:  # Streamlit loses it where two pages' runs overlap
            st.session_state["sketch.preset"] = _first_preset()
        st.segmented_control(
            "Who answers",
            list(state.PRESETS),
            required=True,
            format_func=state.PRESETS.get,
            key=state.recall("sketch.preset", _first_preset()),
            help="Our best recipe's models, or the same variants trained as the report did (as published).",
        )


def _first_preset() -> str:
    """The best models, or the report's where those were not trained yet."""
    return next((preset for preset in state.PRESETS if (state.CHECKPOINTS / preset).exists()), "best")


def _put(pair: tuple[Shown, Shown]) -> None:
    for side, shown in enumerate(pair):
        canvases.put(side, shown)


def _carefully(act: Callable, *arguments) -> None:
    """Do what a button asks; a callback's error would otherwise reach the visitor as a traceback."""
    try:
        act(*arguments)
    except ValueError as error:
        st.session_state["sketch.complaint"] = str(error)


def _complain() -> None:
    if complaint := st.session_state.pop("sketch.complaint", None):
        st.error(complaint, icon=":material/error:")


def _random() -> None:
    _put(examples.random_pair(state.mnist().test, np.random.default_rng()))


def _equal() -> None:
    _put(examples.equal_pair(state.mnist().test, np.random.default_rng()))


def _misjudged() -> None:
    model = state.model(st.session_state["sketch.preset"], "v1")
    _put(examples.misjudged_pair(model, state.mnist().test, np.random.default_rng()))
    st.session_state["sketch.model"] = "v1"


def _upload(side: int) -> None:
    if file := st.session_state[f"upload.{side}"]:
        canvases.put(side, canvases.of_file(file.getvalue()))


def _packed() -> str:
    """The pair as it stands, as a text; an empty canvas is refused in a sentence."""
    images = [seen.image for seen in canvases.current()]
    if any(image is None for image in images):
        raise ValueError("Draw a digit on each canvas first.")
    return pack_pair(*images)


def _share() -> None:
    st.query_params["pair"] = st.session_state["sketch.link"] = _packed()


def _open_link() -> None:
    """Put the pair of the URL on the canvases, once."""
    text = st.query_params.get("pair")
    if text and text != st.session_state.get("sketch.link"):
        st.session_state["sketch.link"] = text
        _put(canvases.of_link(text))


def _show_link() -> None:
    """The link to the pair, until the pair is another."""
    link = st.query_params.get("pair")
    if not link:
        return
    if canvases.same_pair(link):
        st.code(f"{st.context.url.split('?')[0]}?pair={link}", language=None, wrap_lines=True)
    else:
        del st.query_params["pair"]


def _watch() -> None:
    st.session_state["own_pair"] = _packed()
    st.switch_page("train/page.py")


def _nobody_answers(seen: list[Seen], ready: bool) -> Boards:
    sides = [verdict_html.seen(look.image, name, None, "", look.remark) for look, name in zip(seen, SIDES, strict=True)]
    if ready:
        title, text = "Nobody answers.", "These models have not been trained here yet: choose the others."
    else:
        title, text = "The models are waking up.", "You can draw meanwhile."
    return Boards(verdict_html.waiting(title, text), (sides[0], sides[1]))


def _answers(seen: list[Seen], models: Models) -> Boards:
    missing = [name.lower() for name, look in zip(SIDES, seen, strict=True) if look.image is None]
    if missing:
        remarks = " ".join(dict.fromkeys(look.remark for look in seen if look.remark))
        return _nobody_answers(seen, ready=True)._replace(
            headline=verdict_html.waiting(f"Draw the {' and the '.join(missing)}.", remarks),
            cards=verdict_html.idle_cards([model.model.variant for model in models.found.values()]),
        )
    answers = verdicts.ask(models.found, seen[0].image, seen[1].image)
    truth = verdicts.truth(answers, (seen[0].label, seen[1].label))
    wanted = st.session_state.setdefault("sketch.model", FAVOURITE)
    chosen = next((answer for answer in answers if answer.variant.name == wanted), answers[-1])
    sides = [
        verdict_html.seen(
            look.image, name, None if chosen.digits is None else chosen.digits[side], chosen.variant.title, look.remark
        )
        for side, (look, name) in enumerate(zip(seen, SIDES, strict=True))
    ]
    remarks = [f"{name}: {look.remark}" for name, look in zip(SIDES, seen, strict=True) if look.remark]
    probe = as_array(models.found[chosen.variant.name].probe)
    return Boards(
        verdict_html.headline(answers, chosen, truth, remarks),
        (sides[0], sides[1]),
        verdict_html.cards(answers, chosen, truth, models.missing) + verdict_html.exchanged(answers, truth),
        probe_place.why(chosen, probe, PROBES[chosen.variant.probe_kinds[0]], truth),
    )


def _choose(model: str) -> None:
    st.session_state["sketch.model"] = model


page()
