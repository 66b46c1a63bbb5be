"""Readers of the figures on Results, see `printed_figures`."""

from __future__ import annotations

from pairdigits.choices import PROTOCOLS
from pairdigits.models import VARIANTS
from pairdigits.report.experiments import EXPERIMENTS
from tests.pages.printed_figures import Found, Name, Text, settings, told

ESTIMATE = r"# ± # \(n = (\d+)\)"  # its deviation is one of its rounds, as its mean is


def estimated(name: tuple, measure: str, mean: str, deviation: str, n: str) -> Found:
    yield Name(name, measure, int(n)), mean
    yield Name(name, f"deviation of {measure}", int(n)), deviation


def tables(text: Text) -> Found:
    for place, *figures in text.all(
        r"(Table I+): as published, every mean is within # points of the report's; corrected, they are # to # points"
    ):
        for measure, figure in zip(("largest gap as published", "least gap", "largest gap"), figures, strict=True):
            yield Name((place,), measure, 20), figure
    deviations = text.all(r"# points for (v\d) \(the report: #\)")
    assert len(deviations) == 2
    for ours, variant, theirs in deviations:
        yield Name(settings("as-published", variant), "deviation of test_accuracy", 20), ours
        yield Name(("the report", variant), "deviation", 20), theirs
    gap, lift, n, above = text.of(
        r"as published are # points \w+ the report's; .* adds # points \(paired rounds, n = (\d+)\), .* them # points"
    )
    for measure, figure in (("gap", gap), ("dropout in every epoch", lift), ("gap with it", above)):
        yield Name(("Table II", "mean over the models"), measure, int(n)), figure
    text.of(r"held out for it, and the test .* with (#), the best of v1, v2, v3 with (#), (#), (#) by its mean")


def figures(text: Text) -> Found:
    (protocol,) = text.of(r"By the report's settings, ([a-z ]+):")
    experiment = PROTOCOLS[protocol].experiment
    for compared, variant, digits, n in text.all(r"# points for (v\d)'s comparison, # for its digits \(n = (\d+)\)"):
        for measure, figure in (("class gap, last 10 epochs", compared), ("digit gap, last 10 epochs", digits)):
            yield Name(settings(experiment, variant), measure, int(n)), figure
    *wrong, n = text.of(r"gets # for v1, # for v5, # for v6 wrong, mean over (\d+) rounds")
    for variant, figure in zip(("v1", "v5", "v6"), wrong, strict=True):
        yield Name(settings(experiment, variant), "wrong ideal", int(n)), figure
    early, last, n = text.of(r"v5 compares #% of the test pairs rightly after 10 epochs, #% at the end \(n = (\d+)\)")
    for epoch, figure in ((10, early), (-1, last)):
        yield Name(settings(experiment, "v5"), f"test_accuracy {epoch}", int(n)), figure


def effects(text: Text) -> Found:
    (protocol,) = text.of(r"Here: the means themselves\. The report's settings, ([a-z ]+);")
    for model, sentence in text.all(r"- Siamese (v\d): (.*)"):
        factor = ""
        for named, figure, condition, n in text.all(
            r"(?:\*\*([a-z ]+)\*\* brings )?# points with ([a-z ]+) \((?:not )?clear, n = (\d+)\)"
        ):
            factor = named or factor
            if f"{figure} points with {condition}" in sentence:
                yield Name((model, factor, condition, protocol), "difference", int(n)), figure


def flattery(text: Text) -> Found:
    honest, luck = text.of(r"worth # points over the last one; .* claims # points beyond what its models")
    least, most = text.of(r"claims # to # points more than the last one")
    for measure, figure in (("honest", honest), ("flattery", luck)):
        yield Name(("choosing", "mean over the models"), measure, 10), figure
    for measure, figure in (("least", least), ("most", most)):
        yield Name(("as published", "of all models"), f"{measure} claimed over the last epoch", 20), figure


