"""Words that a visitor made, or that quote them, shown as they are: Streamlit reads Markdown in all that it writes."""

from __future__ import annotations

import re

import streamlit as st


def plain(text: str) -> str:
    """Markdown that shows a text as it is: no link, no picture, no emphasis, no line of its own."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", " ".join(text.split()))


def say_error(sentence: str) -> None:
    """An error box with a sentence, whatever it quotes."""
    st.error(plain(sentence), icon=":material/error:")
