"""The landscape of a comparison: both digits turn into others, and every model's verdict is painted over the square."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import streamlit as st
import torch

from dashboard.components.landscape import landscape as show
from dashboard.components.pictures import png_uri
from dashboard.components.sketchpad import Drawing, sketchpad
from dashboard.shared import address, choose, sections, state
from pairdigits.landscape import STEPS, landscape, morph, undecided
from pairdigits.models import VARIANTS
from pairdigits.packed_pairs import pack_digit, unpack_digit
from pairdigits.runs.listing import UNFINISHED
from pairdigits.sketch import to_digit

if TYPE_CHECKING:
    from torch import Tensor

SIDES = {"first": (3, 5), "second": (4, 6)}  # the digits at first: of the four corners one answer is no
SAMPLES = 50  # of MNIST's test digits, of each kind
OFFERED = 50  # runs, the newest
DRAWN = "drawn here"
HAND = 2  # the one at first: every model of both presets reads it, of each kind


class End(NamedTuple):
    """One end of a side of the square."""

    words: str
    pixels: bytes  # uint8 (28, 28)

    @property
    def image(self) -> np.ndarray:
        """(28, 28) uint8."""
        return np.frombuffer(self.pixels, np.uint8).reshape(28, 28)


@state.fragment
def draw(full: bool = True) -> None:
    """The squares; in full with what they are, the choice of a stored run, and what they show in figures."""
    if full:
        st.write(
            "Along each square the **first digit** turns into another from left to right, the **second** from bottom "
            "to top: ink moves, nothing is faded over. White is where a model says *first ≤ second*, black where it "
            "says *first > second*, grey where it is not sure. Drag the point, or move the sliders."
        )
    above = st.container(horizontal=True, vertical_alignment="bottom")
    with above:
        preset = choose.preset("Models", "best", shown=False, **address.bound("models", state.MODELS.values()))
        run = _run() if full else None
    # No popover: that comes last for the keyboard, behind all that the page has. On a slide it opens over the squares.
    with (st if full else above).expander("Other digits", icon=":material/edit:"):
        kinds = {
            (side, end): _kind(side, end, digit)
            for side, digits in SIDES.items()
            for end, digit in zip(("from", "to"), digits, strict=True)
        }
    ends = _ends(kinds)
    firsts, seconds = (_path(ends[side, "from"], ends[side, "to"]) for side in SIDES)
    squares = {VARIANTS[name].title: _square(preset, name, tuple(ends.values())) for name in VARIANTS}
    first, second = (
        f"{side.capitalize()} digit, from {ends[side, 'from'].words} to {ends[side, 'to'].words}" for side in SIDES
    )
    show(
        "landscape", {title: square.numpy() for title, square in squares.items()}, firsts, seconds, (first, second),
        _point(), on_move=_keep, run=run,
    )  # fmt: skip
    if full:
        sections.shows(told(squares))


def _run() -> tuple[int, str] | None:
    """A stored run to be put beside the models, and its title."""
    newest = state.store().page(limit=OFFERED).runs
    found = {str(run.id): run for run in newest if run.epochs or run.status in UNFINISHED}
    if not found:
        return None
    chosen = st.selectbox(
        "A run of your own", list(found), None, **address.bound("with_run", map(_run_title, found)),
        placeholder="and a stored run …",
        format_func=_run_title, label_visibility="collapsed", width=200,
        help="Its square stands before the others, and changes while it trains.",
    )  # fmt: skip
    return (int(chosen), _run_title(chosen)) if chosen else None


def _run_title(id: str) -> str:
    return f"Run {id}"


def _kind(side: str, end: str, default: int) -> tuple[str, int]:
    """A kind of digit, or `DRAWN`, and which of MNIST's test digits of that kind."""
    left, right = st.columns(2)
    kinds = [*map(str, range(10)), DRAWN]
    kind = left.selectbox(f"{side.capitalize()} digit, {end}", kinds, default, **address.bound(f"{side}_{end}", kinds))
    place = right.number_input(
        "written by hand", 1, SAMPLES, HAND, **address.bound(f"{side}_{end}_hand", range(1, SAMPLES + 1)),
        disabled=kind == DRAWN,
        help=f"Which of the first {SAMPLES} of MNIST's test digits of this kind.",
    )  # fmt: skip
    return kind, place


