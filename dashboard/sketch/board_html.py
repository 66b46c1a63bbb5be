"""What stands on the page's boards, as HTML; nothing here knows of Streamlit or of one visitor."""

from __future__ import annotations

from typing import NamedTuple

from dashboard.sketch import probe_place, verdict_html
from dashboard.sketch.answering import Models
from dashboard.sketch.seen import SIDES, Seen
from pairdigits import verdicts
from pairdigits.cells import as_array
from pairdigits.choices import PROBE_KINDS

HARDLY = "This is hardly one digit: take the verdict with a pinch of salt."


class Boards(NamedTuple):
    """Board -> HTML; empty where there is nothing to say."""

    headline: str
    first: str  # beside the first canvas
    second: str
    cards: str = ""
    why: str = ""


BELOW = ("cards", "why")  # the canvases: on many screens out of sight while somebody draws


def idle(seen: tuple[Seen, Seen], title: str, text: str, cards: str = "") -> Boards:
    """While nobody answers."""
    first, second = (verdict_html.seen(look.image, name, None, "") for look, name in zip(seen, SIDES, strict=True))
    return Boards(verdict_html.waiting(title, text), first, second, cards)


def answered(seen: tuple[Seen, Seen], models: Models, wanted: str, below: bool = True) -> Boards:
    """What the models say, with the wanted one's reasons; or which digit is still to be drawn.

    Parameters
    ----------
    seen : (Seen, Seen)
        What stands on the canvases.
    models : Models
        At least one was found.
    wanted : str
        A key of VARIANTS; if that model is missing the last one stands in.
    below : bool
        Whether what is `BELOW` is said too.
    """
    left, right = (look.image for look in seen)
    if left is None or right is None:
        empty = [name.lower() for name, look in zip(SIDES, seen, strict=True) if look.image is None]
        remarks = " ".join(dict.fromkeys(look.remark for look in seen if look.remark))
        cards = verdict_html.idle_cards([model.model.variant for model in models.found.values()])
        return idle(seen, f"Draw the {' and the '.join(empty)}.", remarks, cards)
    answers, doubts = models.judge((left, right))
    seen = _doubted(seen, doubts)
    held = verdicts.reference(answers, (seen[0].label, seen[1].label))
    chosen = next((answer for answer in answers if answer.variant.name == wanted), answers[-1])
    digits = (None, None) if chosen.digits is None else chosen.digits
    first, second = (
        verdict_html.seen(look.image, name, read, chosen.variant.title)
        for look, name, read in zip(seen, SIDES, digits, strict=True)
    )
    remarks = [f"{name}: {look.remark}" for name, look in zip(SIDES, seen, strict=True) if look.remark]
    boards = Boards(verdict_html.headline(answers, chosen, held, remarks), first, second)
    if not below:
        return boards
    probe = as_array(models.found[chosen.variant.name].probe)
    return boards._replace(
        cards=verdict_html.cards(answers, chosen, held, models.missing),
        why=probe_place.why(chosen, probe, PROBE_KINDS[chosen.variant.probe_kinds[0]].board, held),
    )


def _doubted(seen: tuple[Seen, Seen], doubts: tuple[bool, bool]) -> tuple[Seen, Seen]:
    """With a remark on what is hardly one digit; where somebody knows the digit, or its shape got one, as it was."""
    left, right = (
        look._replace(remark=HARDLY) if doubted and look.label is None and not look.remark else look
        for look, doubted in zip(seen, doubts, strict=True)
    )
    return left, right