def peeking(text: Text) -> Found:
    (runs,) = text.of(r"trained # times")
    looks, pairs, *split = text.of(
        r"best of # looks at the same # test pairs claims #%, .* worth #%: # points .* the #% of a run .*: # points\."
    )
    shown = dict(text.all(r"(Claimed|True|Luck, points|Gain, points): #"))
    v5 = told(EXPERIMENTS["corrected"].rows["v5"].to_dict())
    for (measure, again), figure in zip(
        (("claimed", "Claimed"), ("true", "True"), ("luck", "Luck, points"), ("plain", ""), ("gain", "Gain, points")),
        split,
        strict=True,
    ):
        name = Name((*v5, looks, pairs), f"peeking: {measure}", int(runs))
        yield name, figure
        yield name, shown.get(again, figure)


def grid(text: Text) -> Found:
    chosen = text.all(
        r"Chosen: learning rate #, regularisation #, test #% \(n = (\d+)\)\. .* would have claimed #% \(# points\)"
    )
    for variant, (rate, decay, figure, n, claimed, more) in zip(VARIANTS, chosen, strict=True):
        row = EXPERIMENTS["corrected"].rows[variant].to_dict()
        cell = told(row | {"learning_rate": float(rate), "weight_decay": float(decay)})
        yield Name(cell, "test_accuracy", int(n)), figure
        yield Name(("grid", variant), "claimed", int(n)), claimed
        yield Name(("grid", variant), "claimed, more", int(n)), more
    others, models, most = text.of(r"For # of # models the test pairs .* claimed up to # points more")
    yield Name(("grid", models), "other cells", 1), others
    yield Name(("grid", models), "most", 1), most


def beyond(text: Text) -> Found:
    *everything, students = text.of(
        rf"Siamese v4, best recipe, compares {ESTIMATE} of all pairs rightly and {ESTIMATE} of .*; the best .* is #\."
    )
    yield from estimated(settings("best", "v4"), "all_pairs_accuracy", *everything[:3])
    yield from estimated(settings("best", "v4"), "test_accuracy", *everything[3:])
    yield Name(("the students",), "quoted", 1), students
    text.of(r"every # epochs from a fifth to # of the run .* at most #% of .* at least #% doubled")  # how it is done
    text.of(r"\) of (1000);")  # pairs
    text.of(r"its mean over the image and # warps of it")
    yield from repairs(text)


def repairs(text: Text) -> Found:
    yield from estimated(
        ("re-spacing", "prior"), "difference", *text.of(rf"Re-spacing minus the prior, on all pairs: {ESTIMATE}")
    )
    for by in ("nothing", "a prior", "by re-spacing"):
        yield from estimated((by, "self-training"), "difference", *text.of(rf"{by} {ESTIMATE} \((?:not )?clear\)"))


def many_pairs(text: Text) -> Found:
    gains = text.all(rf"{ESTIMATE} points with ([\d,]+) pairs \((?:not )?clear\)")
    assert gains
    for *gain, pairs in gains:
        yield from estimated(("v1", "auxiliary loss", pairs, "all pairs"), "difference", *gain)


def sweeps(text: Text) -> Found:
    yield from many_pairs(text)
    few = text.of(rf"v7 reaches {ESTIMATE}")
    yield from estimated(settings("pairs", "v7 shared auxiliary 100"), "test_accuracy", *few)
    many = text.of(rf"base with 10,000: {ESTIMATE}")
    yield from estimated(settings("pairs", "base 10000"), "test_accuracy", *many)
    *ends, n = text.of(r"takes v1 from # to #% and v5 from # to #% \(n = (\d+)\)")
    for row, figure in zip(("v1 0", "v1 1", "v5 0", "v5 1"), ends, strict=True):
        yield Name(settings("weights", row), "test_accuracy", int(n)), figure
    text.of(r"(base with #):")


def run_again(text: Text) -> Found:
    committed = text.all(r"(\w+(?: alone #)?) \([^()]*, (as published|corrected)\) #% \(n = (\d+)\)")
    assert committed
    for row, _, protocol, figure, n in committed:
        yield Name(settings(PROTOCOLS[protocol].experiment, row), "test_accuracy", int(n)), figure
    text.of(r"takes some # to # seconds")  # of time, on a quiet core


READERS = {
    ("results", "tables"): tables,
    ("results", "figures"): figures,
    ("results", "helps"): effects,
    ("results", "flattery"): flattery,
    ("results", "peeking"): peeking,
    ("results", "grid"): grid,
    ("results", "good"): beyond,
    ("results", "sweeps"): sweeps,
    ("results", "again"): run_again,
}
