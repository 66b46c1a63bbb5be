"""A training step as it is drawn: the scene of the player, with the figures of the batch and of one weight."""

from __future__ import annotations

from types import ModuleType

from dashboard.components.pictures import png_uri
from dashboard.components.slow_motion import Chosen, Scene
from dashboard.shared import picture_words, step_words
from dashboard.shared.signed import short
from dashboard.shared.taken_step import Look
from pairdigits.evaluation import probability

LAYERS = ("conv1", "conv2", "encoder", "classifier")


def scene(look: Look) -> Scene:
    """The drawing, its words and its numbers."""
    step, asked, siamese = look.step, look.asked, look.variant.siamese
    names, losses = {"left": "digit", "class": "class", "right": "digit"}, look.losses
    parts, ends = look.parts, look.ends
    left, right = (png_uri(image.numpy()) for image in look.picture)
    sums = [parts.sum()] if step.tied else list(parts.sum(0))
    told = _words(look)
    return Scene(
        towers=1 if step.tied else 2,
        together=not siamese,
        layers=LAYERS,
        feeds="encoder" if siamese and "ideal" not in look.variant.probe_kinds else "classifier",
        images=(left, right),
        batch=asked.size > 1,
        readings=[look.reading(side) if siamese else [] for side in range(2)],
        verdict=f"P(≤) = {probability(step.prediction.comparison)[0].item():.1%}",
        losses=[f"{name} {losses[side]:.3f}" if side in losses else None for side, name in names.items()],
        phases=[{"title": title, "text": text} for title, text in told.phases(look)],
        chosen=Chosen(
            layer=asked.layer,
            row=look.cell[0],
            column=look.cell[1],
            label=look.label,
            about=_about(look),
            mismatch=f"Largest mismatch of any sum, over all {len(step.before):,} weights: {told.mismatch(look):.1e}.",
            numbers={
                "sides": [short(value) for value in parts.sum(0)],
                "sums": [short(value) for value in sums],
                "after": [f"→ {after:.5f}".replace("-", "−") for _, after in ends],
                "directions": [(after > before) - (after < before) for before, after in ends],
            },
            moved=told.moved(look),
        ),
        gradient=look.gradient(),
        table=told.table(look),
    )


def shows(look: Look) -> str:
    """What was just seen, with its figures."""
    return _words(look).shows(look)


def _words(look: Look) -> ModuleType:
    return step_words if look.variant.siamese else picture_words


def _about(look: Look) -> str:
    rows, columns = look.shape
    lengths = ", ".join(f"{name} {length:.4f}" for name, length in look.lengths().items())
    return (
        f"{look.asked.layer}: {rows * columns:,} weights and biases, a row for each of its {rows} outputs, the biases "
        f"last. Colour: the gradient (blue below zero, orange above, all the layer on one scale). Its length: "
        f"{lengths}."
    )
