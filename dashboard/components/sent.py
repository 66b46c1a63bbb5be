"""What the browser parts of components send back."""

from __future__ import annotations

from typing import Any

import streamlit as st


def sent(key: str, name: str) -> Any:
    """What a component has just sent, for the callback that Streamlit calls for it.

    Parameters
    ----------
    key, name : str
        Of the component, and of its value.

    Returns
    -------
    object or None
        None where nothing was sent, or where it crossed on its way with a run of the page that no longer shows the
        component: Streamlit calls the callback all the same.
    """
    return getattr(st.session_state.get(key), name, None)
