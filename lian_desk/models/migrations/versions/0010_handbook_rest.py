"""The rest of the handbook: editions taken in from a file."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables and their indexes."""
    # handbook_edition: the file of an edition that a lead took in
    op.add_column("handbook_edition", sa.Column("content", sa.Text(), nullable=True))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("handbook_edition", "content")
