"""What the lesson remembers of a visitor besides the widgets' values."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Visitor:
    """Read by `dashboard.shared.state.memory`."""

    step: int = 1  # looked at last, from 1
    weight: dict[str, Any] = field(default_factory=dict)  # looked at in a training step: fields of its `Question`
    played: int = 0  # pairs compared against the models
    right: Counter[str] = field(default_factory=Counter)  # of those, by "you" and the models' names
