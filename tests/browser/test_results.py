"""The Results page in a real browser: tables and figures are there, and can be taken along."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect


def section(page: Page, server: str, name: str) -> Page:
    page.goto(f"{server}/results?section={name}")
    page.get_by_test_id("stHeading").nth(1).wait_for()
    return page


@pytest.mark.slow
def test_a_table_is_exported_three_ways(server: str, page: Page, tmp_path: Path) -> None:
    section(page, server, "tables")
    texts = {}
    for suffix in ("csv", "md", "tex"):
        with page.expect_download() as waiting:
            page.locator(f".st-key-table-table-1-{suffix} button").first.click()
        assert waiting.value.suggested_filename == f"table-1.{suffix}"
        waiting.value.save_as(tmp_path / suffix)
        texts[suffix] = (tmp_path / suffix).read_text()
    rows = list(csv.DictReader(texts["csv"].splitlines()))
    assert [float(row["Published"]) for row in rows] == [82.4, 86.4, 95.5]
    assert "| Base | 82.4 |" in texts["md"] and r"\begin{tabular}" in texts["tex"]


def test_the_reports_figures_are_there_and_can_be_saved(server: str, page: Page) -> None:
    section(page, server, "figures")
    for title in ("Figure 1:", "Figure 2:", "Figure 3:"):
        expect(page.get_by_role("heading", name=re.compile(title))).to_be_attached()
    charts = page.locator(".live-chart")
    expect(charts.locator(".main-svg").first).to_be_attached()
    expect(charts).to_have_count(7)  # 4 in Figure 1, 1 in Figure 2, 2 in Figure 3
    chart = charts.first
    chart.hover()
    with page.expect_download() as waiting:
        chart.locator('[data-title*="SVG"]').click()
    assert waiting.value.suggested_filename == "figure-1-v2-accuracy.svg"


@pytest.mark.slow
def test_a_section_is_an_address(server: str, page: Page) -> None:
    section(page, server, "tables")
    page.get_by_text("How good is good", exact=True).click()
    expect(page).to_have_url(re.compile("section=good"))
    expect(page.get_by_role("heading", name="How good is good")).to_be_visible()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "button", "first", "second"),
    [
        ("results", "Next: Its figures", "The report's tables", "Its figures"),
        ("lesson", "Next: Overfitting", "1. Which digit is larger?", "2. The base model learns"),
    ],
)
def test_every_step_back_is_seen(server: str, page: Page, name: str, button: str, first: str, second: str) -> None:
    page.goto(f"{server}/data")
    expect(page.get_by_role("heading", name="The pairs")).to_be_visible()
    page.goto(f"{server}/{name}")
    page.get_by_role("button", name=button).click()
    expect(page.get_by_role("heading", name=second)).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name=first)).to_be_visible()
    page.go_forward()
    expect(page.get_by_role("heading", name=second)).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name=first)).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="The pairs")).to_be_visible()


def test_run_again_is_offered_with_its_cost(server: str, page: Page) -> None:
    section(page, server, "again")
    expect(page.get_by_text("3 runs, 120 epochs in all")).to_be_visible()
    expect(page.get_by_role("button", name="Start")).to_be_enabled()


@pytest.mark.slow
def test_whoever_peeks_more_often_sees_the_claim_leave_the_truth(server: str, page: Page, phone: Page) -> None:
    section(page, server, "peeking")
    luck = page.get_by_test_id("stMetric").nth(2).get_by_test_id("stMetricValue")
    expect(luck).to_have_text(re.compile(r"\+0\.\d\d$"))
    before = float(luck.inner_text())
    pairs = page.get_by_role("slider", name="Test pairs")
    pairs.press("ArrowLeft")
    pairs.press("ArrowLeft")  # 200
    expect(page).to_have_url(re.compile("pairs=200"))
    expect(page.get_by_text(re.compile("best of 20 looks at the same 200 test pairs"))).to_be_visible()
    assert float(luck.inner_text()) > before
    mouse = page.get_by_role("slider", name="Seeds of each")
    box = mouse.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 1000, box["y"], steps=5)
    page.mouse.up()
    expect(page).to_have_url(re.compile("seeds=5"))
    shown = page.get_by_text(re.compile("best of 100 looks at the same 200 test pairs"))
    expect(shown).to_be_visible()
    sentence = shown.inner_text()
    phone.goto(page.url)  # the address is all that it takes
    expect(phone.get_by_text(sentence)).to_be_visible()
    rail = phone.get_by_role("slider", name="Looks at each run").bounding_box()
    phone.touchscreen.tap(40, rail["y"] + rail["height"] / 2)
    expect(phone.get_by_text(re.compile(r"The best of \d+ looks"))).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
