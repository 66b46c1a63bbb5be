"""A training step as it is drawn and told: eight phases, with the figures of the batch and of one weight."""

from __future__ import annotations

from dashboard.charts.digits import png_uri
from dashboard.components.slow_motion import Chosen, Scene
from dashboard.shared.taken_step import SIDES, Look
from pairdigits.evaluation import probability
from pairdigits.gradients import angle
from pairdigits.models import VARIANTS

LAYERS = ("conv1", "conv2", "encoder", "classifier")
LOSSES = ("class loss", "digits' losses")
COUNTS = {1: "One loss", 2: "Two losses", 3: "Three losses"}


def scene(look: Look) -> Scene:
    """The drawing, its words and its numbers."""
    step, asked = look.step, look.asked
    names, losses = {"left": "digit", "class": "class", "right": "digit"}, _losses(look)
    parts, ends = look.parts, look.ends
    left, right = (png_uri(image.numpy()) for image in look.picture)
    sums = [parts.sum()] if step.tied else list(parts.sum(0))
    return Scene(
        towers=1 if step.tied else 2,
        layers=LAYERS,
        feeds="classifier" if "ideal" in VARIANTS[asked.variant].probe_kinds else "encoder",
        images=(left, right),
        batch=asked.size > 1,
        readings=[_reading(look, side) for side in range(2)],
        verdict=f"P(≤) = {probability(step.prediction.comparison)[0].item():.1%}",
        losses=[f"{name} {losses[side]:.3f}" if side in losses else None for side, name in names.items()],
        phases=[{"title": title, "text": text} for title, text in _phases(look)],
        chosen=Chosen(
            layer=asked.layer,
            row=look.cell[0],
            column=look.cell[1],
            label=look.label,
            about=_about(look),
            mismatch=f"Largest mismatch of any sum, over all {len(step.before):,} weights: {step.gradient.error:.1e}.",
            numbers={
                "sides": [short(value) for value in parts.sum(0)],
                "sums": [short(value) for value in sums],
                "after": [f"→ {after:.5f}".replace("-", "−") for _, after in ends],
                "directions": [(after > before) - (after < before) for before, after in ends],
            },
            moved=_moved(look),
        ),
        gradient=look.gradient(),
        table=_table(look),
    )


def signed(value: float, digits: int = 7) -> str:
    """With its sign, and a minus as wide as a plus."""
    return f"{value:+.{digits}f}".replace("-", "−")


def short(value: float) -> str:
    """The same in few digits, also where it is tiny."""
    return signed(value, 5) if abs(value) >= 5e-4 or not value else f"{value:+.1e}".replace("-", "−")


def _losses(look: Look) -> dict[str, float]:
    """Those that the step makes smaller."""
    return {side: loss for side, loss in look.step.losses.items() if side == "class" or look.asked.auxiliary}


def _reading(look: Look, side: int) -> list[str]:
    chances = look.step.read[:, side].softmax(-1)
    if look.asked.size == 1:
        return [f"read as {chances[0].argmax()}", f"{chances[0].max().item():.0%} sure"]
    right = int((chances.argmax(-1) == look.pairs.digits[:, side]).sum())
    return [f"{right} of {look.asked.size}", "read rightly"]


def _about(look: Look) -> str:
    rows, columns = look.shape
    lengths = look.lengths()
    return (
        f"{look.asked.layer}: {rows * columns:,} weights and biases, a row for each of its {rows} outputs, the biases "
        f"last. Colour: the gradient (blue below zero, orange above, all the layer on one scale). Its length: left "
        f"{lengths['left']:.4f}, right {lengths['right']:.4f}, together {lengths['together']:.4f}."
    )


def _table(look: Look) -> list[list[str]]:
    parts = look.parts
    rows = list(zip((*LOSSES, "both"), [*parts, parts.sum(0)], strict=True))
    if not look.step.tied:
        return [["", *(f"{side} tower" for side in SIDES)], *([name, *map(signed, values)] for name, values in rows)]
    return [["", *SIDES, "together"], *([name, *map(signed, values), signed(values.sum())] for name, values in rows)]


def _moved(look: Look) -> list[str]:
    names = ["The weight"] if look.step.tied else ["Left tower's", "Right tower's"]
    return [
        f"{name}: {before:.7f} → {after:.7f} ({signed(after - before)})".replace("-", "−")
        for name, (before, after) in zip(names, look.ends, strict=True)
    ]


