"""Run by Alembic on the connection that `pairdigits.runs.database.connect` has open, within its transaction."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
with context.begin_transaction():
    context.run_migrations()
