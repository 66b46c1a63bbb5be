"""What Python hands to a live chart; tests/browser/test_live_chart.py looks at it in a browser."""

from __future__ import annotations

import gzip
import json
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import numpy as np
import plotly.graph_objects as go
import pytest
from starlette.routing import Route

from dashboard.components import live_chart, plotly_script
from tests.pages.route_server import serve


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


def test_browsers_get_plotlys_script_compressed_and_keep_it():
    with serve([Route(f"/{plotly_script.ADDRESS}", plotly_script.respond)]) as address:
        request = Request(f"{address}/{plotly_script.ADDRESS}", headers={"Accept-Encoding": "gzip"})
        with urlopen(request) as answer:
            packed, headers = answer.read(), answer.headers
        assert len(packed) < 1_700_000 and gzip.decompress(packed) == plotly_script._plain()
        assert "max-age=31536000" in headers["Cache-Control"]
        request.add_header("If-None-Match", headers["ETag"])
        with pytest.raises(HTTPError) as unchanged:
            urlopen(request)
        assert unchanged.value.code == 304
