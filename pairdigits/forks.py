"""What a run takes over from the one it branches off from: the weights, and Adam's memory of each."""

from __future__ import annotations

import torch
from torch import nn

from pairdigits.models import PairNet
from pairdigits.optimiser import Adam


@torch.no_grad()
def inherit(model: PairNet, optimiser: Adam, past: PairNet, past_optimiser: Adam) -> None:
    """Give a model what another has learned.

    Towers are handed on: tied ones that part begin equal, and of parted ones that are tied the left one stays. A last
    layer is handed on to the same variant only, for another one is given other values; it keeps its first weights.

    Parameters
    ----------
    model, optimiser
        Changed in place.
    past, past_optimiser
        Of the same family: both siamese, or both base.
    """
    known = dict(past.named_parameters())
    for name, parameter in model.named_parameters():
        source = known.get(_origin(name, known)) if _handed_on(name, model, past) else None
        if source is None:
            continue
        parameter.copy_(source)
        if source in past_optimiser.state:
            optimiser.state[parameter] = {what: value.clone() for what, value in past_optimiser.state[source].items()}


def _handed_on(name: str, model: PairNet, past: PairNet) -> bool:
    return not name.startswith("head.") or model.variant.name == past.variant.name


def _origin(name: str, known: dict[str, nn.Parameter]) -> str:
    return name if name in known else name.replace("towers.1.", "towers.0.")
