"""Studies of many files in the plan of an intake."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the table of the files of a study."""
    op.create_table(
        "intake_part",
        sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("intake_entry_id", IDENTIFIER, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("member", sa.String(length=200), nullable=False),
        sa.Column("byte_size", sa.BigInteger(), nullable=True),
        sa.Column("modified_at", sa.BigInteger(), nullable=True),
        sa.Column("head", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["intake_entry_id"], ["intake_entry.id"], name="fk_intake_part_intake_entry_id_intake_entry"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_intake_part"),
    )
    op.create_index("ix_intake_part_intake_entry_id_place", "intake_part", ["intake_entry_id", "place"])
    op.create_index("ix_intake_part_path", "intake_part", ["path"])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("intake_part")
