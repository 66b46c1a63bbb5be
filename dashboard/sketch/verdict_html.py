"""The answers as HTML for `dashboard.components.live_html`: strings out; page.css has their looks."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from dashboard.components.pictures import png_uri
from dashboard.shared.templates import render
from pairdigits.verdicts import UNSURE, Answer, Finding, Reference, contradiction, finding, percent, sentence

if TYPE_CHECKING:
    from pairdigits.models import Variant

BLANK = png_uri(np.zeros((14, 14), np.uint8))

# What the headline and a card add to a verdict: where labels say which digits these are, and where nobody does.
_FLAGS = {
    Finding.LAST_LAYER: ("Wrong, and it is the last layer", "Not what it reads: it is the last layer"),
    Finding.OTHER_READINGS: ("Wrong: less likely digits outweigh", "Less likely digits outweigh what it reads"),
    Finding.MISREAD: ("Wrong: it misread", "Most models read other digits"),
    Finding.OPPOSITE: ("Wrong", "Most models read the opposite"),
}
_NOTES = {
    Finding.LAST_LAYER: ("digits right, verdict wrong: its last layer", "not what it reads: its last layer"),
    Finding.OTHER_READINGS: ("digits right, verdict wrong: less likely ones outweigh", "less likely digits outweigh"),
    Finding.MISREAD: ("misread", "most models read other digits"),
    Finding.LUCKY: ("misread, right all the same", "most models read other digits"),
    Finding.OPPOSITE: ("wrong", "the opposite of what most models read"),
}


def waiting(title: str, text: str) -> str:
    """The place of the verdict while there is none: the models load, or a canvas is empty."""
    return render(
        "sketch/headline.html", state="idle", first="?", sign="≤", second="?", sentence=title, flag="", text=text,
        note="", votes=[],
    )  # fmt: skip


def headline(answers: Sequence[Answer], chosen: Answer, held: Reference | None, remarks: Sequence[str] = ()) -> str:
    """The chosen model's verdict in large letters, how sure it is, and what each of the others says.

    Of several remarks and doubts the first is shown: the place is as large as one.
    """
    digits = chosen.read or (held.digits if held else None)
    doubts = list(remarks)
    if chosen.read and chosen.certainty:
        sides = zip(("left", "right"), chosen.read, chosen.certainty, strict=True)
        doubts += [
            f"It is not sure of the {side} digit: {digit} at {percent(p)}." for side, digit, p in sides if p < UNSURE
        ]
    found = finding(chosen, held)
    known = held is not None and held.known
    if found in _FLAGS:
        state, flag = "wrong" if known else "doubtful", _FLAGS[found][0 if known else 1]
    elif doubts or chosen.confidence < UNSURE:
        state, flag = "doubtful", "With a pinch of salt"
    else:
        state, flag = "sure", ""
    alike = sum(answer.says == chosen.says for answer in answers)
    unsure = ", so not very" if chosen.confidence < UNSURE else ""
    truth = f" In truth: {held.digits[0]} and {held.digits[1]}." if held and held.known else ""
    first, second = digits or ("1st", "2nd")
    return render(
        "sketch/headline.html",
        state=state, first=first, sign=_sign(chosen), second=second, sentence=sentence(chosen, digits), flag=flag,
        text=f"{chosen.variant.title} is {_sure(chosen)}{unsure}. {alike} of {len(answers)} models say so.{truth}",
        note=doubts[0] if doubts else "",
        votes=[_vote(answer, answer is chosen) for answer in answers],
    )  # fmt: skip


def _sign(answer: Answer) -> str:
    return "≤" if answer.says else ">"


def _side(answer: Answer) -> str:
    return "le" if answer.says else "gt"


def _sure(answer: Answer) -> str:
    by_digits = "" if answer.variant.learns_comparison else " by its digits"
    return f"{percent(answer.confidence)} sure{by_digits}"


def _vote(answer: Answer, chosen: bool) -> dict[str, Any]:
    return {
        "name": answer.variant.name,
        "title": answer.variant.title,
        "says": "less than or equal" if answer.says else "greater",
        "sign": _sign(answer),
        "side": _side(answer),
        "chosen": chosen,
    }


def seen(image: np.ndarray | None, side: str, probabilities: np.ndarray | None, title: str) -> str:
    """What the network sees of a canvas, and the ten probabilities that the chosen model gives it.

    Parameters
    ----------
    image : uint8 array (14, 14) or None
        None where there is nothing to see.
    side : str
        "First digit" or "Second digit".
    probabilities : array (10,) or None
        None where the model reads no digits, or where there is nothing to read.
    title : str
        Of the model.
    """
    bars, text = [], ""
    if probabilities is not None:
        best = int(probabilities.argmax())
        text = f"{title} reads {best}, {percent(float(probabilities[best]))}"
        bars = [
            {"digit": digit, "percent": f"{p:.1%}", "height": f"{100 * p:.1f}", "best": digit == best}
            for digit, p in enumerate(probabilities.tolist())
        ]
    elif image is not None and title:
        text = f"{title} reads no digits."
    source = BLANK if image is None else _source(image.tobytes())
    return render("sketch/seen.html", source=source, side=side, bars=bars, text=text)


@lru_cache(maxsize=200)  # of two canvases one stays as it is
def _source(content: bytes) -> str:
    return png_uri(np.frombuffer(content, np.uint8).reshape(14, 14))


def cards(answers: Sequence[Answer], chosen: Answer, held: Reference | None, missing: Sequence[str] = ()) -> str:
    """A card for each model, to choose from; below, which contradict themselves when the digits are exchanged."""
    absent = f" Not trained yet: {', '.join(missing)}." if missing else ""
    guilty = [(answer, words) for answer in answers if (words := contradiction(answer, held))]
    return render(
        "sketch/cards.html",
        title="Eight networks: which should you believe?",
        text="Base sees both digits as one picture. The others read each digit by itself and differ in what follows: "
        "v1, v2 and v3 learn to compare what they read, v5 and v6 do so with one step more, v4 compares the two "
        "likeliest digits, and v7 adds up the chances of all pairs that are ≤. Where they disagree, trust v4 and v7: "
        "with nothing to learn about comparing they err least on test pairs (Results). Choose one to see why it says "
        "so. How sure: the probability that a network gives its own verdict; for v4 the probabilities of its two "
        f"digits stand in.{absent}",
        cards=[_card(answer, answer is chosen, held) for answer in answers],
        exchanged=[{"title": answer.variant.title, "words": words} for answer, words in guilty],
    )


def _card(answer: Answer, chosen: bool, held: Reference | None) -> dict[str, Any]:
    found = finding(answer, held)
    known = held is not None and held.known
    first, second = answer.read or (held.digits if held else ("1st", "2nd"))
    read = "reads no digits"
    if answer.read and answer.certainty:
        read = "reads " + " and ".join(
            f"{digit} ({percent(p)})" for digit, p in zip(answer.read, answer.certainty, strict=True)
        )
    warnings = [_NOTES[found][0 if known else 1] if found in _NOTES else None, contradiction(answer, held)]
    return _idle_card(answer.variant) | {
        "side": _side(answer),
        "sign": _sign(answer),
        "first": first,
        "second": second,
        "chosen": chosen,
        "wrong": known and found in _FLAGS,
        "meter": f"{100 * answer.confidence:.1f}",
        "lines": [_sure(answer), read],
        "warnings": [line for line in warnings if line],
    }


def idle_cards(variants: Sequence[Variant]) -> str:
    """The cards while there is nothing to answer: what each model does."""
    return render(
        "sketch/cards.html",
        title="Eight networks will answer",
        text="This is what each does.",
        cards=[_idle_card(variant) for variant in variants],
        exchanged=None,
    )


def _idle_card(variant: Variant) -> dict[str, Any]:
    return {
        "name": variant.name,
        "title": variant.title,
        "description": variant.description,
        "side": "",
        "sign": "",
        "chosen": False,
        "wrong": False,
        "lines": [variant.description],
        "warnings": [],
    }
