"""A page of sections, one shown at a time, so that each answers fast and has an address of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import streamlit as st

from dashboard.shared import address, state

Draw = Callable[[], str | None]


@dataclass
class Written:
    """What the pages' addresses led to last: another value came by a link."""

    section: dict[str, str] = field(default_factory=dict)  # by page


def sections(key: str, titles: Mapping[str, tuple[str, Draw]]) -> None:
    """Draw the section that the visitor chose.

    Parameters
    ----------
    key : str
        Of the page.
    titles : mapping of str to (str, callable)
        Name in the URL -> title, and what draws the section and returns what it shows, in a sentence with the figures
        that stand there; None where there are none yet. The first is shown at first.
    """
    usual = next(iter(titles))
    _heed_address(key, titles, usual)
    name = state.chosen(st.segmented_control(
        "Section", list(titles), key=key, persist_state="session", required=True, wrap=True,
        format_func=lambda name: titles[name][0], label_visibility="collapsed",
    ))  # fmt: skip
    address.lead("section", name, usual)
    state.memory(Written).section[key] = name
    title, draw = titles[name]
    st.header(title, anchor=False)
    state.fragment(_section)(draw)
    _onward(key, list(titles), name, titles)


def _section(draw: Draw) -> None:
    if shown := draw():
        shows(shown)


def shows(sentence: str) -> None:
    """What a figure or a section shows, at its end."""
    st.markdown(f"**What this shows.** {sentence}")


def _heed_address(key: str, titles: Mapping[str, object], usual: str) -> None:
    """Go where the URL says, when the visitor came by a link or went back."""
    st.session_state.setdefault(key, usual)
    asked = address.checked("section", titles) or (usual if address.went_back() else None)
    if asked and asked != state.memory(Written).section.get(key):
        st.session_state[key] = asked


def _onward(key: str, names: list[str], name: str, titles: Mapping[str, tuple[str, Draw]]) -> None:
    """A button to the next section."""
    place = names.index(name) + 1
    if place < len(names):
        st.divider()
        st.button(
            f"Next: {titles[names[place]][0]}", icon=":material/arrow_forward:", on_click=_go, args=(key, names[place])
        )


def _go(key: str, name: str) -> None:
    st.session_state[key] = name