def _ends(kinds: dict[tuple[str, str], tuple[str, int]]) -> dict[tuple[str, str], End]:
    """The four digits, with a canvas for each that the visitor draws; until there is ink the usual one stands there."""
    ends = {}
    with st.container(horizontal=True):
        for (side, end), (kind, place) in kinds.items():
            usual = SIDES[side][end == "to"]
            image = _drawing(side, end) if kind == DRAWN else _image(int(kind), place)
            words = "your drawing" if kind == DRAWN else kind
            if not image.any():
                image, words = _image(usual, HAND), str(usual)
            ends[side, end] = End(words, image.tobytes())
    return ends


def _drawing(side: str, end: str) -> np.ndarray:
    """What the visitor draws, as MNIST would have it, (28, 28) uint8; it stands in the address."""
    name = f"{side}_{end}_drawn"
    kept = address.read(name, unpack_digit)
    with st.container(width=180):
        drawing = sketchpad(
            f"landscape.{name}", None if kept is None else Drawing(kept, background=png_uri(kept)),
            label=f"{side.capitalize()} digit, {end}",
        )  # fmt: skip
    digit = np.zeros((28, 28), np.uint8) if drawing is None else to_digit(drawing.pixels)
    if drawing is not None and drawing.strokes:
        address.put(name, pack_digit(digit))
    return digit if drawing is None or drawing.strokes else drawing.pixels


def _image(digit: int, place: int) -> np.ndarray:
    split = state.mnist().test
    return split.images[np.flatnonzero(split.labels.numpy() == digit)[place - 1]].numpy()


@st.cache_data(max_entries=200, show_spinner=False)
def _path(start: End, end: End) -> np.ndarray:
    return morph(start.image, end.image)


@st.cache_resource(max_entries=400, show_spinner=False)
def _square(preset: str, variant: str, ends: tuple[End, ...]) -> Tensor:
    model = state.model(preset, variant)
    return landscape(model.model, model.normalisation, _path(*ends[:2]), _path(*ends[2:]))


def _point() -> tuple[int, int]:
    """Where the point stands: as the address says, else in the middle."""
    return address.read("point", _parsed_point) or (STEPS // 2, STEPS // 2)


def _parsed_point(text: str) -> tuple[int, int]:
    x, y = (range(STEPS).index(int(part)) for part in text.split("-"))
    return x, y


def _keep(point: list[int]) -> None:
    address.put("point", "-".join(map(str, point)))


def told(squares: Mapping[str, Tensor]) -> str:
    """What the squares show, by the models' titles, in figures."""
    shares = {title: undecided(square) for title, square in squares.items()}
    certain, vague = min(shares, key=shares.__getitem__), max(shares, key=shares.__getitem__)
    said = torch.stack([square > 0.5 for square in squares.values()])
    unanimous = (said.all(0) | ~said.any(0)).float().mean().item()
    return (
        f"All models give one answer on {unanimous:.0%} of the square. Between 10% and 90%, where a model commits "
        f"itself to neither, lie {shares[vague]:.0%} of the square for {vague} and {shares[certain]:.0%} for {certain}"
        f"{', which compares the likeliest digits and knows no doubt' if certain == VARIANTS['v4'].title else ''}. "
        "**To be able to say:** between two digits a model shows how it compares: one that first decides which digits "
        "it sees makes a step, one that adds up what it sees of each makes a slope."
    )


def at_first(preset: str) -> dict[str, Tensor]:
    """The squares that a visitor sees at first, by the models' titles."""
    first, second = ([End(str(digit), _image(digit, HAND).tobytes()) for digit in digits] for digits in SIDES.values())
    return {row.title: _square(preset, name, (*first, *second)) for name, row in VARIANTS.items()}


def doubt(preset: str) -> dict[str, float]:
    """The share of the first square that each model is sure of neither way, 0..1, by its title."""
    return {title: undecided(square) for title, square in at_first(preset).items()}
