"""What stands behind a probe's cell, as HTML: real pairs with what was read in them, and a head's arithmetic.

Plain HTML, because it is there at once, can be read aloud, copied and printed.
"""

from __future__ import annotations

import html

import numpy as np

from dashboard.charts import style
from dashboard.charts.digits import digit_image
from dashboard.probe.arithmetic import CLASSES, Comparison, WeightedSum

STYLE = f"""<style>
.pairs {{ display: flex; flex-wrap: wrap; gap: .75rem; }}
.pair {{ border: 1px solid #8886; border-radius: .5rem; padding: .6rem .7rem; flex: 1 1 15rem; max-width: 22rem; }}
.pair.wrong {{ border: 2px solid {style.WRONG}; }}
.pair .digits {{ display: grid; grid-template-columns: 1fr 1fr; gap: .6rem; }}
.pair .verdict {{ margin: .4rem 0 0; font-size: .9rem; }}
.bars {{ display: flex; align-items: flex-end; gap: 1px; height: 3.2rem; margin-top: .3rem; }}
.bars span {{ flex: 1; display: flex; flex-direction: column; justify-content: flex-end; height: 100%;
  text-align: center; font-size: .68rem; line-height: 1; }}
.bars i {{ display: block; background: #8b929b; margin-bottom: 2px; min-height: 1px; }}
.bars .top i {{ background: {style.CHOSEN}; }}
.bars .top {{ font-weight: 700; }}
.sums {{ overflow-x: auto; }}
.sums table {{ border-collapse: collapse; font-size: .85rem; font-variant-numeric: tabular-nums; }}
.sums th, .sums td {{ border: 0; border-bottom: 1px solid #8884; padding: .14rem .6rem; text-align: right; }}
.sums th:first-child, .sums td:first-child {{ text-align: left; white-space: nowrap; }}
.sums tr.total td {{ border-top: 2px solid #888a; font-weight: 700; }}
.sums td.part {{ background: {style.CHOSEN}33; }}
</style>"""


def pair_card(images: np.ndarray, truth: tuple[int, int], probability: float, digits: np.ndarray | None) -> str:
    """A real pair, what was read in each digit, and the verdict.

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
    says = "≤" if probability > 0.5 else ">"
    right = (probability > 0.5) == (first <= second)
    sides = [
        f"<div>{digit_image(image, f'a handwritten {digit}', 84)}"
        f"{'' if digits is None else digit_bars(digits[side])}</div>"
        for side, (image, digit) in enumerate(zip(images, truth, strict=True))
    ]
    mark = "✓ right" if right else "✗ wrong"
    return (
        f'<div class="pair{"" if right else " wrong"}"><div class="digits">{"".join(sides)}</div>'
        f'<p class="verdict"><b>{mark}</b>: says {first} {says} {second}, '
        f"P(first ≤ second) = {probability:.1%}</p></div>"
    )


def digit_bars(probabilities: np.ndarray) -> str:
    """Ten small bars with their digits below; each probability on hover and for screen readers."""
    top = int(probabilities.argmax())
    bars = [
        f'<span class="{"top" if digit == top else ""}" title="digit {digit}: {p:.1%}">'
        f'<i style="height:{max(p, 0) * 78:.0f}%"></i>{digit}</span>'
        for digit, p in enumerate(probabilities)
    ]
    spoken = ", ".join(f"{digit}: {p:.0%}" for digit, p in enumerate(probabilities) if p >= 0.005)
    return f'<div class="bars" role="img" aria-label="Read as {spoken}">{"".join(bars)}</div>'


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
    names = [html.escape(layer.outputs[output]) for output in outputs]
    head = [
        "<th>input</th><th>value</th>",
        *(f"<th>weight to<br>{name}</th><th>value ×<br>weight</th>" for name in names),
    ]
    body = [
        f"<td>{layer.names[row]}</td><td>{layer.inputs[row]:.4f}</td>"
        + "".join(
            f"<td>{layer.weights[row, output]:.4f}</td><td>{product:+.4f}</td>"
            for output, product in zip(outputs, products[row], strict=True)
        )
        for row in largest
    ]
    if rest := len(products) - len(largest):
        what = "smaller ones" if np.count_nonzero(size) > rows else "others, all 0"
        sums = products.sum(0) - products[largest].sum(0)
        body.append(f"<td>{rest} {what}</td><td></td>" + "".join(f"<td></td><td>{x:+.4f}</td>" for x in sums))
    biases = "".join(f"<td></td><td>{layer.bias[output]:+.4f}</td>" for output in outputs)
    body.append(f"<td>bias</td><td></td>{biases}")
    sums = "".join(f"<td></td><td>{layer.sums[output]:+.4f}</td>" for output in outputs)
    lines = "".join(f"<tr>{line}</tr>" for line in body)
    return (
        f'<div class="sums"><table><thead><tr>{"".join(head)}</tr></thead>'
        f'<tbody>{lines}<tr class="total"><td>sum</td><td></td>{sums}</tr></tbody></table></div>'
    )


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
    head = "".join(f"<th>q{j} = {q:.3f}</th>" for j, q in enumerate(comparison.right))
    lines = "".join(
        f"<tr><th>p{i} = {p:.3f}</th>"
        + "".join(f"<td{' class=part' if i <= j else ''}>{comparison.products[i, j]:.3f}</td>" for j in range(10))
        + "</tr>"
        for i, p in enumerate(comparison.left)
    )
    return f'<div class="sums"><table><thead><tr><th></th>{head}</tr></thead><tbody>{lines}</tbody></table></div>'
