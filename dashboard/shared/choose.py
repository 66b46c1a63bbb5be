"""Choices that several pages offer."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard.shared import state


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
