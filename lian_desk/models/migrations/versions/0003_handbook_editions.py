"""Editions of the handbook on record, and the notices of them that policyholders are owed."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

TABLES_LAST_FIRST = ("handbook_notice", "handbook_edition")


def upgrade() -> None:
    """Create both tables and their indexes."""
    op.create_table(
        "handbook_edition",
        sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("edition", sa.String(length=20), nullable=False),
        sa.Column("label", sa.String(length=100), nullable=False),
        sa.Column("checksum", sa.String(length=64), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decision_process", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("recorded_by", IDENTIFIER, nullable=False),
        sa.ForeignKeyConstraint(["recorded_by"], ["operator.id"], name="fk_handbook_edition_recorded_by_operator"),
        sa.PrimaryKeyConstraint("id", name="pk_handbook_edition"),
        sa.UniqueConstraint("edition", name="uq_handbook_edition_edition"),
    )
    op.create_table(
        "handbook_notice",
        sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("handbook_edition_id", IDENTIFIER, nullable=False),
        sa.Column("policy_id", IDENTIFIER, nullable=False),
        sa.Column("channel", sa.String(length=48), nullable=True),
        sa.Column("delivered_at", sa.BigInteger(), nullable=True),
        sa.Column("recorded_by", IDENTIFIER, nullable=True),
        sa.ForeignKeyConstraint(
            ["handbook_edition_id"],
            ["handbook_edition.id"],
            name="fk_handbook_notice_handbook_edition_id_handbook_edition",
        ),
        sa.ForeignKeyConstraint(["policy_id"], ["policy.id"], name="fk_handbook_notice_policy_id_policy"),
        sa.ForeignKeyConstraint(["recorded_by"], ["operator.id"], name="fk_handbook_notice_recorded_by_operator"),
        sa.PrimaryKeyConstraint("id", name="pk_handbook_notice"),
        sa.UniqueConstraint(
            "handbook_edition_id", "policy_id", name="uq_handbook_notice_handbook_edition_id_policy_id"
        ),
    )
    op.create_index("ix_handbook_notice_policy_id", "handbook_notice", ["policy_id"])


def downgrade() -> None:
    """Drop both tables, the last made first."""
    for table in TABLES_LAST_FIRST:
        op.drop_table(table)
