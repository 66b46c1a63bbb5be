"""One training step in slow motion: which gradients come back, meet in a weight, are added, and where it goes."""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboard.components.slow_motion import PHASES, slow_motion
from dashboard.shared import address
from dashboard.shared.step_scene import LAYERS, scene, shows
from dashboard.shared.taken_step import Look, Question
from pairdigits.lessons.files import MOMENTS
from pairdigits.models import VARIANTS

MODELS = tuple(VARIANTS)
BATCHES = (1, 64)  # pairs
NUMBERS = range(1, 1000 // max(BATCHES) + 1)  # of batches of the run's 1000 pairs
SWITCH = ("true", "false")  # as Streamlit writes them
FIRST = Question("v5", 1)  # what a visitor sees at first


def draw() -> str:
    """The section."""
    st.write(
        "Training is nothing but this, over and over: look at a batch, see what was lost, send gradients back, move "
        "every weight a little. Play one step, or go through it; click a layer, and then any of its weights."
    )
    asked = _ask()
    look = Look.at(asked)
    slow_motion("step.film", scene(look), _phase(), on_choose=_choose, on_phase=_rest)
    st.caption(
        "The report's run of this model, as published, and the step that it takes next; computed with 64-bit numbers "
        "and dropout off. Thick arrows: the class loss; thin: the digits' losses. Untied, both towers start from the "
        "shared one's weights. The head is used once a pair: its weights get one gradient, and nothing is added. "
        "The base model reads no digits and has nothing to tie: all its weights are used once a pair."
    )
    return shows(look)


def _ask() -> Question:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        variant = st.selectbox(
            "Model", MODELS, MODELS.index(FIRST.variant), **address.bound("step_model", MODELS), width=130,
        )  # fmt: skip
        epoch = st.segmented_control(
            "After epoch", MOMENTS, default=FIRST.epoch, **address.bound("step_epoch", MOMENTS), required=True,
            help="0 is untrained; 40 is the end of the run.",
        )  # fmt: skip
        size = st.segmented_control(
            "Pairs in the batch", BATCHES, default=FIRST.size, **address.bound("step_batch", BATCHES), required=True,
        )  # fmt: skip
        number = st.number_input(
            "Which batch", 1, NUMBERS[-1], **address.bound("step_number", NUMBERS), width=110,
            help="Of the pairs that the run is trained on, in its order.",
        )  # fmt: skip
        siamese, needed = VARIANTS[variant].siamese, not VARIANTS[variant].learns_comparison
        tied = st.toggle(
            "Tie the towers", True, **address.bound("step_tied", SWITCH), disabled=not siamese,
            help="The base model has one tower, which reads both digits at once.",
        )  # fmt: skip
        auxiliary = st.toggle(
            "Auxiliary losses", True, **address.bound("step_auxiliary", SWITCH), disabled=needed or not siamese,
            help="v4’s comparison has no gradient: without the digits’ losses it would learn nothing. The base model "
            "reads no digits: there is none to name.",
        )  # fmt: skip
    auxiliary = siamese and (auxiliary or needed)
    return Question(variant, epoch, size, int(number), auxiliary, tied or not siamese, *_weight())


def _weight() -> tuple[str, int, int]:
    """The one that the address names: conv1-3-4."""
    return address.read("step_weight", _parsed_weight) or (FIRST.layer, FIRST.row, FIRST.column)


def _parsed_weight(text: str) -> tuple[str, int, int]:
    layer, row, column = text.split("-")
    if layer not in LAYERS or not all(part.isdecimal() and len(part) < 5 for part in (row, column)):
        raise ValueError("A weight is a layer, a row and a column.")
    return layer, int(row), int(column)


def _phase() -> int:
    return address.checked("step_phase", range(PHASES + 1)) or 0


def _choose(chosen: dict[str, Any]) -> None:
    address.put("step_weight", f"{chosen['layer']}-{chosen['row']}-{chosen['column']}")


def _rest(phase: int) -> None:
    address.put("step_phase", str(phase))
