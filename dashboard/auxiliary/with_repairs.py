"""v5 and v7 by the best recipe: with and without digits' names, as they are and with what mends each, in one plot.

Below it, what else mends v7 where nobody names a digit.
"""

from __future__ import annotations

import streamlit as st

from dashboard.charts import intervals
from dashboard.components.live_chart import live_chart
from dashboard.shared import committed_rounds, teaching_data
from pairdigits.estimates import Estimate
from pairdigits.report.conclusions import conclusion

# By row of the plot: the model, and the experiments of its rounds as it is and mended; None where none was run.
ROWS = {
    "v5, digits named": ("v5", "best", "temperature-best"),
    "v7, digits named": ("v7", "best", None),
    "v5, comparisons alone": ("v5", "unnamed", None),
    "v7, comparisons alone": ("v7", "unnamed", "unnamed-prior"),
}


def draw() -> None:
    """The plot, and what it compares."""
    st.subheader("What names add, and what mends their absence", anchor=False)
    found = {row: (_mean(model, plain), _mean(model, mended)) for row, (model, plain, mended) in ROWS.items()}
    series = {name: [pair[place] for pair in found.values()] for place, name in enumerate(("as it is", "mended"))}
    live_chart(
        intervals.dots(list(found), series, "Accuracy, all pairs (%)"),
        "unnamed.repairs",
        filename="names-and-repairs",
    )
    told = "; ".join(
        f"{row}: {plain.written()}" + (f", mended {mended.written()}" if mended.known else "")
        for row, (plain, mended) in found.items()
    )
    st.caption(
        "Best recipe, last epoch, all pairs of test digits: mean and 95% interval over the committed rounds, each "
        "with its own pairs and first weights. Mended means for **v5** a softmax that learns how certain to be (one "
        "number more), for **v7** a prior: the wish, fading out, that all ten outputs are used. The other two were "
        f"not run. Here mean ± standard deviation: {told}."
    )
    _other_repairs()


def _other_repairs() -> None:
    table = committed_rounds.tables()["repairs"]
    series = {
        "as it was trained": table.frame["All pairs"].tolist(),
        "a new tower that it taught": table.frame["Self-trained, all pairs"].tolist(),
    }
    if not any(one.known for one in series["as it was trained"]):
        return
    st.markdown(
        "**The prior against two other repairs.** None of them names a digit. *Re-spacing* steps in while v7 trains: "
        "an output that nearly no image wins is taken out, and the most crowded one doubled beside itself. "
        "*Self-training* comes after: a new tower is taught what the trained one believes of each training digit, "
        "given how its pair compares."
    )
    labels = [f"v7, mended by {name}" for name in table.frame["Mended by"]]
    live_chart(
        intervals.dots(labels, series, "Accuracy, all pairs (%)"),
        "unnamed.other_repairs",
        filename="prior-respacing-self-training",
    )
    st.caption(
        "Comparisons alone, best recipe, last epoch, all pairs of test digits; the same "
        f"{table.frame['All pairs'].iloc[0].n} seeds in every row, other ones than above; bars: 95% intervals. "
        f"{conclusion(table)} The prior is the simpler of the two: it is the one that a run can choose."
    )


def _mean(model: str, experiment: str | None) -> Estimate:
    if experiment is None:
        return Estimate.of([])
    return teaching_data.estimate(teaching_data.rounds(experiment), model, "all_pairs_accuracy")
