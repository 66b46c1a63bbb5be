"""What the page's address asks for, beside what Streamlit itself reads of it for bound widgets."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard.shared.plain import plain


def checked(name: str, allowed: Iterable[object]) -> str | None:
    """What the address asks for; a sentence and None where there is no such thing.

    Streamlit passes over a value that a bound widget does not have without a word: call this before such a widget.

    Parameters
    ----------
    name : str
        In the address; of a bound widget its key.
    allowed : iterable
        What the address may say: labels or numbers.
    """
    if sentence := doubt(name, allowed):
        st.warning(plain(sentence))
        return None
    return st.query_params.get(name)


def doubt(name: str, allowed: Iterable[object]) -> str:
    """The sentence of `checked`, to be said elsewhere; "" where there is nothing to doubt."""
    asked = st.query_params.get(name)
    if asked is None or asked in map(str, allowed):
        return ""
    return f"The address asks for {name} = “{asked[:30]}”, which there is not: here is something else."


def went_back() -> bool:
    """Whether the visitor came to this address by the browser's own Back or Forward."""
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation
