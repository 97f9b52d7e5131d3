"""Hospital lists that were taken in, columns told by hand, why a requirement leaned on the sample list."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
#: Version of the list that shipped when this revision was written; a row of any other source was taken in by a lead.
SAMPLE = "2024-11-demo"


def _key(column: str, table: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=f"fk_{table}_{column}_{target}")


def upgrade() -> None:
    """Create the tables and the column; a workspace whose directory names another source has its real list already."""
    op.create_table(
        "hospital_list",
        sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("is_whole", sa.Boolean(), nullable=False),
        sa.Column("taken_in_at", sa.BigInteger(), nullable=False),
        sa.Column("taken_in_by", IDENTIFIER, nullable=True),
        _key("taken_in_by", "hospital_list", "operator"),
        sa.PrimaryKeyConstraint("id", name="pk_hospital_list"),
    )
    op.create_table(
        "column_mapping",
        sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("list_kind", sa.String(length=40), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("columns", sa.Text(), nullable=False),
        sa.Column("told_at", sa.BigInteger(), nullable=False),
        sa.Column("told_by", IDENTIFIER, nullable=False),
        _key("told_by", "column_mapping", "operator"),
        sa.PrimaryKeyConstraint("id", name="pk_column_mapping"),
        sa.UniqueConstraint("list_kind", "fingerprint", name="uq_column_mapping_list_kind_fingerprint"),
    )
    op.add_column("requirement", sa.Column("sample_list_reason", sa.Text(), nullable=True))
    op.execute(
        sa.text(
            "INSERT INTO hospital_list (id, source, effective_on, is_whole, taken_in_at, taken_in_by) "
            "SELECT min(id), source, coalesce(min(on_list_from), date(min(recorded_at) / 1000000, 'unixepoch')), 0, "
            "min(recorded_at), NULL FROM hospital WHERE source NOT IN (:sample, '') GROUP BY source"
        ).bindparams(sample=SAMPLE)
    )


def downgrade() -> None:
    """Drop the column and the tables."""
    op.drop_column("requirement", "sample_list_reason")
    op.drop_table("column_mapping")
    op.drop_table("hospital_list")
