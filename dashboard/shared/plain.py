"""Words that a visitor made, or that quote them, shown as they are: Streamlit reads Markdown in all that it writes."""

from __future__ import annotations

import re

import streamlit as st

JOINER = "\u2060"  # is not seen, and keeps two letters together


def plain(text: str) -> str:
    """Markdown that shows a text as it is: no link, no picture, no emphasis, no line of its own.

    Browsers make links of bare addresses too, escaped or not: a joiner inside them keeps them from it.
    """
    text = re.sub(r"(?i)(https?:|www(?=\.)|@)", rf"\1{JOINER}", text)
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", " ".join(text.split()))


def say_error(sentence: str) -> None:
    """An error box with a sentence, whatever it quotes."""
    st.error(plain(sentence), icon=":material/error:")
