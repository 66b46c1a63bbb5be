"""The dashboard without a browser, opened at one of its pages."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from dashboard.shared.plain import JOINER

T = TypeVar("T")
APP = Path(__file__).parents[2] / "dashboard" / "pages.py"


def said(box) -> str:
    """What an error box or a warning says; no mark in it is Markdown, and no address in it a link."""
    return box.value.replace("\\", "").replace(JOINER, "")


def boards(app: AppTest) -> str:
    """All that a page's boards say, see `dashboard.components.live_html.board`."""
    return " ".join(
        element.proto.json for element in app.get("bidi_component") if element.proto.component_name == "board"
    )


def memory(app: AppTest, kind: type[T]) -> T:
    """What a page remembers of its visitor in a dataclass of this kind, see `dashboard.shared.state.memory`."""
    return app.session_state[_key(kind)]


def remember(app: AppTest, what: object) -> None:
    """Let a page find this where it looks for what it remembers of its visitor."""
    app.session_state[_key(type(what))] = what


def _key(kind: type) -> str:
    return f"{kind.__module__}.{kind.__name__}"


def open_app(page: str, **query: str) -> AppTest:
    """The dashboard as a visitor finds it who follows a link to this page, after its first run."""
    app = AppTest.from_file(str(APP), default_timeout=240)
    app._page_hash = calc_hash(page)  # switch_page knows addresses only after a run, which would be Sketch's
    for name, value in query.items():
        app.query_params[name] = value
    return app.run()


def open_section(page: str, section: str) -> AppTest:
    """A page at one of its sections, which stands."""
    app = open_app(page, section=section)
    assert not app.exception and not app.error, [one.value for one in app.error]
    return app


def words(app: AppTest) -> str:
    """What a page says in its text."""
    return " ".join(one.value for kind in (app.markdown, app.caption, app.metric, app.info) for one in kind)
