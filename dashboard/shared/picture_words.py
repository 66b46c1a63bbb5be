"""The base model's training step as it is told: one picture, one loss, one gradient, and nothing that is added."""

from __future__ import annotations

from dataclasses import replace

from dashboard.shared.signed import short, signed
from dashboard.shared.step_words import answer, before, move, moved
from dashboard.shared.taken_step import SIDES, Look

__all__ = ["mismatch", "moved", "phases", "shows", "table"]

PLANE = 9  # weights of a filter of the first layer for each of the two digits


def table(look: Look) -> list[list[str]]:
    """What the optimiser is given of the weight: the gradient, and its decay."""
    sent = look.parts.item()
    rows = {"class loss": sent, "weight decay": look.decay, "both": sent + look.decay}
    return [["", "the pair"], *([name, signed(value)] for name, value in rows.items())]


def mismatch(look: Look) -> float:
    """Between such a sum and what the optimiser says that it was given: the largest of all weights."""
    return look.misheard


def phases(look: Look) -> list[tuple[str, str]]:
    """Title and text of what stands before the step, and of its phases."""
    sent = look.parts.item()
    loss = look.losses["class"]
    return [
        before(look),
        ("One picture", "The two digits become two channels of one picture, as red and green are of a photo."),
        ("Read the picture", "It passes the tower once, and no single digit is read."),
        ("Compare", f"The tower’s own two outputs are the answer: {answer(look)}."),
        ("One loss", f"Only the class loss, {loss:.3f}: with no digit read there is no digit to name."),
        (
            "One gradient travels back",
            f"From the loss to the first layer, through the one use of the tower (length "
            f"{look.step.gradient.sizes['pair']:.3f}).",
        ),
        ("It reaches the weight", f"{look.label}: {short(sent)}, for the pair as a whole."),
        ("No other gradient meets it", f"{_twin(look)} So {short(sent)} is all that this one hears of."),
        ("The optimiser moves it", move(look)),
    ]


def shows(look: Look) -> str:
    """What was just seen, with its figures."""
    ((start, end),) = look.ends
    return (
        f"In {look.label}, {short(look.parts.item())} came from the one loss, through the one use of the tower, and "
        f"the weight went from {start:.5f} to {end:.5f}. {_twin(look)} For all {len(look.step.before):,} weights, what "
        f"Adam took in is that gradient and the weight decay, to within {look.misheard:.0e}. **To be able to say:** "
        "the base model sees a pair as one picture; what its first layer learns of a digit on the left it does not "
        "know of one on the right, for no weight reads both."
    ).replace("-", "−")


def _twin(look: Look) -> str:
    """What became of the weight for the other digit at the same place; where there is none, why."""
    column = look.cell[1]
    if look.asked.layer != "conv1" or column >= 2 * PLANE:
        return "Here left and right are mixed already: a weight of this kind is one for the whole pair."
    other = Look.at(replace(look.asked, column=(column + PLANE) % (2 * PLANE)))
    ((start, end),) = other.ends
    sent, side = short(other.parts.item()), SIDES[other.cell[1] // PLANE]
    return (
        f"At the same place the filter has another number for the {side} digit: it got {sent} and went from "
        f"{start:.5f} to {end:.5f}."
    ).replace("-", "−")
