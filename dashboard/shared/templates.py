"""HTML by template: whatever is put into one is escaped, and a name that it was not given is an error."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

_ENVIRONMENT = Environment(
    loader=FileSystemLoader(Path(__file__).parents[1]),
    autoescape=True,
    undefined=StrictUndefined,
    auto_reload=False,  # or every rendering would ask the disk whether the template has changed
    trim_blocks=True,
    lstrip_blocks=True,
)


def render(template: str, **values: Any) -> str:
    """Fill in a template.

    Parameters
    ----------
    template : str
        Its path below ``dashboard/``, such as ``"sketch/cards.html"``.
    **values
        What it shows. A `markupsafe.Markup` is HTML already; any other text is escaped.
    """
    return _ENVIRONMENT.get_template(template).render(values)
