"""What Python hands to a live chart; test_components.py looks at it in a browser."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import plotly.graph_objects as go

from dashboard.components import live_chart


def test_a_figure_becomes_plain_json():
    figure = go.Figure(go.Scatter(x=np.arange(3), y=np.array([0.5, np.nan, np.inf]), customdata=np.eye(2)))
    trace = live_chart.plain(figure.data[0].to_plotly_json())
    assert trace["x"] == [0, 1, 2] and trace["y"] == [0.5, None, None] and trace["customdata"] == [[1, 0], [0, 1]]
    json.dumps(trace, allow_nan=False)


def test_a_figure_describes_itself():
    figure = go.Figure([go.Scatter(name="v5 · test"), go.Scatter(name="v5 · test"), go.Scatter()])
    figure.update_layout(title_text="Rounds", xaxis_title_text="Epoch", yaxis_title_text="Loss")
    figure.add_annotation(text="<b>v1</b><br>2 wrong")
    assert live_chart.describe(figure) == "Chart. Rounds; Loss over Epoch; v1  2 wrong; v5 · test"
    traces, layout = live_chart.parts(figure)
    assert live_chart.describe({"data": traces, "layout": layout}) == live_chart.describe(figure)


def test_the_script_is_copied_whole_by_many_at_once(tmp_path, monkeypatch):
    monkeypatch.setattr(live_chart, "STATIC", tmp_path)
    copy = live_chart.plotly_script.__wrapped__  # without the cache
    with ThreadPoolExecutor(4) as pool:
        (target,) = {copy() for _ in pool.map(lambda _: copy(), range(8))}
    assert [target] == list(tmp_path.iterdir())
    assert target.stat().st_size > 1_000_000
    target.write_text("cut off")
    assert copy().stat().st_size > 1_000_000
