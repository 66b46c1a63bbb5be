"""A siamese model's training step as it is told: eight phases, and what was seen."""

from __future__ import annotations

from dashboard.shared.signed import short, signed
from dashboard.shared.taken_step import SIDES, Look
from pairdigits.evaluation import probability
from pairdigits.gradients import angle

LOSSES = ("class loss", "digits' losses")
COUNTS = {1: "One loss", 2: "Two losses", 3: "Three losses"}


def moved(look: Look) -> list[str]:
    """Where the optimiser takes the weight, or the two that it has become: a line each."""
    names = ["The weight"] if look.step.tied else ["Left tower's", "Right tower's"]
    return [
        f"{name}: {before:.7f} → {after:.7f} ({signed(after - before)})".replace("-", "−")
        for name, (before, after) in zip(names, look.ends, strict=True)
    ]


def table(look: Look) -> list[list[str]]:
    """The weight's gradients by side and by loss."""
    parts = look.parts
    rows = list(zip((*LOSSES, "both"), [*parts, parts.sum(0)], strict=True))
    if not look.step.tied:
        return [["", *(f"{side} tower" for side in SIDES)], *([name, *map(signed, values)] for name, values in rows)]
    return [["", *SIDES, "together"], *([name, *map(signed, values), signed(values.sum())] for name, values in rows)]


def mismatch(look: Look) -> float:
    """The largest of any sum of the table, over all weights."""
    return look.step.gradient.error


def before(look: Look) -> tuple[str, str]:
    """Title and text of what stands before the first phase."""
    asked = look.asked
    first, second = look.pairs.digits[0].tolist()
    whole = f"one pair, a {first} and a {second}"
    if asked.size > 1:
        whole = f"{asked.size} pairs, the first a {first} and a {second}"
    trained = f"after {asked.epoch} of {look.moment.config.epochs} epochs" if asked.epoch else "before its first epoch"
    return "Before the step", f"{look.variant.title} {trained}, and a batch of {whole}."


def answer(look: Look) -> str:
    """How right the comparison is."""
    chance = probability(look.step.prediction.comparison)
    right = int(((chance > 0.5).long() == look.pairs.labels).sum())
    if look.asked.size > 1:
        return f"{right} of {look.asked.size} pairs compared rightly"
    first, second = look.pairs.digits[0].tolist()
    sign = "≤" if first <= second else ">"
    verdict = "right" if right else "wrong"
    return f"P(first ≤ second) = {chance[0].item():.1%}: {verdict}, as {first} {sign} {second}"


def move(look: Look) -> str:
    """What the optimiser does."""
    rate = look.moment.config.learning_rate
    return "; ".join(moved(look)) + f". Adam, rate {rate:g}, follows an average of its gradients."


def phases(look: Look) -> list[tuple[str, str]]:
    """Title and text of what stands before the step, and of its phases."""
    step, asked, tied = look.step, look.asked, look.step.tied
    many = asked.size > 1
    left, other = (step.gradient.sources[side] for side in SIDES)
    sizes = [part.norm().item() for part in (left, other)]
    losses = look.losses
    digits = "digits" if many else "digit"
    named = {"class": "class", "left": f"left {digits}", "right": f"right {digits}"}
    told = ", ".join(f"{words} {losses[side]:.3f}" for side, words in named.items() if side in losses)
    why = "" if "class" in losses else " The comparison has no gradient, so it has no loss to learn from."
    parts = look.parts
    sides, by_loss = parts.sum(0), parts.sum(1)
    read = [(" " if many else ", ").join(look.reading(side)) for side in range(2)]
    lost = (
        f"{told.capitalize()}: their sum {sum(losses.values()):.3f} is to fall.{why}"
        if asked.auxiliary
        else f"Only the class loss, {losses['class']:.3f}: nobody names the digits."
    )
    return [
        before(look),
        ("Read left", f"The left digit passes the {'tower' if tied else 'left tower'}: {read[0]}."),
        ("Read right", f"The right digit passes {'the same tower' if tied else 'a tower of its own'}: {read[1]}."),
        ("Compare", f"The head is given both: {answer(look)}."),
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
            move(look),
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
