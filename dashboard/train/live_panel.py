"""The runs that a visitor watches: progress, controls, curves, the probe and what the figures say.

It is drawn when the visitor does something, and when a run comes to rest; in between, what stands here follows by
itself. Importing this loads torch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard.charts import curves, probes
from dashboard.components.launch_lines import Line, launch_lines
from dashboard.components.live_chart import live_chart
from dashboard.shared import address, live_runs, orders
from dashboard.shared.launches import Launch, labels
from dashboard.train import charts, controls, findings, forking, prepared, settings_form, watched
from pairdigits import cells
from pairdigits.choices import PROBE_KINDS
from pairdigits.models import VARIANTS

PLOT, LEGEND = 250, 24  # pixels: a chart, and a row of its legend
METRICS = {  # view -> what its two charts show; the second one is of the digits
    "accuracy": ("accuracy", "digit_accuracy"),
    "loss": ("class_loss", "digit_loss"),
    "gap": ("accuracy", "digit_accuracy"),
}


def draw() -> None:
    """The whole panel."""
    orders.tell_trouble()
    launches = watched.launches()
    if not launches:
        watched.rest()
        prepared.draw(st.session_state[settings_form.key("variant")], PLOT)
        return
    names = dict(zip((launch.id for launch in launches), labels(launches), strict=True))
    focus = controls.focus(launches, names)
    controls.draw(focus)
    launches = [_as_shown(launch) for launch in launches]
    focus = next(launch for launch in launches if launch.id == focus.id)
    _progress(launches, names)
    st.segmented_control(
        "Curves", list(watched.VIEWS), key="train.view", persist_state="session", required=True,
        format_func=watched.VIEWS.__getitem__, label_visibility="collapsed", on_change=watched.write_address,
    )  # fmt: skip
    left, right = st.columns([1.55, 1], gap="medium")
    with right:
        epoch = _probe(focus)
    with left:
        _curves(launches, names, None if focus.active else epoch)
    forking.futures(launches)
    forking.draw(focus, epoch)
    findings.draw(focus, epoch)
    if not focus.active:
        watched.mine().linked = False
    watched.write_address()


def _as_shown(launch: Launch) -> Launch:
    """As it is, or as it was before its first epoch, if it is played from there."""
    return launch.at(0) if launch.finished and launch.id == watched.mine().played else launch


def _progress(launches: Sequence[Launch], names: Mapping[int, str]) -> None:
    """A line for each launch, which draws what shows runs anew when it begins or comes to rest."""
    played, speed = watched.mine().played, st.session_state["train.speed"] or watched.PLAYED

    def turned(id: int) -> None:
        if id == played:
            watched.play(None)
        st.rerun(scope=list(watched.OF_RUNS))

    takes = watched.mine().takes
    lines = [
        live_runs.line(names[launch.id], launch, play=speed, take=takes)
        if launch.id == played
        else live_runs.line(names[launch.id], launch)
        for launch in launches
    ]
    launch_lines("train.lines", lines, on_turn=turned)


def _curves(launches: Sequence[Launch], names: Mapping[int, str], cursor: int | None) -> None:
    view, baseline = st.session_state["train.view"], watched.mine().baseline
    shown = [launch.curve(names[launch.id], launch.id == baseline) for launch in launches]
    reading = any(VARIANTS[launch.config.variant].siamese for launch in launches)
    for i, metric in enumerate(METRICS[view][: 2 if reading else 1]):
        height = PLOT if i else PLOT + min(LEGEND * (len(shown) + 1), PLOT)
        draw_one = charts.gap_curves if view == "gap" else curves.learning_curves
        figure = draw_one(shown, metric, height=height, cursor=cursor)
        for trace in figure["data"]:  # the second chart has the first one's colours, and the star is explained below
            if i or trace["mode"] == "markers":
                trace["showlegend"] = False
        live_chart(figure, f"train.curves.{i}", revision=f"{view} {names}", filename=f"pairdigits-{metric}")
    if view != "gap":
        st.caption(
            "★ The epoch whose model is kept: the best on the validation pairs; as published, on the test pairs."
        )


def _look_back(slot: str, latest: int) -> int:
    """The epoch that is looked at: the latest, another one of the visitor's choice, or the one that a link opens."""
    if watched.mine().linked:
        st.session_state[slot] = address.checked("epoch", range(1, latest + 1)) or latest
        watched.mine().epoch = None if st.session_state[slot] == latest else st.session_state[slot]
    st.session_state.setdefault(slot, latest)
    return st.slider("Epoch", 1, latest, key=slot, help="Look back: the curves, the probe and your pair at this epoch.")


def _probe(focus: Launch) -> int | None:
    """The last layer's verdicts, of the latest epoch while a run trains; once it rests, of any; returns the epoch."""
    records = focus.records[0]
    if not records and not focus.active:
        return None
    latest = epoch = records[-1].epoch if records else 0
    if latest > 1 and not focus.active:
        epoch = _look_back(f"train.scrub.{focus.id}.{latest}", latest)
    if not watched.mine().linked:
        watched.mine().epoch = epoch if epoch < latest else None
    variant = VARIANTS[focus.config.variant]
    board = cells.as_array(records[epoch - 1].probe if records else [[None] * 10] * 10)
    wrong = f"after epoch {epoch}: {cells.wrong(board).sum()} of 100 cells wrong" if records else "after epoch 1"
    growing = focus.id if focus.active else None
    live_chart(
        probes.probe_heatmap(board, height=330), "train.probe", toolbar=False, probe_of=growing,
        alt=f"Probe of {variant.title}" + ("." if growing else f" {wrong}."),
    )  # fmt: skip
    kind = PROBE_KINDS[variant.probe_kinds[0]].title.lower()
    launch_lines("train.wrong", [Line(f"Probe, {kind}, ", wrong, growing, "wrong")])
    st.caption("White where the model says first ≤ second, a cross where that is wrong.")
    return epoch or None
