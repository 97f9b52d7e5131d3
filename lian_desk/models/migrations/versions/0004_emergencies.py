"""Emergencies: when the script was read out, and until when the routine of the file stood still."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the table and its index."""
    op.create_table(
        "emergency",
        sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("assistance_file_id", IDENTIFIER, nullable=True),
        sa.Column("happened_at", sa.BigInteger(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("recorded_by", IDENTIFIER, nullable=False),
        sa.Column("lifted_at", sa.BigInteger(), nullable=True),
        sa.Column("lifted_by", IDENTIFIER, nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assistance_file_id"], ["assistance_file.id"], name="fk_emergency_assistance_file_id_assistance_file"
        ),
        sa.ForeignKeyConstraint(["recorded_by"], ["operator.id"], name="fk_emergency_recorded_by_operator"),
        sa.ForeignKeyConstraint(["lifted_by"], ["operator.id"], name="fk_emergency_lifted_by_operator"),
        sa.PrimaryKeyConstraint("id", name="pk_emergency"),
    )
    op.create_index("ix_emergency_assistance_file_id_lifted_at", "emergency", ["assistance_file_id", "lifted_at"])


def downgrade() -> None:
    """Drop the table with its index."""
    op.drop_table("emergency")
