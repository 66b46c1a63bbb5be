"""Choices that several pages offer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from dashboard.shared import state


def preset(label: str, default: str, shown: bool = True, **kept: Any) -> str:
    """One of the presets of trained models, a key of `state.MODELS`.

    Parameters
    ----------
    label : str
        What it is about.
    default : str
        The preset at first.
    shown : bool
        Whether the label is; a screen reader says it anyway.
    **kept
        How the choice is kept: a key and ``persist_state``, or what `address.bound` gives; and a help, if any.
    """
    return state.chosen(
        st.segmented_control(
            label,
            list(state.MODELS),
            default=default,
            format_func=state.MODELS.__getitem__,
            required=True,
            label_visibility="visible" if shown else "collapsed",
            **kept,
        )
    )


def siamese(key: str, names: Sequence[str], default: str, label: str = "Model", form: str = "Siamese {}") -> str:
    """One of some siamese variants, by its key of `VARIANTS`; Streamlit keeps it for the session."""
    return state.chosen(
        st.segmented_control(
            label,
            names,
            default=default,
            key=key,
            persist_state="session",
            required=True,
            format_func=form.format,
        )
    )
