"""Files asked to be taken in, kept until they are; settings of the workspace; from which archive a material came."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

TABLES_LAST_FIRST = ("workspace_setting", "intake_entry", "intake_job")


def _key(column: str, table: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=f"fk_{table}_{column}_{target}")


def upgrade() -> None:
    """Create the tables and their indexes, and the column of the archive's name."""
    op.add_column("material", sa.Column("archive_name", sa.String(length=400), nullable=True))
    op.create_table(
        "intake_job",
        sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("assistance_file_id", IDENTIFIER, nullable=False),
        sa.Column("source", sa.String(length=48), nullable=False),
        sa.Column("begun_at", sa.BigInteger(), nullable=False),
        sa.Column("begun_by", IDENTIFIER, nullable=False),
        _key("assistance_file_id", "intake_job", "assistance_file"),
        _key("begun_by", "intake_job", "operator"),
        sa.PrimaryKeyConstraint("id", name="pk_intake_job"),
    )
    op.create_index("ix_intake_job_assistance_file_id", "intake_job", ["assistance_file_id"])
    op.create_table(
        "intake_entry",
        sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("intake_job_id", IDENTIFIER, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("member", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=400), nullable=False),
        sa.Column("archive_name", sa.String(length=400), nullable=False),
        sa.Column("byte_size", sa.BigInteger(), nullable=True),
        sa.Column("modified_at", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(length=48), nullable=False),
        sa.Column("material_id", IDENTIFIER, nullable=True),
        _key("intake_job_id", "intake_entry", "intake_job"),
        _key("material_id", "intake_entry", "material"),
        sa.PrimaryKeyConstraint("id", name="pk_intake_entry"),
    )
    op.create_index("ix_intake_entry_intake_job_id_state_place", "intake_entry", ["intake_job_id", "state", "place"])
    op.create_index("ix_intake_entry_state_intake_job_id", "intake_entry", ["state", "intake_job_id"])
    op.create_index("ix_intake_entry_path", "intake_entry", ["path"])
    op.create_table(
        "workspace_setting",
        sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_by", IDENTIFIER, nullable=False),
        _key("changed_by", "workspace_setting", "operator"),
        sa.PrimaryKeyConstraint("id", name="pk_workspace_setting"),
        sa.UniqueConstraint("name", name="uq_workspace_setting_name"),
    )


def downgrade() -> None:
    """Drop the tables, the last made first, and the column."""
    for table in TABLES_LAST_FIRST:
        op.drop_table(table)
    op.drop_column("material", "archive_name")
