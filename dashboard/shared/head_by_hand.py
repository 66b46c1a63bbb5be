"""The last layer of v1 and of v5, set by hand: what the Probe page and the lesson show.

Importing this loads torch.
"""

from __future__ import annotations

from functools import cache

from dashboard.components.last_layer import NUMBERS, Panel, last_layer
from dashboard.shared import address, choose, state
from pairdigits.by_hand import Numbers, staircase, trained, with_numbers
from pairdigits.data import pool
from pairdigits.models import VARIANTS, SiameseNet, siamese
from pairdigits.probe import ideal_signals, read, real_pairs
from pairdigits.towers import TowerOutput

GIVEN = {"v1": "raw logits", "v5": "softmaxes"}  # the models whose last layer is a sum, and what it adds up
STRENGTH = 10.0  # of the ideal signals, as everywhere
LARGEST = 100.0  # a number that the address may give


def draw(key: str) -> str:
    """The instrument, whose numbers stand in the address and go from page to page; returns the towers' preset."""
    preset = choose.preset("Towers", "report", shown=False, **address.bound("towers", state.MODELS.values()))
    panels = _panels(preset)
    presets = {f"{panel.title}’s trained head": panel.trained for panel in panels} | {"Perfect staircase": _staircase()}
    last_layer(key, panels, presets, _numbers() or panels[0].trained, on_set=_keep)
    return preset


def network(preset: str, variant: str) -> SiameseNet:
    """A committed model whose last layer can be set."""
    return siamese(state.model(preset, variant).model)


@cache
def _panels(preset: str) -> list[Panel]:
    panels = []
    for variant, what in GIVEN.items():
        model = network(preset, variant)
        signals = model.feature(ideal_signals(model, STRENGTH)).tolist()
        title, readings = VARIANTS[variant].title, f"live/readings/{preset}/{variant}"
        panels.append(Panel(f"{preset}-{variant}", title, what, readings, signals, trained(model).flat()))
    return panels


@cache
def read_digits(preset: str, variant: str) -> TowerOutput:
    """What a committed model's tower says of every test digit; made once for all visitors, it takes a second."""
    normalisation = state.model(preset, variant).normalisation
    return read(network(preset, variant), normalisation(pool(state.mnist().test.images)))


def accuracy(preset: str, variant: str, numbers: Numbers | None = None) -> float:
    """Share of all ordered pairs of test digits, 0..1, that these numbers compare rightly, or the trained head."""
    model = network(preset, variant)
    read = read_digits(preset, variant)
    return real_pairs(
        with_numbers(model, numbers) if numbers else model, (read, read), state.mnist().test.labels
    ).accuracy


@cache
def shown(preset: str) -> str:
    """What the staircase and the trained heads make of real pairs, in a sentence."""
    ways = "; ".join(
        f"behind {variant}’s {what} it gets {accuracy(preset, variant, staircase()):.1%} of real pairs right, and the "
        f"trained head {accuracy(preset, variant):.1%}"
        for variant, what in GIVEN.items()
    )
    return (
        f"The perfect staircase has no ideal signal wrong; {ways}. **To be able to say:** a sum of twenty numbers can "
        "compare two digits, if what it adds up is clear, and a softmax makes it clear."
    )


def _staircase() -> list[float]:
    return staircase().flat()


def _numbers() -> list[float] | None:
    """As the address says, else as the visitor left them."""
    carried = state.carried()
    if asked := address.read("numbers", _parsed):
        carried.head_numbers = asked
    elif address.went_back():
        carried.head_numbers = None
    elif carried.head_numbers:
        address.put("numbers", _text(carried.head_numbers))
    return carried.head_numbers


def _keep(numbers: list[float]) -> None:
    state.carried().head_numbers = numbers
    address.put("numbers", _text(numbers))


def _text(numbers: list[float]) -> str:
    return "_".join(f"{number:.3f}".rstrip("0").rstrip(".") for number in numbers)


def _parsed(text: str) -> list[float]:
    """The numbers in an address; raises ``ValueError`` where they make no sense."""
    numbers = [float(part) for part in text.split("_")]
    if len(numbers) != NUMBERS or not all(abs(number) <= LARGEST for number in numbers):
        raise ValueError(f"A last layer has {NUMBERS} numbers between -{LARGEST:g} and {LARGEST:g}.")
    return numbers
