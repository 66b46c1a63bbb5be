"""All stored runs: filter, sort, compare, rename, delete, and files of models to load.

Importing this loads torch.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from dashboard.charts import curves, probes
from dashboard.components.live_chart import live_chart
from dashboard.shared import state
from dashboard.shared.launches import Launch, differences, labels, load
from dashboard.train import settings_form, watched
from pairdigits import checkpoints
from pairdigits.cells import as_array
from pairdigits.models import VARIANTS
from pairdigits.runs.store import STATUSES, Run

PERCENT = {
    "Best": "Highest test accuracy of any epoch so far (%).",
    "Last": "Test accuracy of the latest epoch (%).",
    "All pairs": "Of the chosen model over all ordered pairs of test digits (%).",
}


@state.error_boundary()
def draw() -> None:
    """The table with its tools, and the comparison of what is selected in it."""
    st.header("All runs", divider="gray")
    _undo()
    runs = state.store().runs()
    if not runs:
        st.info("No run is stored yet. Whatever you train is kept here, also after a restart of the server.")
    else:
        selected = _select(_filtered(runs))
        if selected:
            _tools(selected)
        else:
            st.caption("Tick runs to show, rename or delete them; two or more to compare them.")
        if len(selected) > 1:
            _compare(selected)
    with st.expander("Load a model", icon=":material/upload_file:"):
        _load_model()


def _filtered(runs: Sequence[Run]) -> list[Run]:
    left, middle, right = st.columns(3)
    words = left.text_input("Search", key=state.recall("train.search", ""), placeholder="name, model or number")
    variants = middle.multiselect("Models", list(VARIANTS), key=state.recall("train.variants", []),
                                  format_func=lambda name: VARIANTS[name].title, placeholder="all")  # fmt: skip
    statuses = right.multiselect("Status", STATUSES, key=state.recall("train.statuses", []), placeholder="any")
    return [
        run
        for run in runs
        if words.lower() in f"{run.id} {run.name} {run.config.describe()} {run.config.variant}".lower()
        and (not variants or run.config.variant in variants)
        and (not statuses or run.status in statuses)
    ]


def table(runs: Sequence[Run]) -> pd.DataFrame:
    """One row a run, newest first, accuracies in percent."""
    rows = [
        {
            "Run": run.id,
            "Name": run.name,
            "Model": run.config.describe(),
            "Status": run.status,
            "Epochs": f"{run.epochs} of {run.config.epochs}",
            "Best": run.best_accuracy,
            "Last": run.last_accuracy,
            "All pairs": run.outcome.all_pairs_accuracy if run.outcome else None,
            "Protocol": run.config.protocol,
            "Learning rate": run.config.learning_rate,
            "Pairs": run.config.train_pairs,
            "Data seed": run.config.data_seed,
            "Init seed": run.config.init_seed,
            "Started": run.created,
        }
        for run in reversed(runs)
    ]
    return pd.DataFrame(rows).assign(
        **{name: lambda frame, name=name: frame[name].astype(float) * 100 for name in PERCENT}
    )


def _select(runs: Sequence[Run]) -> list[Run]:
    """The table; its selection is kept by the runs' ids, whatever rows come or go."""
    if not runs:
        st.info("No run matches.")
        return []
    ids = [run.id for run in reversed(runs)]
    kept = st.session_state.setdefault("train.selected", [])
    columns = {
        name: st.column_config.NumberColumn(format="%.1f%%", help=help) for name, help in PERCENT.items()
    } | {"Started": st.column_config.DatetimeColumn(format="D MMM, HH:mm", help="In UTC.")}  # fmt: skip
    event = st.dataframe(
        table(runs), hide_index=True, column_config=columns, height=min(38 + 35 * len(runs), 320),
        on_select="rerun", selection_mode="multi-row", key=f"train.table.{hash(tuple(ids))}",
        selection_default={"selection": {"rows": [ids.index(id) for id in kept if id in ids]}},
    )  # fmt: skip
    st.session_state["train.selected"] = [ids[row] for row in event["selection"]["rows"] if row < len(ids)]
    return [run for run in runs if run.id in st.session_state["train.selected"]]


