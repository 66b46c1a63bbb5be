"""Numbers with their signs, as text."""

from __future__ import annotations


def signed(value: float, digits: int = 7) -> str:
    """With its sign, and a minus as wide as a plus."""
    return f"{value:+.{digits}f}".replace("-", "−")


def short(value: float) -> str:
    """The same in few digits, also where it is tiny."""
    return signed(value, 5) if abs(value) >= 5e-4 or not value else f"{value:+.1e}".replace("-", "−")
