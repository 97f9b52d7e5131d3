"""Alembic's entry: migrates the connection that the caller put into ``config.attributes``.

The caller switches foreign keys off before the transaction and checks them after it
(rebuilding a parent table with foreign keys on would delete its children).
"""

from alembic import context

from lian_desk.models.tables.schema import metadata

config = context.config


def run() -> None:
    """Run the revisions inside the caller's transaction."""
    context.configure(
        connection=config.attributes["connection"],
        target_metadata=metadata,
        render_as_batch=True,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
