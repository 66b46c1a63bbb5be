"""What the page's address asks for, and what is put into it: no other file reads or writes it.

What it asks for and is not there gets one sentence, on whatever page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Literal, TypedDict, TypeVar
from urllib.parse import urlencode

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard.shared.plain import plain

T = TypeVar("T")


class Bound(TypedDict):
    """Arguments of a widget that Streamlit binds to the address."""

    key: str
    bind: Literal["query-params"]


def bound(name: str, allowed: Iterable[object] | None = None) -> Bound:
    """Bind a widget to the address: ``st.slider("Strength", 1, 20, **address.bound("strength", range(1, 21)))``.

    Streamlit passes over a value that the widget does not have without a word; this says it.

    Parameters
    ----------
    name : str
        In the address, and the widget's key.
    allowed : iterable, optional
        What the address may say: the labels that the widget shows, or numbers. None where it is checked elsewhere.
    """
    if allowed is not None:
        checked(name, allowed)
    return {"key": name, "bind": "query-params"}


def checked(name: str, allowed: Iterable[T]) -> T | None:
    """The one that the address asks for; None where it asks for none, and a sentence where that is not there."""

    def found(asked: str) -> T:
        return next(one for one in allowed if _means(asked, one))

    return read(name, found)


def read(name: str, parse: Callable[[str], T]) -> T | None:
    """What the address asks for, out of its text.

    Parameters
    ----------
    name : str
        In the address.
    parse : callable
        Raises ``ValueError`` where the text means nothing; the visitor is told so, and None is returned.
    """
    asked = given().get(name)
    if asked is None:
        return None
    try:
        return parse(asked)
    except (ValueError, StopIteration):
        st.warning(plain(_sentence(name, asked)))
        return None


def doubt(name: str, allowed: Iterable[object]) -> str:
    """The sentence of `checked`, to be said elsewhere; "" where there is nothing to doubt."""
    asked = given().get(name)
    if asked is None or any(_means(asked, one) for one in allowed):
        return ""
    return _sentence(name, asked)


def given() -> dict[str, str]:
    """All that the address asks for, by name."""
    return st.query_params.to_dict()


def put(name: str, text: str) -> None:
    """Let the address ask for this too."""
    st.query_params[name] = text


def lead(name: str, text: str, usual: str) -> None:
    """Let the address lead here, where it does not do so as it is: without a word it leads to the usual.

    Whatever is put into an address is one more entry in the browser's history. So who writes the usual out makes a
    Back that does nothing; who does not must go to the usual when a visitor `went_back` to an address without it.
    """
    if text != usual or name in given():
        put(name, text)


def drop(name: str) -> None:
    """Let the address ask for this no more."""
    st.query_params.pop(name, None)


def replace(asked: Mapping[str, str]) -> None:
    """Let the address ask for this and nothing else."""
    if given() != asked:
        st.query_params.from_dict(asked)


def link(asked: Mapping[str, str]) -> str:
    """The whole address of this page that asks for this, to be copied; without a browser only what stands behind it."""
    return f"{(st.context.url or '').split('?')[0]}?{urlencode(asked)}"


def went_back() -> bool:
    """Whether the visitor came to this address by the browser's own Back or Forward."""
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation


def _sentence(name: str, asked: str) -> str:
    return f"The address asks for {name} = “{asked[:30]}”, which does not exist: here is something else."


def _means(asked: str, one: object) -> bool:
    """Whether a text is this label, or this number: 10 is 10.0."""
    if not isinstance(one, int | float):
        return asked == str(one)
    try:
        return float(asked) == one
    except ValueError:
        return False
