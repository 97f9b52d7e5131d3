"""Former names of the insured person."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the table and its index."""
    op.create_table(
        "former_name",
        sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("insured_person_id", IDENTIFIER, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("recorded_by", IDENTIFIER, nullable=False),
        sa.Column("removed_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["insured_person_id"], ["insured_person.id"], name="fk_former_name_insured_person_id_insured_person"
        ),
        sa.ForeignKeyConstraint(["recorded_by"], ["operator.id"], name="fk_former_name_recorded_by_operator"),
        sa.PrimaryKeyConstraint("id", name="pk_former_name"),
    )
    op.create_index("ix_former_name_insured_person_id", "former_name", ["insured_person_id"])


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_former_name_insured_person_id", "former_name")
    op.drop_table("former_name")
