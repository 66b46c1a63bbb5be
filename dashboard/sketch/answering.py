"""The models that answer on the Sketch page, loaded without keeping the page's first words waiting."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, NamedTuple

import streamlit as st

from dashboard.shared import state

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np

    from pairdigits.checkpoints import Checkpoint


class Models(NamedTuple):
    """The models of a preset; a visitor's session holds on to them, which spares eight look-ups a stroke."""

    preset: str
    found: dict[str, Checkpoint]
    missing: list[str]  # titles
    doubts: Callable[[list[np.ndarray]], list[bool]]  # which images (14, 14) are hardly one digit


def load(preset: str) -> Models:
    """Import torch and read the models: a second or two for the first visitor, nothing for the next."""
    from pairdigits import one_digit
    from pairdigits.checkpoints import CheckpointError
    from pairdigits.models import VARIANTS

    found, missing = {}, []
    for name, variant in VARIANTS.items():
        try:
            found[name] = state.model(preset, name)
        except CheckpointError:
            missing.append(variant.title)
    _warm_up()
    return Models(preset, found, missing, one_digit.doubts)


@st.cache_resource(show_spinner=False)
def _warm_up() -> None:
    """Load behind the scenes what the next clicks will need: the test digits, and what thins a thick pen."""

    def fetch() -> None:
        import skimage.morphology  # noqa: F401

        from pairdigits.data import load_mnist

        load_mnist()

    threading.Thread(target=fetch, daemon=True).start()
