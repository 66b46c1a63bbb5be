"""What is looked at besides scores: a model's probes, as it trains and when it is done, and a visitor's own pair."""

from __future__ import annotations

import math
from collections.abc import Mapping

import torch

from pairdigits import probe
from pairdigits.data import MNIST, Normalisation, Pairs, pool
from pairdigits.evaluation import predict, probability
from pairdigits.models import PairNet, Prediction, SiameseNet
from pairdigits.packed_pairs import unpack_pair
from pairdigits.records import OwnPair


def live_probe(
    model: PairNet, watched: Mapping[str, Pairs], predictions: Mapping[str, Prediction]
) -> list[list[float | None]]:
    """The variant's first kind of probe, from what is at hand after an epoch.

    Parameters
    ----------
    model : PairNet
    watched, predictions : mapping
        Pairs by the name of their split, "train" among them, and what the model says of them.

    Returns
    -------
    10 rows of 10 numbers
        P(first <= second); None where there is no such pair.
    """
    kind = model.variant.probe_kinds[0]
    if isinstance(model, SiameseNet) and kind == "ideal":
        found = probe.ideal_signal(model)
    elif isinstance(model, SiameseNet) and kind == "typical":
        train = watched["train"]
        found = probe.typical_digit(model, probe.read_sides(model, train.images.flatten(0, 1)), train.digits.flatten())
    else:
        split = list(predictions)[-1]
        found = probe.shares(predictions[split].comparison.argmax(-1).bool(), watched[split].digits)
    return [[None if math.isnan(cell) else cell for cell in row] for row in found.probability.tolist()]


def probe_test_digits(
    model: PairNet, mnist: MNIST, normalisation: Normalisation, strength: float = 10.0, real: bool = True
) -> dict[str, probe.Probe]:
    """Every kind of probe that the variant has, over MNIST's 10,000 test digits; "real" takes up to a second or two."""
    device = next(model.parameters()).device
    images, digits = normalisation(pool(mnist.test.images)).to(device), mnist.test.labels.to(device)
    if not isinstance(model, SiameseNet):
        return {"real": probe.drawn_pairs(model, images, digits)} if real else {}
    sides = probe.read_sides(model, images)
    take = {
        "ideal": lambda: probe.ideal_signal(model, strength),
        "typical": lambda: probe.typical_digit(model, sides, digits),
        "real": lambda: probe.real_pairs(model, sides, digits),
    }
    return {kind: take[kind]() for kind in model.variant.probe_kinds if kind != "real" or real}


def own_pair(model: PairNet, packed: str, normalisation: Normalisation) -> OwnPair:
    """What a model says of a pair that `packed_pairs.pack_pair` wrote.

    Raises
    ------
    SketchError
        If the text is no packed pair.
    """
    pooled = torch.stack([torch.from_numpy(image).float() / 255 for image in unpack_pair(packed)])
    prediction = predict(model, normalisation(pooled).unsqueeze(0).to(next(model.parameters()).device))
    digits = None if prediction.digits is None else prediction.digits[0].softmax(-1).tolist()
    return {"probability": probability(prediction.comparison)[0].item(), "digits": digits}