def _phases(look: Look) -> list[tuple[str, str]]:
    """Title and text of what stands before the step, and of its phases."""
    step, asked, tied = look.step, look.asked, look.step.tied
    variant, config = VARIANTS[asked.variant].title, look.moment.config
    first, second = look.pairs.digits[0].tolist()
    chance = probability(step.prediction.comparison)
    right = int(((chance > 0.5).long() == look.pairs.labels).sum())
    many = asked.size > 1
    whole = f"{asked.size} pairs, the first a {first} and a {second}" if many else f"one pair, a {first} and a {second}"
    trained = f"after {asked.epoch} of {config.epochs} epochs" if asked.epoch else "before its first epoch"
    left, other = (step.gradient.sources[side] for side in SIDES)
    sizes = [part.norm().item() for part in (left, other)]
    losses = _losses(look)
    digits = "digits" if many else "digit"
    named = {"class": "class", "left": f"left {digits}", "right": f"right {digits}"}
    told = ", ".join(f"{words} {losses[side]:.3f}" for side, words in named.items() if side in losses)
    why = "" if "class" in losses else " The comparison has no gradient, so it has no loss to learn from."
    parts = look.parts
    sides, by_loss = parts.sum(0), parts.sum(1)
    read = [(" " if many else ", ").join(_reading(look, side)) for side in range(2)]
    answer = f"{right} of {asked.size} pairs compared rightly" if many else (
        f"P(first ≤ second) = {chance[0].item():.1%}: {'right' if right else 'wrong'}, as {first} "
        f"{'≤' if first <= second else '>'} {second}"
    )  # fmt: skip
    lost = (
        f"{told.capitalize()}: their sum {sum(losses.values()):.3f} is to fall.{why}"
        if asked.auxiliary
        else f"Only the class loss, {losses['class']:.3f}: nobody names the digits."
    )
    return [
        ("Before the step", f"{variant} {trained}, and a batch of {whole}."),
        ("Read left", f"The left digit passes the {'tower' if tied else 'left tower'}: {read[0]}."),
        ("Read right", f"The right digit passes {'the same tower' if tied else 'a tower of its own'}: {read[1]}."),
        ("Compare", f"The head is given both: {answer}."),
        (COUNTS[len(losses)], lost),
        (
            "Two gradients travel back",
            f"From the losses to the first layer, through the left use of the {'tower' if tied else 'weights'} (length "
            f"{sizes[0]:.3f}) and through the right one ({sizes[1]:.3f}).",
        ),
        (
            ("They meet in the same weight" if tied else "They reach two weights"),
            f"{look.label}: {short(sides[0])} from the left, {short(sides[1])} from the right"
            + (", for one and the same number." if tied else ", each for a number of its own."),
        ),
        (
            ("They are added" if tied else "There is nothing to add"),
            f"Together {short(sides.sum())}; by loss class {short(by_loss[0])}, digits {short(by_loss[1])}."
            if tied
            else "Each weight keeps its own gradient. What the left tower learns, the right one does not hear of.",
        ),
        (
            ("The optimiser moves it" if tied else "The optimiser moves both"),
            "; ".join(_moved(look)) + f". Adam, rate {config.learning_rate:g}, follows an average of its gradients.",
        ),
    ]


def shows(look: Look) -> str:
    """What was just seen, with its figures."""
    step, other = look.step, look.other
    tied, apart = (look, other) if step.tied else (other, look)
    sides = look.parts.sum(0)
    (_, shared), ((_, one), (_, two)) = tied.ends[0], apart.ends
    met = (
        f"In {look.label}, {short(sides[0])} came from the left and {short(sides[1])} from the right. Tied, "
        f"they are added, and the one weight goes to {shared:.5f}; untied, from the same place, the left one goes to "
        f"{one:.5f} and the right one to {two:.5f}, {abs(one - two):.5f} apart after a single step."
    )
    between = angle(tied.step.gradient.sources["left"], tied.step.gradient.sources["right"])
    turned = "" if between is None else f", and the two gradients stand at {between:.0f}°"
    return (
        f"{met} For all {len(tied.step.before):,} weights of the tower left + right = class + digits to within "
        f"{max(step.gradient.error, other.step.gradient.error):.0e}. Left and right pull {tied.opposed:.0%} of them in "
        f"opposite directions{turned}. **To be able to say:** a shared weight is one number that is used twice, so it "
        "gets both gradients, added, and moves once."
    )
