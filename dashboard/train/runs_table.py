"""All stored runs: filter, sort, rename, delete, and files of models to load.

Importing this loads torch.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import streamlit as st

from dashboard.charts import probes
from dashboard.components.launch_lines import launch_lines
from dashboard.components.live_chart import live_chart
from dashboard.shared import live_runs, orders, state
from dashboard.shared.launches import in_brief
from dashboard.shared.plain import say_error
from dashboard.train import comparison, settings_form, watched
from pairdigits import checkpoints
from pairdigits.cells import as_array
from pairdigits.config import RunConfig
from pairdigits.models import VARIANTS
from pairdigits.runs.listing import STATUSES, UNFINISHED, Page, Run

PERCENT = {
    "Kept model": "Test accuracy of the model that the run kept (%).",
    "Last": "Test accuracy of the latest epoch (%).",
    "Highest (peeked)": "Highest test accuracy of any epoch so far (%): chosen by looking at the test pairs.",
    "All pairs": "Of the kept model over all ordered pairs of test digits (%).",
}
BRIEF = ("Run", "Name", "Whose", "Model", "Status", "Epochs", "Kept model", "Highest (peeked)")  # shown at first
ROWS = 25  # on a page of the table
LINES = 6  # runs on their way that are followed below it


def draw() -> None:
    """The filters, what they leave, and what else there is to do."""
    st.header("All runs", divider="gray")
    _undo()
    left, middle, right = st.columns(3)
    left.text_input("Search", key="train.search", persist_state="session", placeholder="name, model or number")
    middle.multiselect("Models", list(VARIANTS), key="train.variants", persist_state="session",
                       format_func=lambda name: VARIANTS[name].title, placeholder="all")  # fmt: skip
    right.multiselect("Status", STATUSES, key="train.statuses", persist_state="session", placeholder="any")
    state.fragment(_found, key=watched.OF_RUNS[1])()  # drawn anew alone when a run is started: a class starts many
    with st.expander("Load a model", icon=":material/upload_file:"):
        _load_model()
    with st.expander("For the teacher", icon=":material/key:"):
        if orders.ask_for_code():
            _empty()


def _found() -> None:
    """The table with its tools, and the comparison of what is selected in it."""
    found = _page()
    for row in found.damaged:
        say_error(row.reason)
    selected = _select(found.runs)
    if selected:
        _tools(selected)
    elif found.runs:
        st.caption("Tick runs to show, rename or delete them; two or more to compare them.")
    _follow(found.runs)
    if len(selected) > 1:
        comparison.draw(selected)


def _page() -> Page:
    """The runs that the visitor asks for, one's own first; the database finds them."""
    place = st.empty()  # of the pages, whose number is known below
    wanted = {name: st.session_state[f"train.{name}"] for name in ("search", "variants", "statuses")}

    def fetch(number: int) -> Page:
        return state.store().page(ROWS, ROWS * (number - 1), first=state.visitor(), **wanted)

    found = fetch(1)
    pages = -(-found.total // ROWS)
    if pages > 1:
        number = place.pagination(pages, key=f"train.page.{pages}")
        found = fetch(number) if number > 1 else found
    if not found.total:
        st.info("No run matches. Whatever you train is kept here, also after a restart of the server.")
    return found


def table(runs: Sequence[Run], visitor: str = "") -> pa.Table:  # pyright: ignore[reportUnknownParameterType]: no stubs
    """One row a run, accuracies in percent; as browsers get it, which takes pandas ten times as long."""
    rows = [
        {
            "Run": run.id,
            "Name": run.name,
            "Whose": "yours" if run.visitor and run.visitor == visitor else "the class's",
            "Model": run.config.describe(),
            "Status": run.status,
            "Epochs": f"{run.epochs} of {run.config.epochs}",
            "Kept model": _percent(run.outcome and run.outcome.test_accuracy),
            "Last": _percent(run.last_accuracy),
            "Highest (peeked)": _percent(run.best_accuracy),
            "All pairs": _percent(run.outcome and run.outcome.all_pairs_accuracy),
            "Protocol": run.config.protocol,
            "Learning rate": run.config.learning_rate,
            "Pairs": run.config.train_pairs,
            "Data seed": run.config.data_seed,
            "Init seed": run.config.init_seed,
            "Started": run.created,
        }
        for run in runs
    ]
    found = pa.Table.from_pylist(rows)
    for place, name in enumerate(found.column_names):
        if name in PERCENT:  # of figures, even where no run has one
            found = found.set_column(place, name, found[name].cast(pa.float64()))
    return found


def _percent(share: float | None) -> float | None:
    return None if share is None else 100 * share


def _select(runs: Sequence[Run]) -> list[Run]:
    """The table; its selection is kept by the runs' ids, whatever rows come or go."""
    if not runs:
        return []
    ids = [run.id for run in runs]
    kept = watched.mine().selected
    columns = {
        name: st.column_config.NumberColumn(format="%.1f%%", help=help) for name, help in PERCENT.items()
    } | {"Started": st.column_config.DatetimeColumn(format="D MMM, HH:mm", help="In UTC.")}  # fmt: skip
    above = st.container()
    every = st.toggle("Every column", key="train.every", persist_state="session", help="Figures, settings and seeds.")
    event = above.dataframe(
        table(runs, state.visitor()), hide_index=True, column_config=columns, height=min(38 + 35 * len(runs), 320),
        column_order=None if every else BRIEF, placeholder="–", on_select="rerun",
        selection_mode="multi-row", key=f"train.table.{hash(tuple(ids))}",
        selection_default={"selection": {"rows": [ids.index(id) for id in kept if id in ids]}},
    )  # fmt: skip
    watched.mine().selected = [ids[row] for row in event["selection"]["rows"] if row < len(ids)]
    return [run for run in runs if run.id in watched.mine().selected]


def _follow(runs: Sequence[Run]) -> None:
    """The first runs of the table that are on their way, in lines that follow by themselves; the table does not."""
    on_their_way = [run for run in runs if run.status in UNFINISHED][:LINES]
    launches = [in_brief(state.store(), run) for run in on_their_way]
    lines = [
        live_runs.line(f"Run {launch.id}, {launch.runs[0].name or launch.config.describe()}", launch, mine=False)
        for launch in launches
    ]
    launch_lines("train.on_their_way", lines)


def _tools(selected: Sequence[Run]) -> None:
    one = selected[0] if len(selected) == 1 else None
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if st.button("Show above", icon=":material/show_chart:", help="Draw the selected runs in the charts above."):
            for run in selected:
                watched.show(run.id)
            st.rerun()
        if one and _use("Put this run's settings into the form.", one.config, "train.use"):
            st.rerun()
        if st.button("Delete", icon=":material/delete:", help="Hide the selected runs; this can be undone."):
            orders.change(state.engine().delete, selected)
            for run in selected:
                watched.hide(run.id)
            watched.mine().deleted = [run.id for run in selected]
            watched.mine().selected = []
            st.rerun()
    if one:
        with st.expander("Rename", icon=":material/edit:"):  # no popover: that comes last for the keyboard
            name = st.text_input("Name", one.name, max_chars=200, key=f"train.name.{one.id}")
            if name != one.name:
                orders.change(lambda id: state.store().rename(id, name), [one])
                st.rerun()


def _undo() -> None:
    deleted = watched.mine().deleted
    if not deleted:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.write(f"Deleted run{'s' if len(deleted) > 1 else ''} {', '.join(map(str, deleted))}.")
        if st.button("Undo", icon=":material/undo:"):
            for id in deleted:
                state.store().undelete(id)
            watched.mine().deleted = []
            st.rerun()


def _empty() -> None:
    """Where the teacher takes deleted runs out of the database for good."""
    store = state.store()
    count = store.page(1, include_deleted=True).total - store.page(1).total
    runs = f"{count} deleted run{'' if count == 1 else 's'}"
    if st.button(f"Remove {runs} for good", icon=":material/delete_forever:", disabled=not count,
                 help="Everybody's, with their models: nobody can undo it. What still trains is kept."):  # fmt: skip
        store.purge()
        watched.mine().deleted = []
        st.rerun()


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
        if _use("Put this model's settings into the form.", found.config, "train.use_loaded"):
            st.rerun()


def _use(help: str, config: RunConfig, key: str) -> bool:
    """A button that fills the form before anything is drawn: afterwards its widgets take no other value."""
    return st.button(
        "Use its settings", key=key, icon=":material/tune:", help=help, on_click=settings_form.fill, args=(config,)
    )
