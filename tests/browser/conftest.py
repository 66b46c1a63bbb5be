"""A real browser on a real server: Debian's chromium, driven by Playwright.

Without chromium the tests are skipped, except in CI, where that fails them. A page fails its test if it logs an error
or asks any other machine for anything.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.drawing import ready
from tests.browser.gallery_page import open_gallery
from tests.browser.server import HERE, ROOT, dashboard, serve

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP = {"viewport": {"width": 1280, "height": 800}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}
# Opened at an inner page, Streamlit first looks for its own addresses beside that page, and finds them one level up.
HARMLESS = ("/_stcore/health", "/_stcore/host-config")

PATIENCE = 90_000  # milliseconds: CI's machines are slow and busy, and a first visit waits for torch
expect.set_options(timeout=PATIENCE)  # of all tests: whoever sets it back sets it back for all that follow


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.flaky(reruns=2))  # browser, server and workers share the cores: one may wait


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The dashboard's address; it has one worker and an empty database of its own."""
    with dashboard(tmp_path_factory.mktemp("database")) as address:
        yield address


@pytest.fixture(scope="session")
def components() -> Iterator[str]:
    """The address of the components alone, under a base path."""
    with serve(ROOT / "dashboard" / "gallery.py", {}, base="lab") as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None:
        if os.environ.get("CI") == "true":
            pytest.fail("CI must have chromium: the browser tests may not be skipped there.")
        pytest.skip("No chromium on this machine.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """A function from Playwright's context options to a page that is watched for errors and outside requests."""
    contexts, troubles = [], []

    def note(message) -> None:
        if message.type == "error" and not urlsplit(message.location["url"]).path.endswith(HARMLESS):
            troubles.append(f"console: {message.text} ({message.location['url']})")

    def check(request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in ("data", "blob") and address.hostname != "localhost":
            troubles.append(f"outside request: {request.url[:200]}")

    def opened(**options) -> Page:
        context = browser.new_context(**(DESKTOP | options))
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        context.on("request", check)
        page = context.new_page()
        page.on("console", note)
        page.on("pageerror", lambda error: troubles.append(f"page error: {error}"))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not troubles, "\n".join(troubles)


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    """A page on a laptop."""
    return open_page()


@pytest.fixture
def phone(open_page: Callable[..., Page]) -> Page:
    """A page on a phone: 390 pixels wide, with a finger."""
    return open_page(**PHONE)


@pytest.fixture
def sketch(server: str, page: Page) -> Page:
    """The Sketch page, its models awake."""
    return ready(page, server)


@pytest.fixture
def gallery(components: str, page: Page) -> Page:
    """The components alone, all drawn."""
    return open_gallery(page, components)
