"""What stands behind a probe's cell, as HTML: real pairs with what was read in them, and a head's arithmetic.

Plain HTML, because it is there at once, can be read aloud, copied and printed.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from dashboard.components.pictures import png_uri
from dashboard.probe.arithmetic import CLASSES, Comparison, WeightedSum
from dashboard.shared.templates import render

STYLE = Path(__file__).parent / "cell.css"


def pair_card(
    images: np.ndarray, truth: tuple[int, int], probability: float, digits: np.ndarray | None
) -> dict[str, Any]:
    """A real pair, what was read in each digit, and the verdict, as `pairs` draws them.

    Parameters
    ----------
    images : array (2, 14, 14), 0..1
    truth : (int, int)
        The true digits.
    probability : float
        P(first <= second) by the model.
    digits : array (2, 10), optional
        Probabilities of the digits.
    """
    first, second = truth
    sides = [
        {"source": png_uri(image), "digit": digit} | _reading(None if digits is None else digits[side])
        for side, (image, digit) in enumerate(zip(images, truth, strict=True))
    ]
    return {
        "sides": sides,
        "right": (probability > 0.5) == (first <= second),
        "says": f"{first} {'≤' if probability > 0.5 else '>'} {second}",
        "probability": f"{probability:.1%}",
    }


def pairs(cards: Sequence[dict[str, Any]]) -> str:
    """Cards of real pairs side by side."""
    return render("probe/pairs.html", cards=cards)


def _reading(probabilities: np.ndarray | None) -> dict[str, Any]:
    """Ten small bars, and what a screen reader says of them."""
    if probabilities is None:
        return {"bars": [], "spoken": ""}
    top = int(probabilities.argmax())
    bars = [
        {"top": digit == top, "percent": f"{p:.1%}", "height": f"{max(p, 0) * 78:.0f}"}
        for digit, p in enumerate(probabilities)
    ]
    return {"bars": bars, "spoken": ", ".join(f"{d}: {p:.0%}" for d, p in enumerate(probabilities) if p >= 0.005)}


def weighted_sum(layer: WeightedSum, outputs: tuple[int, ...], rows: int = 20) -> str:
    """A table of inputs, weights and products with their sum; the smallest products of a long one are put together.

    Parameters
    ----------
    layer : WeightedSum
    outputs : tuple of int
        Which outputs to show.
    rows : int
        How many products to write out.
    """
    products = layer.products[:, outputs]
    size = np.abs(products).max(1)
    largest = np.sort(np.argsort(-size, kind="stable")[: min(rows, np.count_nonzero(size))])
    head = ["input", "value"]
    for output in outputs:
        head += [f"weight to {layer.outputs[output]}", "value × weight"]
    body = []
    for row in largest:
        cells = [layer.names[row], f"{layer.inputs[row]:.4f}"]
        for output, product in zip(outputs, products[row], strict=True):
            cells += [f"{layer.weights[row, output]:.4f}", f"{product:+.4f}"]
        body.append(_row(cells))
    if rest := len(products) - len(largest):
        what = "smaller ones" if np.count_nonzero(size) > rows else "others, all 0"
        body.append(_sums(f"{rest} {what}", products.sum(0) - products[largest].sum(0)))
    body.append(_sums("bias", layer.bias[list(outputs)]))
    body.append(_sums("sum", layer.sums[list(outputs)], total=True))
    return render("probe/sums.html", head=head, rows=body)


def _sums(name: str, values: np.ndarray, total: bool = False) -> dict[str, Any]:
    cells = [name, ""]
    for value in values:
        cells += ["", f"{value:+.4f}"]
    return _row(cells, total)


def _row(cells: list[str], total: bool = False, tinted: Sequence[int] = ()) -> dict[str, Any]:
    return {"cells": cells, "total": total, "tinted": tinted}


def verdict(sums: np.ndarray) -> str:
    """In Markdown: which of the two outputs is larger, and the probability that a softmax makes of them."""
    greater, at_most = sums
    probability = 1 / (1 + np.exp(greater - at_most))
    winner = CLASSES[int(at_most > greater)]
    return (
        f"The larger sum wins: **{winner}**. Softmax of both: "
        f"$P(\\text{{first}}\\le\\text{{second}}) = 1/(1+e^{{{greater:.4f}-({at_most:.4f})}}) = {probability:.4f}$."
    )


def product_table(comparison: Comparison) -> str:
    """Every p_i q_j of the expected comparison; those with i <= j, which are summed, on a tint."""
    head = ["", *(f"q{j} = {q:.3f}" for j, q in enumerate(comparison.right))]
    rows = [
        _row([f"p{i} = {p:.3f}", *(f"{product:.3f}" for product in comparison.products[i])], tinted=range(i + 1, 11))
        for i, p in enumerate(comparison.left)
    ]
    return render("probe/sums.html", head=head, rows=rows)
