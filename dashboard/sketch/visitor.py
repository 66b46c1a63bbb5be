"""What the Sketch page remembers of one visitor, here and on every other page."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import streamlit as st

from dashboard.shared import state

if TYPE_CHECKING:
    from dashboard.sketch.answering import Models
    from dashboard.sketch.drawings import Shown

FAVOURITE = "v7"  # its confidence means most: the probability of the comparison, from its own digits'
PEN_WIDTH = "sketch.pen"  # widgets that Streamlit itself keeps
PRESET = "models"  # also its name in the URL

_versions = itertools.count(1)


class Place(NamedTuple):
    """One canvas."""

    version: int
    given: Shown  # what was put there last
    now: Shown  # what the visitor made of it
    first: bool = False  # the example of the first visit: what was drawn before a reload may take its place
    linked: bool = False  # the address gave it


class Complaint(NamedTuple):
    """Why a button could not do what it was asked."""

    beside: str  # the button's place
    sentence: str


@dataclass
class Visitor:
    """The state of the page, apart from the values that Streamlit's widgets keep."""

    places: list[Place] = field(default_factory=list)  # left, right; empty before the first visit
    chosen: str = FAVOURITE  # a key of VARIANTS
    models: Models | None = None  # held on to, which spares eight look-ups a stroke
    link: str = ""  # the pair of the URL that was opened last
    complaint: Complaint | None = None
    told: Complaint | None = None  # the last one that was shown

    @property
    def awake(self) -> bool:
        """Whether the models that are asked are loaded."""
        return self.models is not None and self.models.preset == st.session_state[PRESET]

    @property
    def linked(self) -> bool:
        """Whether the pair is still that of the address."""
        return all(place.linked and place.now is place.given for place in self.places)

    def put(self, left: Shown, right: Shown, first: bool = False, linked: bool = False) -> None:
        """Replace what is on both canvases."""
        self.places = [Place(next(_versions), shown, shown, first, linked) for shown in (left, right)]

    def put_one(self, side: int, shown: Shown) -> None:
        """Replace what is on one canvas (0 left, 1 right)."""
        self.places[side] = Place(next(_versions), shown, shown)


def visitor() -> Visitor:
    """Whoever looks at the page now."""
    return state.memory(Visitor)
