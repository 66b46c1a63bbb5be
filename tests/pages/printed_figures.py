"""Figures that a page prints in sentences of its own making, read back from its text under all that names them."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from dashboard.shared import committed_rounds
from pairdigits.choices import CORRECTED, PROTOCOLS
from pairdigits.config import RunConfig
from pairdigits.models import VARIANTS
from pairdigits.report.experiments import EXPERIMENTS

# What tells a run from others; the seeds do not, and who only watches the test pairs changes nothing.
FIELDS = sorted({field.name for field in dataclasses.fields(RunConfig)} - {"data_seed", "init_seed", "watch_test"})


class Name(NamedTuple):
    """All that tells a figure from others: settings, what is measured, and over how many rounds."""

    settings: tuple
    measure: str
    n: int


Found = Iterator[tuple[Name, str]]  # a name, and the figure as it is printed


def told(values: dict) -> tuple:
    return tuple((field, str(values[field])) for field in FIELDS)


def settings(experiment: str, row: str) -> tuple:
    return told(EXPERIMENTS[experiment].rows[row].to_dict())


def of(pattern: str, text: str) -> tuple[str, ...]:
    """What stands in a sentence at the places of the pattern; `#` is a figure there."""
    match = re.search(pattern.replace("#", r"([+-]?\d+(?:\.\d+)?)"), text)
    assert match, pattern
    return match.groups()


def probe_story(text: str) -> Found:
    n, protocol = of(r"Mean wrong cells of 100 over # committed rounds, ([a-z ]+),", text)
    ideal = zip(
        ("v5", "v1", "v6", "v4", "v7"),
        (
            *of(r"v5 gets \*\*#\*\* of the 100 signals wrong. v1 gets \*\*#\*\* wrong", text),
            *of(r"\*\*v6\*\*: # ideal", text),
            *of(r"by construction: # and # wrong", text),
        ),
        strict=True,
    )
    typical = zip(("v1", "v5", "v6"), of(r"v1 gets only # wrong \(v5 #, v6 #\)", text), strict=True)
    for kind, figures in (("ideal", ideal), ("typical", typical)):
        for variant, figure in figures:
            yield Name(settings(PROTOCOLS[protocol].experiment, variant), f"wrong {kind}", int(n)), figure


def report_figures(text: str) -> Found:
    (protocol,) = of(r"By the report's settings, ([a-z ]+):", text)
    experiment = PROTOCOLS[protocol].experiment
    *cells, n = of(r"gets # for v1, # for v5, # for v6 wrong, mean over # rounds", text)
    for variant, figure in zip(("v1", "v5", "v6"), cells, strict=True):
        yield Name(settings(experiment, variant), "wrong ideal", int(n)), figure
    early, last, n = of(r"v5 compares #% of the test pairs rightly after 10 epochs, #% at the end \(n = #\)", text)
    for epoch, figure in ((10, early), (-1, last)):
        yield Name(settings(experiment, "v5"), f"test_accuracy {epoch}", int(n)), figure


def effects(text: str) -> Found:
    for model, said in re.findall(r"- Siamese (v\d): (.*)", text):
        for factor, part in re.findall(r"\*\*([a-z ]+)\*\* brings ([^;.]+(?:\.\d[^;.]*)*)", said):
            for figure, condition, n in re.findall(r"([+-][\d.]+) points with ([a-z ]+) \([a-z ]+, n = (\d+)\)", part):
                yield Name((model, factor, condition, CORRECTED), "difference", int(n)), figure


def race_effects(text: str) -> Found:
    (model,) = of(r"^(v\d): ", text)
    (n,) = of(r"In # committed rounds", text)
    sharing, labels = of(r"sharing adds # points .* auxiliary losses add # \(to shared towers\)", text)
    yield Name((model, "weight sharing", "no auxiliary loss", CORRECTED), "difference", int(n)), sharing
    yield Name((model, "auxiliary loss", "shared towers", CORRECTED), "difference", int(n)), labels


def grid(text: str) -> Found:
    said = re.findall(r"Chosen: learning rate ([\d.]+), regularisation ([\d.]+), test ([\d.]+)% \(n = (\d+)\)", text)
    for variant, (rate, decay, figure, n) in zip(VARIANTS, said, strict=True):
        row = EXPERIMENTS["corrected"].rows[variant].to_dict()
        yield (
            Name(told(row | {"learning_rate": float(rate), "weight_decay": float(decay)}), "test_accuracy", int(n)),
            figure,
        )


def beyond(text: str) -> Found:
    everything, n, thousand, m = of(
        r"Siamese v4, best recipe, compares # ± [\d.]+ \(n = #\) of all pairs rightly and # ± [\d.]+ \(n = #\)", text
    )
    yield Name(settings("best", "v4"), "all_pairs_accuracy", int(n)), everything
    yield Name(settings("best", "v4"), "test_accuracy", int(m)), thousand
    yield from repairs(text)


def repairs(text: str) -> Found:
    figure, n = of(r"Re-spacing minus the prior, on all pairs: # ± [\d.]+ \(n = #\)", text)
    yield Name(("re-spacing", "prior"), "difference", int(n)), figure
    for by in ("nothing", "a prior", "by re-spacing"):
        figure, n = of(rf"{by} # ± [\d.]+ \(n = #\) \((?:not )?clear\)", text)
        yield Name((by, "self-training"), "difference", int(n)), figure


def many_pairs(text: str) -> Found:
    said = re.findall(r"([+-][\d.]+) ± [\d.]+ \(n = (\d+)\) points with ([\d,]+) pairs", text)
    assert said
    for figure, n, pairs in said:
        yield Name(("v1", "auxiliary loss", pairs, "all pairs"), "difference", int(n)), figure


def sweeps(text: str) -> Found:
    yield from many_pairs(text)
    few, n, many, m = of(r"v7 reaches # ± [\d.]+ \(n = #\), .* with 10,000: # ± [\d.]+ \(n = #\)", text)
    yield Name(settings("pairs", "v7 shared auxiliary 100"), "test_accuracy", int(n)), few
    yield Name(settings("pairs", "base 10000"), "test_accuracy", int(m)), many
    *ends, n = of(r"takes v1 from # to #% and v5 from # to #% \(n = #\)", text)
    for row, figure in zip(("v1 0", "v1 1", "v5 0", "v5 1"), ends, strict=True):
        yield Name(settings("weights", row), "test_accuracy", int(n)), figure


def run_again(text: str) -> Found:
    said = re.findall(r"(\w+(?: alone [\d.]+)?) \([^()]*, (as published|corrected)\) ([\d.]+)% \(n = (\d+)\)", text)
    assert said
    for row, protocol, figure, n in said:
        yield Name(settings(PROTOCOLS[protocol].experiment, row), "test_accuracy", int(n)), figure


def read_out(text: str) -> Found:
    (n,) = of(r"over n = # rounds", text)
    alone, auxiliary, pairs, m = of(
        r"encodings to \*\*#%\*\*, .* losses to \*\*#%\*\*.* compare #% of test pairs rightly \(n = #\)", text
    )
    yield Name(settings("factorial", "v1 shared alone"), "read-out", int(n)), alone
    yield Name(settings("factorial", "v1 shared auxiliary"), "read-out", int(n)), auxiliary
    yield Name(settings("factorial", "v1 shared alone"), "test_accuracy", int(m)), pairs


def failure(text: str) -> Found:
    v5, n, v1, helped = of(r"mean \*\*#%\*\*, from .* over # rounds.*\(mean #%\). With the auxiliary losses: #%", text)
    rows = {"v5 shared alone": v5, "v1 shared alone": v1, "v5 shared auxiliary": helped}
    for row, figure in rows.items():
        yield Name(settings("factorial", row), "test_accuracy", int(n)), figure
    before, recipe, m, v7, k = of(r"v5 from #% to \*\*#%\*\* \(n = #\).* gets \*\*#%\*\* \(n = #\)", text)
    yield Name(settings("factorial", "v5 shared alone"), "test_accuracy", int(n)), before
    yield Name(settings("unnamed", "v5"), "test_accuracy", int(m)), recipe
    yield Name(settings("unnamed", "v7"), "test_accuracy", int(k)), v7


def few_labels(text: str) -> Found:
    *ends, n = of(r"go from # to #% in v1, # to #% in v5, # to #% in v7 \(n = #,", text)
    for place, figure in enumerate(ends):
        row = f"{('v1', 'v5', 'v7')[place // 2]} {place % 2}"
        yield Name(settings("labels", row), "read-out", int(n)), figure
    rate, m = of(r"At learning rate #, n = #: v1", text)
    for variant in ("v1", "v5", "v7"):
        for row, figure in zip((0, 1), of(rf"{variant} #% without a label.*? #% with all", text), strict=True):
            assert float(rate) == EXPERIMENTS["labels"].rows[f"{variant} {row}"].learning_rate
            yield Name(settings("labels", f"{variant} {row}"), "test_accuracy", int(m)), figure


def prepared(text: str) -> Found:
    variant, protocol, accuracy, cells = of(
        r"Siamese (v\d), trained beforehand ([a-z ]+): .* compares #% of the test pairs.* errs in # of the probe", text
    )
    first = committed_rounds.first_with_curves(variant)
    assert first and first.config.protocol == protocol
    for measure, figure in (("test_accuracy", accuracy), ("wrong ideal", cells)):
        yield Name(told(first.config.to_dict()), measure, 1), figure


def classes(text: str) -> Found:
    for pattern in (r"class 1 has #% of the pairs", r"“≤” is right for #% of the pairs"):
        yield Name(("all pairs of digits",), "label 1", 1), of(pattern, text)[0]


READERS: dict[tuple[str, str], Callable[[str], Found]] = {
    ("probe", ""): probe_story,
    ("results", "figures"): report_figures,
    ("results", "helps"): effects,
    ("results", "grid"): grid,
    ("results", "good"): beyond,
    ("results", "sweeps"): sweeps,
    ("results", "again"): run_again,
    ("auxiliary", "knowledge"): read_out,
    ("auxiliary", "labels"): few_labels,
    ("auxiliary", "failure"): failure,
    ("auxiliary", "unnamed"): repairs,
    ("sharing", "data"): many_pairs,
    ("train", ""): prepared,
    ("data", "classes"): classes,
}
