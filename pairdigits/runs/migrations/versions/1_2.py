"""From 1.1: which run a run was forked from, and after which of its epochs."""

import sqlalchemy as sa
from alembic import op

revision = "1.2"
down_revision = "1.1"


def upgrade() -> None:
    """Add the columns: no run of older versions is a fork."""
    op.add_column("runs", sa.Column("parent", sa.String(64), nullable=False, server_default=""))
    op.add_column("runs", sa.Column("parent_epoch", sa.Integer, nullable=False, server_default="0"))
    op.create_index("runs_by_parent", "runs", ["parent"])
