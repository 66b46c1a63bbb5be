"""What mends v7 where nobody names a digit: a prior or re-spacing, and self-training on top of either. A study.

The prior became a choice of every run. The others stand here, outside the experiments, so that no run need know them;
`python -m pairdigits repairs` makes the comparison again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pandas as pd

from pairdigits.choices import CORRECTED, PROTOCOLS
from pairdigits.config import RunConfig
from pairdigits.estimates import PERCENT, Estimate
from pairdigits.models import VARIANTS
from pairdigits.report.comparisons import PAIRED_NOTE
from pairdigits.report.experiments import EXPERIMENTS
from pairdigits.report.rounds import RECIPE_NOTE, Found
from pairdigits.report.stored_rounds import round_key
from pairdigits.report.tables import Table

NAME = "repairs"  # of its file
SEEDS = range(100, 105)  # nothing was chosen on them
RESPACED, SELF_TRAINED = "re-spaced", "self-trained"
Way = tuple[RunConfig, tuple[str, ...]]  # a run, and what is done to it from outside
_PLAIN, _PRIOR = (EXPERIMENTS[name].rows["v7"] for name in ("unnamed", "unnamed-prior"))
WAYS: dict[str, Way] = {"nothing": (_PLAIN, ()), "a prior": (_PRIOR, ()), "re-spacing": (_PLAIN, (RESPACED,))}


def runs(seeds: Sequence[int] = SEEDS) -> Iterator[Way]:
    """Every way by each seed; each run also teaches a new tower."""
    for seed in seeds:
        for config, mended in WAYS.values():
            yield replace(config, data_seed=seed, init_seed=seed), mended


def taught(mended: tuple[str, ...]) -> tuple[str, ...]:
    """What is done to a run so mended if it then teaches a new tower."""
    return (*mended, SELF_TRAINED)


def missing(found: Found, seeds: Sequence[int] = SEEDS) -> list[Way]:
    """The runs that have not finished, or whose new tower has not."""
    return [
        (config, mended)
        for config, mended in runs(seeds)
        if not {round_key(config, mended), round_key(config, taught(mended))} <= found.keys()
    ]


def table(found: Found) -> Table:
    """Each way as it was trained and with self-training on top, over all pairs of test digits."""
    of_prior, cells = _scores("a prior", found), []
    for name in WAYS:
        trained, on_top = _scores(name, found), _scores(name, found, on_top=True)
        cells.append({
            "Model": f"{VARIANTS[WAYS[name][0].variant].title}, best recipe, no digit labels",
            "Mended by": name,
            "All pairs": Estimate.of(trained["pairs"], PERCENT),
            "Own output": Estimate.of(trained["digits"], PERCENT),
            "Difference, to the prior": Estimate.of(trained["pairs"] - of_prior["pairs"] if name != "a prior" else []),
            "Self-trained, all pairs": Estimate.of(on_top["pairs"], PERCENT),
            "Self-trained, own output": Estimate.of(on_top["digits"], PERCENT),
            "Difference, self-trained": Estimate.of(on_top["pairs"] - trained["pairs"]),
        })  # fmt: skip
    done = sum(cell["All pairs"].n for cell in cells)
    study = (
        f"Comparisons alone, on {len(SEEDS)} seeds on which nothing was chosen, the same for all rows. All pairs: of "
        "MNIST's 10,000 test digits. Own output: the share of the 2000 digits of a round's test pairs that win the "
        "output that stands for them. Re-spacing: every 5 epochs from a fifth to 0.7 of the run an output that "
        "wins at most 4% of the training images is taken out, and one that wins at least 14.5% doubled beside itself. "
        "Self-training: a new tower learns what the trained one believes of each training digit (its mean over the "
        "image and 8 warps of it), given how the digit's pair as first drawn compares."
    )
    unfinished = () if done == len(WAYS) * len(SEEDS) else (f"{done} of {len(WAYS) * len(SEEDS)} runs have finished.",)
    notes = (PROTOCOLS[CORRECTED].note, RECIPE_NOTE, study, PAIRED_NOTE, *unfinished)
    return Table(NAME, "Without digit labels: a prior, re-spacing, and self-training", pd.DataFrame(cells), notes)


def _scores(name: str, found: Found, on_top: bool = False) -> pd.DataFrame:
    """Accuracies in percent of the finished rounds of a way, by seed: over all `pairs`, and of `digits`."""
    (config, mended), scores = WAYS[name], {}
    for seed in SEEDS:
        key = round_key(replace(config, data_seed=seed, init_seed=seed), taught(mended) if on_top else mended)
        if key in found:
            outcome = found[key].outcome
            scores[seed] = [outcome.all_pairs_accuracy, outcome.test_digit_accuracy]
    return 100 * pd.DataFrame.from_dict(scores, orient="index", columns=["pairs", "digits"], dtype=float)
