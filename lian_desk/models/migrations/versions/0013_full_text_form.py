"""The form in which words lie in the full-text index, so that a newer form is written for what stands already."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the one row; what is indexed so far has the first form and is written anew after the desk has opened."""
    form = op.create_table(
        "full_text_form",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("form", sa.Integer(), nullable=False),
        sa.Column("reached", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_full_text_form"),
    )
    op.bulk_insert(form, [{"id": 1, "form": 1, "reached": 0}])


def downgrade() -> None:
    """Drop the row; the older program finds what it indexed itself and most of the rest."""
    op.drop_table("full_text_form")
