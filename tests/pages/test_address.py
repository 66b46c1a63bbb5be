"""An address that asks for what there is not: one sentence on every page, and nothing in it is Markdown."""

from __future__ import annotations

import pytest

from tests.pages.app import open_app, said

LINK = "[log in](http://elsewhere)"


@pytest.mark.parametrize(
    ("page", "query"),
    [
        ("", {"models": LINK}),
        ("", {"model": LINK}),
        ("train", {"view": LINK}),
        ("train", {"runs": f"1,{LINK}"}),
        ("probe", {"variant": LINK}),
        ("probe", {"source": LINK}),
        ("probe", {"numbers": LINK}),
        ("probe", {"point": LINK}),
        ("probe", {"first_from": LINK}),
        ("results", {"section": LINK}),
        ("results", {"section": "peeking", "looks": LINK}),
        ("data", {"section": LINK}),
        ("sharing", {"section": "step", "step_weight": LINK}),
        ("sharing", {"section": "step", "step_phase": LINK}),
        ("sharing", {"section": "step", "step_tied": LINK}),
        ("auxiliary", {"section": "labels", "labels_against": LINK}),
        ("lesson", {"step": LINK}),
    ],
    ids=lambda value: "" if isinstance(value, str) else list(value)[-1],
)
def test_what_there_is_not_gets_one_sentence(page: str, query: dict[str, str]) -> None:
    app = open_app(page, **query)
    boxes = [box for box in (*app.warning, *app.error, *app.info) if "log in" in box.value]
    assert not app.exception and len(boxes) == 1
    assert LINK[:20] in said(boxes[0])
    assert "](" not in boxes[0].value
