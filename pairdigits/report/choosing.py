"""What the way to choose the epoch makes of a figure: an honest gain, and what it owes to luck with the test pairs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Generic, NamedTuple, TypeVar

import numpy as np
import pandas as pd

from pairdigits.choices import PROTOCOLS, PUBLISHED
from pairdigits.estimates import PERCENT, Estimate
from pairdigits.models import VARIANTS
from pairdigits.report.experiments import EXPERIMENTS
from pairdigits.report.rounds import Found, finished, rounds, shortfall
from pairdigits.report.stored_rounds import Round
from pairdigits.report.tables import Table

Figure = TypeVar("Figure", bound=Estimate)


class Choosing(NamedTuple, Generic[Figure]):
    """What the way to choose the epoch makes of a model's figure: the same rounds, accuracies in percent.

    The first three are on the 1000 test pairs of each round; differences are taken round by round, in points.
    """

    last: Figure  # after the last epoch, which nobody chose
    validated: Figure  # at the epoch chosen on held-out pairs; n = 0 where none were held out
    claimed: Figure  # at the epoch chosen on the test pairs themselves: the highest
    true: Figure  # the claimed models on all ordered pairs of test digits
    honest: Figure  # validated - last: what choosing without the test pairs is worth
    flattery: Figure  # claimed - true: what the claim owes to luck with these test pairs


def choosing(label: str, found: Found, experiment: str = "choosing") -> Choosing[Estimate]:
    """Split what choosing the epoch adds to a row's figure into honest gain and flattery.

    Parameters
    ----------
    label : str
        A row of the experiment: a variant's name.
    found : mapping
    experiment : {"choosing", "as-published"}
        Only the first holds pairs out.
    """
    made = finished(EXPERIMENTS[experiment], label, found)

    def percent(values: Iterable[float | None]) -> pd.Series:
        return 100 * pd.Series(list(values), dtype=float)

    last, claimed, true = (
        percent(getattr(one.outcome, name) for one in made)
        for name in ("last_test_accuracy", "test_accuracy", "all_pairs_accuracy")
    )
    validated = percent(map(_chosen_on_validation, made))
    return Choosing(
        last=Estimate.of(last, PERCENT),
        validated=Estimate.of(validated, PERCENT),
        claimed=Estimate.of(claimed, PERCENT),
        true=Estimate.of(true, PERCENT),
        honest=Estimate.of(validated - last),
        flattery=Estimate.of(claimed - true),
    )


def _chosen_on_validation(one: Round) -> float | None:
    """The test accuracy at the epoch with the highest validation accuracy, the first of several."""
    scores = one.curves or {}
    if "validation_accuracy" not in scores:
        return None
    return scores["test_accuracy"][int(np.argmax(np.array(scores["validation_accuracy"], dtype=float)))]


def choosing_table(found: Found) -> Table:
    """Every model's figure by the way its epoch is chosen."""
    table = []
    for name in EXPERIMENTS["choosing"].rows:
        split = choosing(name, found)
        table.append({
            "Model": VARIANTS[name].title, "Last epoch": split.last, "Chosen on validation": split.validated,
            "Highest": split.claimed, "Highest, all pairs": split.true,
            "Difference, honest": split.honest, "Difference, flattery": split.flattery,
        })  # fmt: skip
    split_up = (
        "As published, with 200 more training pairs drawn and held out, which choose nothing, so that both choices can "
        "be compared on the same runs. Last epoch: nobody chose. Chosen on validation: the epoch that is best on the "
        "held-out pairs. Highest: the epoch that is best on the test pairs, as the report claims. All pairs: the "
        "models of the highest figure on all ordered pairs of the test digits. Honest: validation minus last. "
        "Flattery: highest minus all pairs. Mean ± standard deviation in percent."
    )
    notes = (split_up, *shortfall(["choosing"], found))
    return Table("choosing", "What choosing the epoch is worth, and what it claims", pd.DataFrame(table), notes)


def optimism(found: Found) -> Table:
    """What choosing the epoch on the test pairs adds to a figure."""
    frame = rounds(EXPERIMENTS["as-published"], found)
    table: list[dict[str, Any]] = []
    nothing = pd.Series(dtype=float)
    for label, config in EXPERIMENTS["as-published"].rows.items():
        of_label, variant = frame[frame["row"] == label], VARIANTS[config.variant]
        claimed, last = (of_label.get(name, nothing) for name in ("test_accuracy", "last_test_accuracy"))
        auxiliary = "yes" if variant.siamese and config.auxiliary_weight else "no"
        row = {"Model": variant.title, "Auxiliary loss": auxiliary, "Learning rate": config.learning_rate}
        row |= {"Highest": Estimate.of(claimed, PERCENT), "Last epoch": Estimate.of(last, PERCENT)}
        row["Highest, all pairs"] = Estimate.of(of_label["all_pairs_accuracy"], PERCENT)
        table.append(row | {"Difference, highest and last": Estimate.of(claimed - last)})
    compared = (
        "Highest: that figure. Last epoch: the same run's accuracy on the same pairs after its last epoch, which "
        "nobody chose. Highest, all pairs: the model of the highest figure on all ordered pairs of the test digits. "
        "Mean ± standard deviation in percent."
    )
    notes = (PROTOCOLS[PUBLISHED].note, compared, *shortfall(["as-published"], found))
    return Table("optimism", "What choosing the epoch on the test pairs adds", pd.DataFrame(table), notes)
