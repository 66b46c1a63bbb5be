"""The Sketch page's answers as HTML for `dashboard.components.live_html`: strings in, strings out."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

import numpy as np

from dashboard.charts.digits import png_uri
from pairdigits.verdicts import (
    UNSURE,
    Answer,
    Cause,
    Truth,
    cause,
    contradiction,
    percent,
    sentence,
)

if TYPE_CHECKING:
    from pairdigits.models import Variant

# What the headline adds to a wrong verdict: where the digits are known, and where the models' reading stands for them.
_COMPLAINTS = {
    Cause.LAST_LAYER: ("Wrong, and it is the last layer", "Not what it reads: it is the last layer"),
    Cause.MISREAD: ("Wrong: it misread", "Most likely wrong: it misread"),
    Cause.WRONG: ("Wrong", "Most likely wrong"),
}


def _relation(answer: Answer) -> str:
    return "≤" if answer.says else "&gt;"


def waiting(title: str, text: str) -> str:
    """The place of the verdict while there is none: the models load, or a canvas is empty."""
    return (
        '<section class="headline idle"><div class="formula"><span class="digit">?</span><span class="sign">≤</span>'
        f'<span class="digit">?</span></div><div class="words" role="status"><p class="sentence">{escape(title)}</p>'
        f"<p>{escape(text)}</p></div></section>"
    )


def headline(answers: Sequence[Answer], chosen: Answer, truth: Truth | None, remarks: Sequence[str] = ()) -> str:
    """The chosen model's verdict in large letters, how sure it is, and what each of the others says."""
    digits = chosen.read or (truth.digits if truth else None)
    found = cause(chosen, truth)
    doubts = list(remarks)
    if chosen.certainty:
        sides = zip(("left", "right"), chosen.read, chosen.certainty, strict=True)
        doubts += [
            f"It is not sure of the {side} digit: {digit} at {percent(p)}." for side, digit, p in sides if p < UNSURE
        ]
    if found in _COMPLAINTS:
        state, flag = "wrong", _COMPLAINTS[found][0 if truth and truth.known else 1]
    elif doubts or chosen.confidence < UNSURE:
        state, flag = "doubtful", "With a pinch of salt"
    else:
        state, flag = "sure", ""
    known = (
        f' <span class="truth">In truth: {truth.digits[0]} and {truth.digits[1]}.</span>'
        if truth and truth.known
        else ""
    )
    alike = sum(answer.says == chosen.says for answer in answers)
    first, second = digits or ("1st", "2nd")
    notes = "".join(f'<p class="note">{escape(doubt)}</p>' for doubt in doubts)
    return (
        f'<section class="headline {state}"><div class="formula" aria-hidden="true"><span class="digit">{first}</span>'
        f'<span class="sign">{_relation(chosen)}</span><span class="digit">{second}</span></div>'
        f'<div class="words"><p class="sentence" role="status">{sentence(chosen, digits)}'
        f"{f' <em>{flag}</em>' if flag else ''}</p>"
        f"<p>{escape(chosen.variant.title)} is {_sure(chosen)}{', so not very' if chosen.confidence < UNSURE else ''}. "
        f"{alike} of {len(answers)} models say so.{known}</p>{notes}</div>"
        f'<div class="votes" role="group" aria-label="Every model\'s verdict; choose one">'
        f"{''.join(_vote(answer, answer is chosen) for answer in answers)}</div></section>"
    )


def _sure(answer: Answer) -> str:
    by_digits = "" if answer.variant.learns_comparison else " by its digits"
    return f"{percent(answer.confidence)} sure{by_digits}"


def _vote(answer: Answer, chosen: bool) -> str:
    says = "less than or equal" if answer.says else "greater"
    return (
        f'<button type="button" class="vote {_side(answer)}" data-choose="{answer.variant.name}" '
        f'aria-pressed="{str(chosen).lower()}" aria-label="{escape(answer.variant.title)}: {says}" '
        f'title="{escape(answer.variant.title)}: {says}">'
        f"<b>{_relation(answer)}</b><i>{answer.variant.name}</i></button>"
    )


def _side(answer: Answer) -> str:
    return "le" if answer.says else "gt"


