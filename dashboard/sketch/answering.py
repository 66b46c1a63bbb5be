"""The models that answer on the Sketch page, loaded without keeping the page's first words waiting."""

from __future__ import annotations

import threading
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import streamlit as st

from dashboard.shared import state
from dashboard.sketch.batched import Batched
from dashboard.sketch.seen import look

if TYPE_CHECKING:
    from collections.abc import Callable

    from pairdigits.checkpoints import Checkpoint
    from pairdigits.verdicts import Answer, Pair


class Judgement(NamedTuple):
    """What there is to say of two images."""

    answers: list[Answer]  # of each model that was found
    doubts: tuple[bool, bool]  # which of the images are hardly one digit


class Models(NamedTuple):
    """The models of a preset; a visitor's session holds on to them, which spares eight look-ups a stroke."""

    preset: str
    found: dict[str, Checkpoint]
    missing: list[str]  # titles
    judge: Callable[[Pair], Judgement]


def load(preset: str) -> Models:
    """Import torch and read the models: a second or two for the first visitor, nothing for the next."""
    from pairdigits.checkpoints import CheckpointError
    from pairdigits.models import VARIANTS

    found, missing = {}, []
    for name, variant in VARIANTS.items():
        try:
            found[name] = state.model(preset, name)
        except CheckpointError:
            missing.append(variant.title)
    _warm_up()
    return Models(preset, found, missing, _judge(preset, tuple(found)))


@cache
def _judge(preset: str, found: tuple[str, ...]) -> Callable[[Pair], Judgement]:
    """One for all visitors, whose pairs the models see together."""
    from pairdigits import one_digit, verdicts

    jury = verdicts.Jury({name: state.model(preset, name) for name in found})

    def judge(pairs: list[Pair]) -> list[Judgement]:
        doubts = one_digit.doubts([image for pair in pairs for image in pair])
        sides = zip(doubts[::2], doubts[1::2], strict=True)
        return list(map(Judgement, jury(pairs), sides))

    return Batched(judge)


@st.cache_resource(show_spinner=False)
def _warm_up() -> None:
    """`rehearse` behind the scenes, once."""
    threading.Thread(target=rehearse, daemon=True).start()


def rehearse() -> None:
    """Load what the next clicks will need: the test digits, and all that reading a drawing takes."""
    from pairdigits.data import load_mnist

    load_mnist()
    look(np.pad(np.full((90, 30), 255, np.uint8), 30))  # thick enough to be thinned, for which most is loaded
