"""The Train page in a real browser, on real data."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.rested import choose
from tests.browser.server import ROOT

CURVES = "(document.querySelector('.live-chart')?.data ?? [])"  # the first chart's traces


def open_train(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.get_by_role("heading", name="All runs")).to_be_visible()


def press(page: Page, words: str) -> None:
    page.get_by_test_id("stMain").get_by_role("button", name=words, exact=True).click()  # not Streamlit's own Stop


def progress(page: Page) -> Locator:
    """A line of text for each launch that is shown."""
    return page.locator(".launch-line").filter(has=page.locator("progress:visible"))


def says(page: Page, words: str, count: int = 1) -> None:
    expect(progress(page).filter(has_text=re.compile(words))).to_have_count(count)


def has_curves(page: Page, points: list[int]) -> None:
    """Wait until the first chart's test curves have this many points each."""
    lengths = f"{CURVES}.filter((trace) => trace.name?.includes('· test')).map((trace) => trace.x.length)"
    page.wait_for_function(f"String({lengths}) === '{','.join(map(str, points))}'")


def shown(page: Page) -> list[str]:
    return parse_qs(urlsplit(page.url).query)["runs"][0].split(",")


def test_three_epochs_are_drawn_and_found_again_after_a_reload(server: str, page: Page) -> None:
    open_train(page, f"{server}/train?epochs=3")
    press(page, "Start")
    has_curves(page, [3])
    says(page, "finished")
    expect(page.get_by_role("status").filter(has_text="finished")).to_be_attached()  # what a screen reader hears
    expect(page.get_by_text(re.compile("of 100 cells"))).to_be_visible()
    page.reload()
    has_curves(page, [3])
    says(page, "finished")
    expect(page.get_by_role("spinbutton", name="Epochs")).to_have_value("3")


@pytest.mark.slow
def test_settings_outlive_a_page_switch_and_back_takes_them_back(server: str, page: Page) -> None:
    open_train(page, f"{server}/train")
    for name, value, written in (("Epochs", "7", "epochs"), ("Training pairs", "400", "train_pairs")):
        page.get_by_role("spinbutton", name=name).fill(value)
        page.get_by_role("spinbutton", name=name).press("Enter")
        expect(page).to_have_url(re.compile(f"{written}={value}"))
    page.go_back()
    expect(page.get_by_role("spinbutton", name="Training pairs")).to_have_value("1000")
    expect(page.get_by_role("spinbutton", name="Epochs")).to_have_value("7")
    page.get_by_role("link", name="Results").first.click()
    expect(page.get_by_role("heading", name="Results")).to_be_visible()
    page.get_by_role("link", name="Train").first.click()
    expect(page.get_by_role("spinbutton", name="Epochs")).to_have_value("7")
    expect(page).to_have_url(re.compile("epochs=7"))


@pytest.mark.slow
def test_a_reload_in_the_middle_of_a_run_finds_it_still_training(server: str, page: Page) -> None:
    open_train(page, f"{server}/train?epochs=1000&train_pairs=300&speed=2&init_seed=81")
    press(page, "Start")
    says(page, r"epoch [1-9]\d* of 1000")
    page.reload()
    says(page, r"epoch [1-9]\d* of 1000")
    press(page, "Stop")
    says(page, "stopped after epoch")


@pytest.mark.slow
def test_pause_step_and_continue(server: str, page: Page) -> None:
    open_train(page, f"{server}/train?epochs=6&train_pairs=300")
    press(page, "First epoch only")
    says(page, "paused after epoch 1 of 6")
    press(page, "Step")
    says(page, "paused after epoch 2 of 6")
    has_curves(page, [2])
    press(page, "Continue")
    says(page, "finished")
    has_curves(page, [6])


@pytest.mark.slow
def test_two_runs_lie_over_one_another_and_differ_by_name(server: str, page: Page) -> None:
    open_train(page, f"{server}/train?epochs=2&train_pairs=300")
    press(page, "Start")
    says(page, "finished")
    rate = page.get_by_role("spinbutton", name="Learning rate")
    rate.fill("0.002")
    rate.press("Enter")
    expect(page).to_have_url(re.compile("learning_rate=0.002"))
    press(page, "Start")
    has_curves(page, [2, 2])
    says(page, "finished", 2)
    names = page.evaluate(f"{CURVES}.map((trace) => trace.name)")
    assert "learning rate 0.01 · test" in names and "learning rate 0.002 · test" in names
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_timeout(1000)  # milliseconds: the chart takes the window's width
    legend, plot = (page.locator(f".live-chart {part}").first.bounding_box() for part in (".legend .bg", ".nsewdrag"))
    assert legend["height"] <= plot["height"]


@pytest.mark.slow
def test_the_address_opens_the_same_page_elsewhere(server: str, page: Page, phone: Page) -> None:
    open_train(
        page, f"{server}/train?variant=v3&shared=false&epochs=2&train_pairs=300&augmentation=rotation=5&rounds=2"
    )
    press(page, "Start")
    says(page, "2 rounds")
    has_curves(page, [2])
    address = page.url
    open_train(phone, address)
    has_curves(phone, [2])
    expect(phone.get_by_role("spinbutton", name="Training pairs")).to_have_value("300")
    assert phone.url == address
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    table = phone.get_by_test_id(
        "stDataFrame"
    ).first.bounding_box()  # its toolbar, always there, pushes nothing over it
    below = phone.get_by_text("Every column").bounding_box()
    assert table["y"] + table["height"] <= below["y"]


