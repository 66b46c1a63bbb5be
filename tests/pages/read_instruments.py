"""Readers of the figures on Train, Probe and Data, see `printed_figures`."""

from __future__ import annotations

from dashboard.shared import committed_rounds
from pairdigits.choices import PROTOCOLS
from tests.pages.printed_figures import Found, Name, Text, settings, told


def prepared(text: Text) -> Found:
    variant, protocol, accuracy, errs, kind = text.of(
        r"(v\d|Base), trained beforehand ([a-z ]+), learning rate .* compares #% of .* errs in # of .* \(([a-z ]+)\)\."
    )
    first = committed_rounds.first_with_curves(variant.lower())
    assert first and first.config.protocol == protocol
    for measure, figure in (("test_accuracy", accuracy), (f"wrong {kind}", errs)):
        yield Name(told(first.config.to_dict()), measure, 1), figure
    text.of(r"# is off, # the report\.")  # what the auxiliary weight means


def probe(text: Text) -> Found:
    n, protocol = text.of(r"Mean wrong cells of # over (?:#) committed rounds, ([a-z ]+),")[1:]
    ideal = zip(
        ("v5", "v1", "v6", "v4", "v7"),
        (
            *text.of(r"v5 gets \*\*#\*\* of the 100 signals wrong. v1 gets \*\*#\*\* wrong"),
            *text.of(r"\*\*v6\*\*: # ideal"),
            *text.of(r"by construction: # and # wrong"),
        ),
        strict=True,
    )
    typical = zip(("v1", "v5", "v6"), text.of(r"v1 gets only # wrong \(v5 #, v6 #\)"), strict=True)
    for kind, counts in (("ideal", ideal), ("typical", typical)):
        for variant, figure in counts:
            yield Name(settings(PROTOCOLS[protocol].experiment, variant), f"wrong {kind}", int(n)), figure
    yield from one_cell(text)
    yield from one_trained(text)


def one_cell(text: Text) -> Found:
    first, second, chance = text.of(r"The cell says \*\*# . #\*\*.* = #\.")
    *digits, variant, wrong, count = text.of(r"Real test pairs of # and #\*\*: Siamese (v\d) gets # of # wrong")
    model = ("the report's models", variant)
    yield Name(model, f"ideal {first} and {second}", 1), chance
    yield Name(model, f"real {digits[0]} and {digits[1]}, wrong", 1), wrong
    yield Name(("MNIST's test digits",), f"pairs of {digits[0]} and {digits[1]}", 1), count


def one_trained(text: Text) -> Found:
    """What the three instruments below the probe make of one trained model each."""
    shares = zip(
        ("one answer", "low", "high", "v2 unsure", "v4 unsure"),
        text.of(r"one answer on #% of the square. Between #% and #%, .* lie #% of .* v2 and #% for Siamese v4"),
        strict=True,
    )
    for measure, figure in shares:
        yield Name(("best", "landscape from 3 and 4 to 5 and 6"), measure, 1), figure
    text.of(r"seen with #% certainty adds #% of what it should")  # an example
    model = ("best", "v5")
    for figure, factor in text.all(r"#% at #(?=[,;])"):
        yield Name(model, f"all pairs, logits times {factor}", 1), figure
    (argmax,) = text.of(r"#% by the likeliest digits")
    largest, plain, again = text.of(
        r"Largest of the ten softmax values, on average: #% \n.*last layer: #% \n.*been compared: #%"
    )
    ahead, factor, gained = text.of(r"is # points ahead of v5's last layer. .* logits by # brings it #:")
    for measure, figure in (
        ("all pairs, likeliest digits", argmax), ("all pairs, likeliest digits", again), ("largest softmax", largest),
        ("all pairs, logits times 1", plain), ("likeliest digits, ahead", ahead), (f"gained by {factor}", gained),
    ):  # fmt: skip
        yield Name(model, measure, 1), figure
    for variant in ("v1", "v5"):
        for measure, figure in zip(
            ("staircase", "trained head"),
            text.of(rf"behind {variant}’s .*? gets #% of .*? trained head #%"),
            strict=True,
        ):
            yield Name(("report", variant), f"all pairs, {measure}", 1), figure


def drawn_pairs(text: Text) -> Found:
    page, pages, count, size, share, again = text.of(r"(?s)Page # of #: # of # pairs.*In this draw #% of the # pairs")
    draw = ("training digits, seed 0", size)
    assert again == size
    for measure, figure in (("page", page), ("pages", pages), ("found", count), ("label 1", share)):
        yield Name(draw, measure, 1), figure


def classes(text: Text) -> Found:
    smaller, larger, ties, ones = text.of(
        r"so #% of all pairs have a smaller first digit and #% a larger one. The rest, #%, .* has #% of the pairs"
    )
    (always,) = text.of(r"“≤” is right for #% of the pairs")
    for measure, figure in (
        ("smaller", smaller),
        ("larger", larger),
        ("ties", ties),
        ("label 1", ones),
        ("label 1", always),
    ):
        yield Name(("all pairs of digits",), measure, 1), figure


def pooling(text: Text) -> Found:
    mean, deviation = text.of(r"\(here # and #, measured on")
    left, whole = text.of(r"is left, # of #, and")
    for measure, figure in (
        ("mean pixel", mean),
        ("deviation of pixels", deviation),
        ("small", left),
        ("large", whole),
    ):
        yield Name(("training pairs of seed 0",), measure, 1), figure


def warping(text: Text) -> Found:
    (label,) = text.of(r"All twelve are labelled #:")
    yield Name(("training digits",), "label of digit 0", 1), label


def misread(text: Text) -> Found:
    count, tested, models = text.of(r"\*\*# of #\*\* test digits are misread by every one of # models")
    again, shown, once_more = text.of(r"how many of the #\). The first # of #\.")
    assert (models, count) == (again, once_more)
    for measure, figure in (("misread", count), ("tested", tested), ("shown", shown), ("models", models)):
        yield Name(("report", "all siamese models"), measure, 1), figure


def duplicates(text: Text) -> Found:
    for measure, figure in text.all(r"(In both splits|Twice in training|Twice in test): #"):
        yield Name(("MNIST at 28×28",), measure, 1), figure


READERS = {
    ("train", ""): prepared,
    ("probe", ""): probe,
    ("data", "pairs"): drawn_pairs,
    ("data", "classes"): classes,
    ("data", "pooling"): pooling,
    ("data", "warping"): warping,
    ("data", "misread"): misread,
    ("data", "duplicates"): duplicates,
}
