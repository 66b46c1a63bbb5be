"""How certain must the softmax be? A trained head behind softmaxes that are made more certain than they are.

Logits times a factor give the softmax at a temperature of 1 / factor; a large factor gives the argmax, as v4 has it.
"""

from __future__ import annotations

from collections.abc import Iterable

from torch import Tensor

from pairdigits.choices import LOGIT_FACTORS
from pairdigits.models import VARIANTS, SiameseNet
from pairdigits.probe import Probe, real_pairs
from pairdigits.towers import TowerOutput

Sides = tuple[TowerOutput, TowerOutput]  # what the towers say of left and right digits, see `probe.read_sides`


def sharpened(sides: Sides, factor: float) -> Sides:
    """What the towers say, their logits times a factor; encodings stay as they are."""
    left, right = (side._replace(logits=side.logits * factor) for side in sides)
    return left, right


def by_certainty(
    model: SiameseNet, sides: Sides, digits: Tensor, factors: Iterable[float] = LOGIT_FACTORS
) -> dict[float, Probe]:
    """The probe of real pairs (its accuracy is exact) at each factor, through the model's own head.

    Parameters
    ----------
    model : SiameseNet
        One that compares softmaxes (v5, v7): elsewhere a factor changes what the head was trained on.
    sides : (TowerOutput, TowerOutput)
        What its towers say of N images.
    digits : Tensor, shape (N,)
    factors : iterable of float
        Each above 0.

    Raises
    ------
    ValueError
        If the model compares no softmaxes.
    """
    if not model.variant.compares_softmaxes:
        raise ValueError(f"{model.variant.title} compares no softmaxes: there is no certainty to change.")
    return {factor: real_pairs(model, sharpened(sides, factor), digits) for factor in factors}


def by_argmax(sides: Sides, digits: Tensor) -> Probe:
    """The probe of real pairs if the most likely digits were compared, as v4 does with its own.

    Parameters
    ----------
    sides : (TowerOutput, TowerOutput)
        What the towers say of N images on the left and on the right.
    digits : Tensor, shape (N,), int64
        What the images are.
    """
    return real_pairs(SiameseNet(VARIANTS["v4"]), sides, digits)
