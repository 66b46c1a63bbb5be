"""Readers of those figures of the lesson that no single row of rounds gives, see `printed_figures`.

The others `test_named_figures.Recorder` knows.
"""

from __future__ import annotations

from pairdigits.choices import CORRECTED
from tests.pages.printed_figures import Found, Name, Text, settings

SQUARE = ("best", "landscape from 3 and 4 to 5 and 6")
TEST_PAIRS = ("all pairs of test digits",)


def task(text: Text) -> Found:
    exactly, unequal, ties = text.of(r"Exactly #% of all pairs of test digits: .* pairs \(#%\), and all ties \(#%\)")
    (always,) = text.of(r"#% for always “≤”")
    text.of(r"begins, not at #%")  # what chance would be, were there no ties
    for measure, figure in (("label 1", exactly), ("label 1", always), ("smaller", unequal), ("ties", ties)):
        yield Name(TEST_PAIRS, measure, 1), figure


def overfitting(text: Text) -> Found:
    (weights,) = text.of(r"each digit: # trainable numbers")
    (gap,) = text.of(r"a gap of # points")
    yield Name(("base",), "weights: all", 1), weights
    yield Name(settings("as-published", "base"), "train minus test, last epoch", 20), gap
    text.of(r"There are # combinations")
    text.of(r"the last # of the 40 epochs"), text.of(r"after # it is")  # epochs


def sharing(text: Text) -> Found:
    (gain,) = text.of(r"%, # points more")
    (separate,) = text.of(r"numbers to learn in place of #")
    yield Name(("v1", "weight sharing", "no auxiliary loss", CORRECTED), "difference", 20), f"+{gain}"
    yield Name(("v1", "separate"), "weights: all", 1), separate


def auxiliary(text: Text) -> Found:
    gains = text.of(r"v1's answers gain # points and v5's # points, with one learning rate \(0.01\)")
    for variant, gain in zip(("v1", "v5"), gains, strict=True):
        yield Name(settings("weights", f"{variant} 1"), "gain over no labels", 5), f"+{gain}"
    pairs, bits = text.of(r"log₂ # ≈ # bits")
    yield Name((f"{pairs} pairs of digits",), "bits", 1), bits
    text.all(r"λ = #"), text.of(r"recipe of step #")
    text.of(r"\(n = 20\) at #: its head"), text.of(r"learning rate \(#\) for all")  # learning rates


def paradox(text: Text) -> Found:
    for squared in (*text.of(r"squared, #%, of the pairs"), *text.of(r"which is worth #% of the pairs")):
        yield Name(settings("as-published", "v2"), "both digits read", 20), squared
    text.of(r"a # taken for a # is still less than a #")  # digits


def last_layer(text: Text) -> Found:
    text.of(r"A real reading of a # has")  # a digit
    yield from ()


def remedies(text: Text) -> Found:
    (weights,) = text.of(r"both have # trainable numbers")
    yield Name(("v1", "shared"), "weights: all", 1), weights
    text.of(r"every # adds"), text.of(r"than any #\.")  # digits
    text.of(r"is about # at its digit and # ")  # of a softmax


def landscape(text: Text) -> Found:
    shares = text.all(r"(v\d|Base) #%")
    assert len(shares) == 16  # eight models, told twice
    for variant, share in shares:
        yield Name(SQUARE, f"{variant} unsure", 1), share
    for measure, bound in zip(("low", "high"), text.of(r"Between #% and #% lies"), strict=True):
        yield Name(SQUARE, measure, 1), bound
    text.of(r"A # turns into a # .* a # into a #"), text.of(r"the answer no: # and #")  # digits


def honest(text: Text) -> Found:
    (gain,), (luck,) = text.of(r"\(honest: # points\)"), text.of(r": # points of the claim is flattery")
    (error,) = text.of(r"a standard error of # points")
    for measure, figure in (("honest", gain), ("flattery", luck)):
        yield Name(("choosing", "v5"), measure, 10), figure
    yield Name(("1000 pairs",), "standard error", 1), error
    text.of(r"“close to #%”")  # the report's words


def fooled(text: Text) -> Found:
    (once,), (luck,) = text.of(r"off by # points on average"), text.of(r"did, and # points of the claim are luck")
    v5 = settings("corrected", "v5")
    looks, claimed, true, many, pairs, more, less = text.of(
        r"# looks at one run on 1000 pairs: #% claimed, #% true\. # looks on # pairs: #% claimed, #% true"
    )
    for asked, measure, figure in (
        ((looks, "1000"), "claimed", claimed), ((looks, "1000"), "true", true), ((looks, "1000"), "luck", f"+{luck}"),
        ((many, pairs), "claimed", more), ((many, pairs), "true", less), (("1", "1000"), "luck", once),
    ):  # fmt: skip
        yield Name((*v5, *asked), f"peeking: {measure}", 20), figure
    text.of(r"Look # times")


def forks(text: Text) -> Found:
    said = text.of(
        r"begins anew: # ± # points against v4 itself; under v1’s: # ± #\. v5 with its towers untied: # ± # points "
        r"against v5; .* from there on: # ± #; at a tenth of the learning rate: # ± #\."
    )
    listed = text.all(r"(v\d (?:gets|unties|drops|takes) [^;:]*?) # ± #(?=[;.])")
    assert len(listed) == 5
    for place, (future, mean, deviation) in enumerate(listed):
        for again in (mean, said[2 * place]):
            yield Name(("fork after epoch 20", future), "difference", 5), again
        for again in (deviation, said[2 * place + 1]):
            yield Name(("fork after epoch 20", future), "deviation", 5), again
    begun = text.of(r"# ± # percent of the test pairs .* v5 has # ± # after its own first epoch, v4 # ± # in this one")
    for measure, figure in zip(("forked", "", "v5, first epoch", "", "v4, epoch 21", ""), begun, strict=True):
        if measure:
            yield Name(("fork after epoch 20", "one epoch later"), measure, 5), figure
    text.of(r"after epoch 20 of #")


READERS = {
    "Task": task,
    "Overfitting": overfitting,
    "Sharing": sharing,
    "Auxiliary losses": auxiliary,
    "The paradox": paradox,
    "Last layer": last_layer,
    "Three remedies": remedies,
    "Landscape": landscape,
    "Honest figures": honest,
    "Fool yourself": fooled,
    "Fork": forks,
}