def _tools(selected: Sequence[Run]) -> None:
    one = selected[0] if len(selected) == 1 else None
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if st.button("Show above", icon=":material/show_chart:", help="Draw the selected runs in the charts above."):
            for run in selected:
                watched.show(run.id)
            st.rerun()
        if one and st.button("Use its settings", icon=":material/tune:", help="Put this run's settings into the form."):
            settings_form.fill(one.config)
            st.rerun()
        if one:
            with st.popover("Rename", icon=":material/edit:"):
                name = st.text_input("Name", one.name, max_chars=200, key=f"train.name.{one.id}")
                if name != one.name:
                    state.store().rename(one.id, name)
                    st.rerun()
        if st.button("Delete", icon=":material/delete:", help="Hide the selected runs; this can be undone."):
            for run in selected:
                state.engine().delete(run.id)
                watched.hide(run.id)
            st.session_state["train.deleted"] = [run.id for run in selected]
            st.session_state["train.selected"] = []
            st.rerun()


def _undo() -> None:
    deleted = st.session_state.get("train.deleted", [])
    if not deleted:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.write(f"Deleted run{'s' if len(deleted) > 1 else ''} {', '.join(map(str, deleted))}.")
        if st.button("Undo", icon=":material/undo:"):
            for id in deleted:
                state.store().undelete(id)
            st.session_state["train.deleted"] = []
            st.rerun()


def _compare(selected: Sequence[Run]) -> None:
    """Curves, settings (differences only) and probes of the selected runs."""
    launches = load(state.store(), [run.id for run in selected], st.session_state["train.records"], rounds=False)
    names = labels(launches)
    metric = st.segmented_control(
        "Compare", ["accuracy", "digit_accuracy", "loss"], key=state.recall("train.compared", "accuracy"),
        required=True,
        format_func=lambda name: curves.METRICS[name].title, label_visibility="collapsed",
    )  # fmt: skip
    shown = [launch.curve(name) for launch, name in zip(launches, names, strict=True)]
    live_chart(
        curves.learning_curves(shown, metric), "train.compare", revision=f"{metric} {names}", filename="comparison"
    )
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown("**What differs**")
        found = differences(dict(zip(names, (launch.config for launch in launches), strict=True)))
        if found:
            st.table(pd.DataFrame(found).T)
        else:
            st.caption("Nothing: the same settings give the same figures.")
    with right:
        st.markdown("**Probes after the last epoch**")
        _compare_probes(launches, names)


def _compare_probes(launches: Sequence[Launch], names: Sequence[str]) -> None:
    last = {
        name: as_array(launch.records[0][-1].probe)
        for name, launch in zip(names, launches, strict=True)
        if launch.records[0]
    }
    live_chart(probes.probe_gallery(last, columns=3, cell=190), "train.probes", toolbar=False)


def _load_model() -> None:
    st.caption("A .safetensors file saved here: its settings can be put into the form. Reading it executes no code.")
    file = st.file_uploader("Model file", type=["safetensors"], label_visibility="collapsed")
    if not file:
        return
    found = checkpoints.loads(file.getvalue(), file.name)
    left, right = st.columns([1, 1.4])
    with left:
        live_chart(probes.probe_heatmap(as_array(found.probe), height=260), "train.loaded", toolbar=False)
    with right:
        st.markdown(f"**{found.config.describe()}** ({found.config.protocol})")
        everything = found.outcome.all_pairs_accuracy
        exact = f", {everything:.2%} of all ordered test pairs" if everything is not None else ""
        st.write(f"{found.outcome.test_accuracy:.1%} of its test pairs{exact}; chosen epoch {found.outcome.epoch}.")
        if st.button("Use its settings", key="train.use_loaded", icon=":material/tune:"):
            settings_form.fill(found.config)
            st.rerun()