@pytest.mark.slow
def test_records_and_model_can_be_taken_along_and_the_model_loaded(server: str, page: Page, tmp_path: Path) -> None:
    open_train(page, f"{server}/train?epochs=2&train_pairs=300&variant=v1")
    press(page, "Start")
    says(page, "finished")
    with page.expect_download() as download:
        press(page, "Records (CSV)")
    rows = list(csv.DictReader(Path(download.value.path()).read_text().splitlines()))
    assert [row["epoch"] for row in rows] == ["1", "2"] and shown(page) == [rows[0]["run"]]
    assert 0 < float(rows[1]["test_accuracy"]) <= 1
    with page.expect_download() as download:
        press(page, "Model (safetensors)")
    model = tmp_path / download.value.suggested_filename
    download.value.save_as(model)
    page.get_by_text("Load a model").click()
    page.locator("input[type=file]").set_input_files(model)
    expect(page.get_by_text(re.compile("of its test pairs"))).to_be_visible()
    damaged = tmp_path / "damaged.safetensors"
    damaged.write_bytes(model.read_bytes()[:1000])
    page.locator("input[type=file]").set_input_files(damaged)
    expect(page.get_by_text("damaged.safetensors is damaged")).to_be_visible()


@pytest.mark.slow
def test_stop_reseed_and_look_back(server: str, page: Page) -> None:
    open_train(page, f"{server}/train?epochs=1000&train_pairs=300&speed=2&init_seed=82")
    press(page, "Start")
    says(page, r"epoch ([3-9]|\d\d+) of 1000, about \d+ s left")
    press(page, "Stop")
    says(page, "stopped after epoch")
    look = page.get_by_role("slider", name=re.compile("^Epoch"))
    look.focus()
    look.press("Home")
    expect(page.get_by_text(re.compile(r"after epoch 1: \d+ of 100"))).to_be_visible()
    press(page, "Reseed")
    says(page, r"epoch [1-9]\d* of 1000")
    expect(progress(page)).to_have_count(1)  # it takes the place of the run that it repeats
    press(page, "Stop")
    says(page, "stopped after epoch")


@pytest.mark.slow
def test_rename_find_delete_and_undo(server: str, page: Page) -> None:
    weight = f"0.{time.time_ns() // 1000 % 10**4:04}1"  # tried again it would else be a run that is somebody else's
    open_train(page, f"{server}/train?epochs=2&train_pairs=300&variant=v6&auxiliary_weight={weight}")
    press(page, "Start")
    says(page, "finished")
    press(page, "Hide")
    search = page.get_by_role("textbox", name="Search")
    search.fill(f"auxiliary loss x {weight}")
    search.press("Enter")
    table = page.get_by_test_id("stDataFrame").first
    expect(table.locator("table").first).to_have_attribute("aria-rowcount", "2")  # its head and what was found
    table.click(position={"x": 18, "y": 52})  # the first row's tick
    page.get_by_text("Rename", exact=True).click()
    name = page.get_by_role("textbox", name="Name")
    name.fill("my first six")
    name.press("Enter")
    press(page, "Show above")
    says(page, "my first six.*finished")
    press(page, "Delete")
    expect(page.get_by_text(re.compile(r"Deleted run \d+\."))).to_be_visible()
    expect(page.get_by_text("No run matches.")).to_be_visible()
    press(page, "Undo")
    expect(table).to_be_visible()


@pytest.mark.slow
def test_the_page_lives_while_runs_come_and_go() -> None:
    command = [sys.executable, "-m", "tests.load.soak", "--minutes", "1"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("device", ["page", "phone"])
def test_a_run_is_forked_and_its_family_stands_below(device: str, request, server: str) -> None:
    page: Page = request.getfixturevalue(device)
    by_finger = device == "phone"
    open_train(page, f"{server}/train?epochs=3&train_pairs=300&variant=v4")
    press(page, "Start")
    says(page, "finished")
    (parent,) = shown(page)
    look = page.get_by_role("slider", name=re.compile("^Epoch"))
    look.press("ArrowLeft")
    fork = page.locator("summary", has_text="Fork after epoch 2")
    fork.tap() if by_finger else fork.press("Enter")
    form = page.locator("details", has_text="Fork after epoch 2")
    model = form.get_by_role("combobox", name="Model")
    choose(model, "Siamese v5")
    expect(page).to_have_url(re.compile(r"epoch=2.*fork\.variant=v5"))
    page.reload()  # as whoever opens the link: the same epoch, and the form as it was chosen
    expect(model).to_have_value("Siamese v5")
    future = page.get_by_role("button", name="Train this future")
    future.tap() if by_finger else future.click()
    expect(page.get_by_text(re.compile(f"Up to epoch 2 runs {parent} and"))).to_be_visible()
    family = page.get_by_role("tree", name="Runs that share a past").get_by_role("treeitem")
    expect(family).to_have_count(2)
    expect(family.nth(1)).to_contain_text("after epoch 2")
    expect(family.nth(1)).to_contain_text("variant v5")
    assert shown(page)[0] == parent and len(shown(page)) == 2
    press(page, f"Run {parent}")
    expect(family.first.get_by_role("button")).to_have_attribute("aria-current", "true")
