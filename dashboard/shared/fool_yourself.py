"""Fool yourself: a simulator of peeking at the test pairs, for the Results page and the lesson."""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st

from dashboard.charts.claims import claims
from dashboard.components.live_chart import live_chart
from dashboard.shared import address, teaching_data
from pairdigits.lessons.peeks import bank
from pairdigits.peeking import Bank, peek

LOOKS = (1, 2, 5, 10, 20)
PAIRS = (100, 200, 500, 1000, 2000, 5000)
CELLS, SEEDS = 4, 5
LOW, HIGH = 92.0, 98.5  # percent: the axis, unless there is more to see


class Found(NamedTuple):
    """Means over the draws, in percent."""

    claimed: float
    true: float
    plain: float
    draws: int

    @property
    def luck(self) -> float:
        """Points claimed above the truth."""
        return self.claimed - self.true

    @property
    def selection(self) -> float:
        """Points that choosing was really worth."""
        return self.true - self.plain


def draw(key: str, fill: bool = False) -> str:
    """The choices, the split and the curves; returns what they show."""
    looks, cells, seeds, pairs = choose()
    found = {count: simulate(count, cells, seeds, pairs) for count in LOOKS}
    here = found[looks]
    places = st.columns(4) if fill else 4 * [st.container(horizontal=True)]  # two rows on a phone
    for place, (name, value, help) in zip(places, figures(here), strict=True):
        place.metric(name, value, help=help, width=160)
    lines = {
        "claimed: the best look": [one.claimed for one in found.values()],
        "true: that run, then, on all pairs": [one.true for one in found.values()],
        "true of a run that nobody chose": [one.plain for one in found.values()],
    }
    low = min(LOW, min(one.plain for one in found.values()) - 0.5)
    high = max(HIGH, max(one.claimed for one in found.values()) + 0.5)
    live_chart(
        claims(LOOKS, lines, looks, (low, high)),
        key,
        toolbar=False,
        fill=fill,
        alt=sentence(here, looks, cells, seeds, pairs),
    )
    return sentence(here, looks, cells, seeds, pairs)


def choose() -> tuple[int, int, int, int]:
    """How often one peeks; it stands in the address and goes from page to page."""
    left, right = st.columns(2)
    with left:
        looks = st.select_slider(
            "Looks at each run", LOOKS, 20, **address.bound("looks", LOOKS),
            help="At evenly spaced epochs.",
            persist_state="session",
        )  # fmt: skip
        cells = st.slider(
            "Learning rates tried", 1, CELLS, 1, **address.bound("cells", range(1, CELLS + 1)),
            help="Of 0.01, 0.005, 0.002 and 0.001.",
            persist_state="session",
        )  # fmt: skip
    with right:
        seeds = st.slider(
            "Seeds of each", 1, SEEDS, 1, **address.bound("seeds", range(1, SEEDS + 1)),
            help="New training pairs, new weights.",
            persist_state="session",
        )  # fmt: skip
        pairs = st.select_slider(
            "Test pairs", PAIRS, 1000, **address.bound("pairs", PAIRS),
            help="The report has 1000.",
            persist_state="session",
        )  # fmt: skip
    return looks, cells, seeds, pairs


def figures(found: Found) -> tuple[tuple[str, str, str], ...]:
    """Name, value and explanation of each figure."""
    return (
        ("Claimed", f"{found.claimed:.2f}%", "The highest of all looks at the drawn test pairs."),
        (
            "True",
            f"{found.true:.2f}%",
            "The chosen run, at that look, on all 100 million ordered pairs of test digits.",
        ),
        ("Luck, points", f"{found.luck:+.2f}", "Claimed minus true: it is not there on other pairs."),
        (
            "Gain, points",
            f"{found.selection:+.2f}",
            "True minus a run that nobody chose, at its last epoch.",
        ),
    )


def sentence(found: Found, looks: int, cells: int, seeds: int, pairs: int) -> str:
    """What was just seen."""
    return (
        f"The best of {looks * cells * seeds} looks at the same {pairs} test pairs claims {found.claimed:.2f}%, and on "
        f"all ordered pairs it is worth {found.true:.2f}%: {found.luck:+.2f} points are luck. What choosing was really "
        f"worth, against the {found.plain:.2f}% of a run that nobody chose: {found.selection:+.2f} points. (Means of "
        f"{found.draws} draws from {CELLS * SEEDS} committed runs of v5, corrected, {LOOKS[-1]} looks each.)"
    )


@st.cache_resource(max_entries=600, show_spinner=False)
def simulate(looks: int, cells: int, seeds: int, pairs: int) -> Found:
    """Let somebody peek so often, at the committed runs."""
    found = peek(_bank(), looks, cells, seeds, pairs)
    claimed, true, plain = (100 * float(part.mean()) for part in found)
    return Found(claimed, true, plain, len(found.claimed))


@st.cache_resource(show_spinner=False)
def _bank() -> Bank:
    return bank(teaching_data.prepared("peeks"))
