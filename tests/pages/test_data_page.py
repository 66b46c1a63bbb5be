"""The Data page and what it finds out."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.data import dataset
from dashboard.shared import state
from pairdigits import cells
from pairdigits.data import label_pairs, sample_pairs
from tests.pages.app import open_app


def words(page: AppTest) -> str:
    return "\n".join(element.value for element in page.markdown)


@pytest.mark.parametrize(
    ("section", "sentence"),
    [
        ("pairs", "of the 1,000 pairs have label 1"),
        ("classes", "Always answering “≤” is right for 55.0% of the pairs"),
        ("pooling", "196 of 784"),
        ("warping", "All twelve are labelled 5"),
        ("misread", "test digits are misread by every one of 7 models"),
        ("duplicates", "All 70,000 images were compared"),
    ],
)
def test_every_section_stands_and_ends_in_what_it_shows(section, sentence):
    page = open_app("data", section=section)
    assert not page.exception and not page.error and len(page.header) == 1
    assert sentence in page.markdown[-1].value


def test_filters_and_pages():
    page = open_app("data")
    assert "Page 1 of 42: 1,000 of 1,000 pairs" in words(page)
    page.selectbox(key="data.first").set_value(3).run()
    page.selectbox(key="data.class").set_value("tie").run()
    drawn = sample_pairs(state.mnist().train, 1000, 0).digits
    count = int(((drawn[:, 0] == 3) & (drawn[:, 1] == 3)).sum())
    assert f"{count} of 1,000 pairs" in words(page)
    page.selectbox(key="data.second").set_value(4).run()
    assert "No drawn pair is like that" in page.info[0].value
    for name in ("first", "second", "class"):
        page.selectbox(key=f"data.{name}").set_value("any").run()
    next(button for button in page.button if button.label == "Next").click().run()
    assert "Page 2 of 42" in words(page)


def test_the_exact_share_agrees_with_many_drawn_pairs():
    less, tie, more = cells.class_shares(cells.pair_table(dataset.digit_counts("train")))
    drawn = label_pairs(sample_pairs(state.mnist().train, 30_000, 1).digits).float().mean().item()
    assert less == pytest.approx(more) and less + tie == pytest.approx(drawn, abs=0.01)


def test_duplicates_are_found_where_there_are_some(monkeypatch):
    import torch

    from pairdigits.data import MNIST, Digits

    images = torch.arange(4, dtype=torch.uint8).view(4, 1, 1).expand(4, 28, 28)
    splits = [Digits(images[[0, 1, 1]], torch.zeros(3).long()), Digits(images[[1, 2, 3, 3]], torch.zeros(4).long())]
    monkeypatch.setattr(state, "mnist", lambda: MNIST(*splits))
    dataset.duplicates.clear()
    try:
        assert dataset.duplicates(28) == dataset.duplicates(14) == (7, 1, 1, 1)
    finally:
        dataset.duplicates.clear()


def test_digits_that_all_misread_are_misread_by_each():
    names = dataset.available("report")
    if not names:
        pytest.skip("No committed models yet.")
    found = dataset.misread("report", names)
    assert found.readings.shape == (len(names), len(found.indices)) and found.tested == 10_000
    assert (found.readings != found.labels).all()
    assert (state.mnist().test.labels.numpy()[found.indices] == found.labels).all()