def seen(image: np.ndarray | None, side: str, probabilities: np.ndarray | None, title: str, remark: str | None) -> str:
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
    remark : str or None
        What there is to say about the drawing.
    """
    source = png_uri(np.zeros((14, 14), np.uint8) if image is None else image)
    picture = (
        f'<figure><img src="{source}" width="112" height="112" '
        f'alt="{escape(side)} as the network sees it: 14 by 14 pixels">'
        "<figcaption>What the network sees: 14×14</figcaption></figure>"
    )
    note = f'<p class="note" role="status">{escape(remark)}</p>' if remark else ""
    if probabilities is None:
        text = "" if image is None else f'<p class="quiet">{escape(title)} reads no digits.</p>'
        return f'<div class="seen">{picture}<div>{text}{note}</div></div>'
    best = int(probabilities.argmax())
    bars = "".join(_bar(digit, float(p), digit == best) for digit, p in enumerate(probabilities))
    label = f"{side}: {title} reads {best} with {percent(float(probabilities[best]))}"
    return (
        f'<div class="seen">{picture}<div><div class="bars" role="img" aria-label="{escape(label)}">{bars}</div>'
        f'<p class="quiet">{escape(title)} reads <b>{best}</b>, {percent(float(probabilities[best]))}</p>'
        f"{note}</div></div>"
    )


def _bar(digit: int, probability: float, best: bool) -> str:
    return (
        f'<span class="bar{" best" if best else ""}" title="{digit}: {probability:.1%}">'
        f'<i style="height:{100 * probability:.1f}%"></i><b>{digit}</b></span>'
    )


def cards(answers: Sequence[Answer], chosen: Answer, truth: Truth | None, missing: Sequence[str] = ()) -> str:
    """A card a model, to choose from: verdict, confidence, the digits it read, and what is wrong with it."""
    absent = f" Not trained yet: {', '.join(missing)}." if missing else ""
    return (
        '<h3>Every model answers</h3><p class="quiet">Choose one to see why. How sure: the probability that it gives '
        "its own verdict; v4 only compares the two likeliest digits, so the probabilities of its digits stand in."
        f'{absent}</p><div class="cards">{"".join(_card(answer, answer is chosen, truth) for answer in answers)}</div>'
    )


def _card(answer: Answer, chosen: bool, truth: Truth | None) -> str:
    found = cause(answer, truth)
    wrong = found in _COMPLAINTS
    first, second = answer.read or (truth.digits if truth else ("1st", "2nd"))
    if answer.read:
        read = " and ".join(
            f"<b>{digit}</b> ({percent(p)})" for digit, p in zip(answer.read, answer.certainty, strict=True)
        )
        read = f"reads {read}"
    else:
        read = "reads no digits"
    notes = {
        Cause.LAST_LAYER: "digits right, verdict wrong: its last layer"
        if truth
        else "not what it reads: its last layer",
        Cause.MISREAD: "misread",
        Cause.LUCKY: "misread, right all the same",
        Cause.WRONG: "wrong",
    }
    lines = [notes.get(found), contradiction(answer, truth)]
    return (
        f'<button type="button" class="card {_side(answer)}" aria-pressed="{str(chosen).lower()}" '
        f'data-choose="{answer.variant.name}" title="{escape(answer.variant.description)}">'
        f'<span class="name">{escape(answer.variant.title)}{"<em>✗</em>" if wrong else ""}</span>'
        f'<span class="small">{first} <b>{_relation(answer)}</b> {second}</span>'
        f'<span class="meter"><i style="width:{100 * answer.confidence:.1f}%"></i></span>'
        f'<span class="line">{_sure(answer)}</span><span class="line">{read}</span>'
        + "".join(f'<span class="line warn">{escape(line)}</span>' for line in lines if line)
        + "</button>"
    )


def idle_cards(variants: Sequence[Variant]) -> str:
    """The cards while there is nothing to answer: what each model does."""
    cards = "".join(
        f'<button type="button" class="card" data-choose="{variant.name}">'
        f'<span class="name">{escape(variant.title)}</span>'
        f'<span class="line">{escape(variant.description)}</span></button>'
        for variant in variants
    )
    return (
        f'<h3>Every model will answer</h3><p class="quiet">This is what each does.</p><div class="cards">{cards}</div>'
    )


def exchanged(answers: Sequence[Answer], truth: Truth | None) -> str:
    """Which models contradict themselves when the digits are exchanged, in a sentence or two."""
    guilty = [(a.variant.title, words) for a in answers if (words := contradiction(a, truth))]
    if not guilty:
        return (
            '<p class="exchanged">Exchanged, <b>no model contradicts itself</b>: '
            "each says the same of the pair both ways round.</p>"
        )
    count, verb = len(guilty), "contradicts itself" if len(guilty) == 1 else "contradict themselves"
    told = "; ".join(f"<b>{escape(title)}</b> {escape(words)}" for title, words in guilty)
    return (
        f'<p class="exchanged">Exchanged, <b>{count} of {len(answers)} models {verb}</b>: {told}. '
        "Shared towers read the same digits both ways round, so there it is the last layer; "
        "the base model need not even see the same digits.</p>"
    )
