"""Where trained models and finished rounds are kept."""

from __future__ import annotations

from pathlib import Path

CHECKPOINTS = Path(__file__).parents[1] / "checkpoints"  # beside this package, in a clone and as installed
