"""From 1.0: a run's visitor, speed and target, what its table is searched by, and blobs in a table of their own.

In the rows of the runs they made every listing walk through megabytes.
"""

import sqlalchemy as sa
from alembic import op

from pairdigits.config import RunConfig

revision = "1.1"
down_revision = None
BLOB = 2**26


def upgrade() -> None:
    """Move the blobs, add the columns and fill in what a run's settings tell."""
    op.create_table(
        "blobs",
        sa.Column("run", sa.Integer, sa.ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("snapshot", sa.LargeBinary(BLOB)),
        sa.Column("model", sa.LargeBinary(BLOB)),
    )
    op.execute("INSERT INTO blobs (run, snapshot, model) SELECT id, snapshot, model FROM runs")
    op.drop_column("runs", "snapshot")
    op.drop_column("runs", "model")
    for name, kind in (("visitor", sa.String(64)), ("variant", sa.String(10)), ("title", sa.String(200))):
        op.add_column("runs", sa.Column(name, kind, nullable=False, server_default=""))
    op.add_column("runs", sa.Column("speed", sa.Float))
    op.add_column("runs", sa.Column("until", sa.Integer, nullable=False, server_default="0"))
    op.create_index("runs_by_key", "runs", ["key"])
    op.create_index("runs_by_group", "runs", ["group"])
    op.create_index("runs_by_status", "runs", ["status"])
    op.create_index("runs_by_visitor", "runs", ["deleted", "visitor", "id"])
    runs = sa.table("runs", *map(sa.column, ("id", "config", "key", "variant", "title")))
    connection = op.get_bind()
    for id, text in connection.execute(sa.select(runs.c.id, runs.c.config)).all():
        try:
            config = RunConfig.from_json(text)
        except ValueError:
            continue  # said where the run is shown
        told = dict(key=config.key, variant=config.variant, title=config.describe())
        connection.execute(sa.update(runs).where(runs.c.id == id).values(**told))
