"""A model drawn from its anatomy: every box is a layer with its real shape and its number of weights."""

from __future__ import annotations

import numpy as np
from markupsafe import escape

from dashboard.components.pictures import png_uri
from dashboard.sharing.layers import Anatomy, Part

WIDTH, MIDDLE = 400, 200
TOP, BOX, STEP = 96, 50, 74  # y of the first box, its height, and from one box to the next
SHARED, APART = (100, 300), ((6, 166), (234, 394))  # left and right edges of the boxes
SIDES = ("left", "right")

STYLE = """
<style>
svg { width: 100%; max-width: 460px; display: block; margin: 0 auto; font-family: var(--st-font); }
text { fill: var(--st-text-color); font-size: 13px; text-anchor: middle; }
.small { font-size: 11.5px; fill: var(--st-gray-text-color); }
.box { fill: var(--st-secondary-background-color); stroke: var(--st-border-color); stroke-width: 1.5; }
.part { cursor: pointer; }
.part:hover .box { stroke: var(--st-primary-color); }
.chosen .box { stroke: var(--st-primary-color); stroke-width: 3.5; }
.lane { fill: none; stroke-width: 3; }
.left { stroke: var(--st-blue-color); }
.right { stroke: var(--st-orange-color); stroke-dasharray: 7 3; }
.loss { fill: none; stroke: var(--st-violet-color); stroke-width: 1.5; stroke-dasharray: 3 3; }
text.name { font-weight: 600; }
text.what { fill: var(--st-violet-color); }
image { image-rendering: pixelated; }
</style>
"""


def draw(anatomy: Anatomy, images: np.ndarray, auxiliary: bool, class_loss: bool, chosen: str = "") -> str:
    """An SVG for `dashboard.components.live_html`, whose layers are clickable by their names.

    Parameters
    ----------
    anatomy : Anatomy
    images : array (2, 14, 14)
        The pair, 0..1.
    auxiliary, class_loss : bool
        Which losses are attached.
    chosen : str
        Name of the layer to outline.
    """
    apart = anatomy.towers == 2
    tower = [[part for part in anatomy.parts if part.side == side] for side in range(anatomy.towers)]
    edges = APART if apart else (SHARED,)
    bottom = TOP + (len(tower[0]) - 1) * STEP + BOX
    head_top = bottom + 74
    siamese = anatomy.encodings is not None
    pieces = [_lanes(anatomy, apart, len(tower[0]), head_top), *_inputs(images)]
    for column, (left, right) in zip(tower, edges, strict=True):
        pieces += [_box(part, left, right, TOP + row * STEP, chosen) for row, part in enumerate(column)]
    if siamese:
        if auxiliary:
            pieces += [_digit_loss(side, apart, bottom) for side in (0, 1)]
        pieces.append(_head(anatomy, head_top, chosen))
    else:
        head_top -= BOX + 40
    end = head_top + BOX + 36
    pieces.append(_text(MIDDLE, end, f"P(first ≤ second) = {anatomy.probability:.1%}", "name"))
    if class_loss:
        pieces.append(_loss("class loss", MIDDLE, end + 24, f"M{MIDDLE} {end + 8}V{end + 24}"))
    label = f"{'Two separate towers' if apart else 'One tower'}, {anatomy.parameters:,} weights and biases in all"
    return (
        f'{STYLE}<svg viewBox="0 0 {WIDTH} {end + 56}" role="img" aria-label="{escape(label)}">{"".join(pieces)}</svg>'
    )


def _inputs(images: np.ndarray) -> list[str]:
    return [
        f'<image href="{png_uri(image)}" x="{x - 28}" y="18" width="56" height="56"/>'
        + _text(x, 12, f"{side} digit, 14×14", "small")
        for x, image, side in zip((86, 314), images, SIDES, strict=True)
    ]


def _box(part: Part, left: int, right: int, top: int, chosen: str) -> str:
    middle = (left + right) / 2
    lines = _text(middle, top + 20, part.name, "name") + _text(
        middle, top + 38, f"{part.parameters:,} · gives {shape(part.handed_on)}", "small"
    )
    return _clickable(part.name, _rectangle(left, top, right - left) + lines, chosen)


def _head(anatomy: Anatomy, top: int, chosen: str) -> str:
    layers = [part for part in anatomy.parts if part.side is None]
    sizes = [str(layers[0].weight.shape[1]), *(str(layer.weight.shape[0]) for layer in layers)] if layers else []
    words = f"{anatomy.head_parameters:,} · linear {' → '.join(sizes)}" if layers else "no weights: nothing to train"
    box = _rectangle(60, top, 280) + _text(MIDDLE, top + 20, "head", "name") + _text(MIDDLE, top + 38, words, "small")
    return _clickable(layers[0].name, box, chosen) if layers else f"<g>{box}</g>"


def _lanes(anatomy: Anatomy, apart: bool, rows: int, head_top: int) -> str:
    """The ways of the two digits: into the tower(s), through them, and from what the head is given to the head."""
    ways = []
    inner = (86, 314) if apart else (165, 235)
    from_encoding = anatomy.feature == "encoding"
    for x, way, side in zip((86, 314), inner, SIDES, strict=True):
        last = TOP + (rows - (2 if from_encoding else 1)) * STEP + BOX
        path = f"M{x} 74 C{x} 90 {way} 76 {way} {TOP}"
        path += "".join(f"M{way} {TOP + row * STEP + BOX}V{TOP + (row + 1) * STEP}" for row in range(rows - 1))
        if from_encoding:  # past the last layer of the tower
            beside = ({"left": 172, "right": 228} if apart else {"left": 95, "right": 305})[side]
            path += f"M{way} {last}V{last + 9}H{beside}V{head_top}"
        elif anatomy.encodings is not None:
            end = (165, 235)[side == "right"]
            path += f"M{way} {last}C{way} {last + 40} {end} {last + 30} {end} {head_top}"
        ways.append(f'<path class="lane {side}" d="{path}"/>')
    return "".join(ways) + _text(MIDDLE, head_top - 30, anatomy.feature, "small")


def _digit_loss(side: int, apart: bool, bottom: int) -> str:
    """An auxiliary loss, under the layer that says which digit it is."""
    x = (48, 352)[side]
    start = f"M{x} {bottom}" if apart else f"M{SHARED[side]} {bottom - BOX / 2}H{x}"
    return _loss("digit loss", x, bottom + 22, f"{start}V{bottom + 22}")


def _loss(words: str, x: int, y: float, path: str) -> str:
    pill = f'<rect class="loss" x="{x - 42}" y="{y}" width="84" height="24" rx="12"/>'
    return f'<path class="loss" d="{path}"/>{pill}{_text(x, y + 17, words, "what")}'


def _clickable(name: str, inside: str, chosen: str) -> str:
    kind = "part chosen" if name == chosen else "part"
    return f'<g class="{kind}" data-choose="{name}"><title>Look into {escape(name)}</title>{inside}</g>'


def _rectangle(left: float, top: float, width: float) -> str:
    return f'<rect class="box" x="{left}" y="{top}" width="{width}" height="{BOX}" rx="8"/>'


def _text(x: float, y: float, words: str, kind: str) -> str:
    return f'<text class="{kind}" x="{x}" y="{y}">{escape(words)}</text>'


def shape(values: np.ndarray) -> str:
    """Of what is given for one digit: "16×12×12"."""
    return "×".join(str(size) for size in values.shape[1:])
