"""A model's layers with their real shapes, weights and activations: a walk through it with a pair of digits.

Nothing is written down about any model here. Hooks note what each layer with weights receives and gives while the pair
passes; what it hands on, after activation and pooling, is what the next one receives.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.hooks import RemovableHandle

from pairdigits.models import PairNet, SiameseNet
from pairdigits.towers import TowerOutput


@dataclass(frozen=True, eq=False)
class Part:
    """A layer with weights."""

    name: str  # "conv1" in a tower, "head" or "head.hidden" in a head
    side: int | None  # the tower: 0 for the left or only one, 1 for the right one; None for the head
    kind: str  # "Convolution 3×3" or "Linear"
    parameters: int
    weight: np.ndarray
    received: np.ndarray  # (digits read, ...); (2, d) for a head
    handed_on: np.ndarray  # (digits read, ...), after activation and pooling


@dataclass(frozen=True, eq=False)
class Anatomy:
    """What a walk found."""

    parts: list[Part]
    feature: str  # what the head is given: "encoding", "logits", "softmax of the logits"; "" without a head
    encodings: np.ndarray | None  # (2, 50)
    digits: np.ndarray | None  # (2, 10) probabilities
    probability: float  # P(first <= second)
    parameters: int

    @property
    def towers(self) -> int:
        """How many there are."""
        return 1 + max(part.side for part in self.parts if part.side is not None)

    @property
    def read(self) -> tuple[np.ndarray, np.ndarray]:
        """The encodings (2, 50) and the digits' probabilities (2, 10).

        Raises
        ------
        ValueError
            If the model reads no single digits (base).
        """
        if self.encodings is None or self.digits is None:
            raise ValueError("This model reads no single digits.")
        return self.encodings, self.digits

    def named(self, name: str) -> list[Part]:
        """The layers of a name: two where towers are separate."""
        return [part for part in self.parts if part.name == name]

    @property
    def names(self) -> list[str]:
        """Of the layers, in the order in which a digit passes them."""
        return list(dict.fromkeys(part.name for part in self.parts))

    @property
    def head_parameters(self) -> int:
        """Weights and biases that belong to no tower."""
        return sum(part.parameters for part in self.parts if part.side is None)


def walk(model: PairNet, images: Tensor) -> Anatomy:
    """Show a model one pair, (2, 14, 14) normalised, with dropout off."""
    layers = {
        name: module
        for name, module in model.named_modules()
        if not list(module.children()) and list(module.parameters(recurse=False))
    }
    received: dict[str, Tensor] = {}
    given: dict[str, Tensor] = {}
    handles: list[RemovableHandle] = []
    for name, module in layers.items():
        # Copies: the activation after a layer works in place.
        def note(_: nn.Module, inputs: tuple[Tensor, ...], output: Tensor, name: str = name) -> None:
            received[name] = torch.stack([part[0] for part in inputs]) if len(inputs) == 2 else inputs[0].clone()
            given[name] = output.clone()

        handles.append(module.register_forward_hook(note))
    try:
        with torch.inference_mode():
            prediction = model(images.unsqueeze(0))
            outputs = model.encode(images.unsqueeze(0)) if isinstance(model, SiameseNet) else None
    finally:
        for handle in handles:
            handle.remove()
    names = list(layers)
    return Anatomy(
        parts=[_part(name, layers[name], received, given, names[i + 1 :]) for i, name in enumerate(names)],
        feature=_feature(model, outputs),
        encodings=None if outputs is None else torch.cat([output.encoding for output in outputs]).numpy(),
        digits=None if outputs is None else prediction.digits[0].softmax(-1).numpy(),
        probability=prediction.comparison.softmax(-1)[0, 1].item(),
        parameters=sum(parameter.numel() for parameter in model.parameters()),
    )


def _part(name: str, layer: nn.Module, received: dict[str, Tensor], given: dict[str, Tensor], later: list[str]) -> Part:
    owner, _, rest = name.rpartition(".")
    side = int(owner[-1]) if owner.startswith("towers") else 0 if owner == "tower" else None
    following = next((other for other in later if other.rpartition(".")[0] == owner), None)
    handed_on = given[name] if following is None else received[following]
    if handed_on.dim() == 2 and given[name].dim() == 4:  # flattened on the way: back to maps
        channels = given[name].shape[1]
        width = math.isqrt(handed_on.shape[1] // channels)
        handed_on = handed_on.view(len(handed_on), channels, width, width)
    kernel = getattr(layer, "kernel_size", None)
    return Part(
        name=rest if side is not None else name,
        side=side,
        kind=f"Convolution {kernel[0]}×{kernel[1]}" if kernel else "Linear",
        parameters=sum(parameter.numel() for parameter in layer.parameters()),
        weight=layer.get_parameter("weight").detach().numpy(),
        received=received[name].numpy(),
        handed_on=handed_on.numpy(),
    )


def _feature(model: PairNet, outputs: tuple[TowerOutput, TowerOutput] | None) -> str:
    """Which of the things that a tower says the head is given, found by comparing them."""
    if not isinstance(model, SiameseNet) or outputs is None:
        return ""
    left = outputs[0]
    given = model.feature(left)
    candidates = {"encoding": left.encoding, "logits": left.logits, "softmax of the logits": left.logits.softmax(-1)}
    return next(name for name, value in candidates.items() if value.shape == given.shape and value.allclose(given))
