"""The life of a material: pages put in order, the trash, erasure, rows that share the bytes of one file."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

TABLES_LAST_FIRST = ("stored_file_discard", "material_origin", "material_removal")
COLUMNS = (("page_plan", sa.Text()), ("trashed_at", sa.BigInteger()), ("erased_at", sa.BigInteger()))


def _key(column: str, table: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=f"fk_{table}_{column}_{target}")


def upgrade() -> None:
    """Add the columns, create the tables and their indexes."""
    for name, kind in COLUMNS:
        op.add_column("material", sa.Column(name, kind, nullable=True))
    op.create_index(
        "ix_material_trash", "material", ["trashed_at", "id"], sqlite_where=sa.text("trashed_at is not null")
    )
    _create_removal()
    op.create_table(
        "material_origin",
        sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("material_id", IDENTIFIER, nullable=False),
        sa.Column("from_id", IDENTIFIER, nullable=False),
        sa.Column("relation", sa.String(length=48), nullable=False),
        _key("material_id", "material_origin", "material"),
        _key("from_id", "material_origin", "material"),
        sa.PrimaryKeyConstraint("id", name="pk_material_origin"),
        sa.UniqueConstraint("material_id", name="uq_material_origin_material_id"),
    )
    op.create_index("ix_material_origin_from_id", "material_origin", ["from_id"])
    op.create_table(
        "stored_file_discard",
        sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("queued_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_stored_file_discard"),
        sa.UniqueConstraint("sha256", name="uq_stored_file_discard_sha256"),
    )


def _create_removal() -> None:
    op.create_table(
        "material_removal",
        sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("material_id", IDENTIFIER, nullable=False),
        sa.Column("removed_at", sa.BigInteger(), nullable=False),
        sa.Column("removed_by", IDENTIFIER, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("restored_at", sa.BigInteger(), nullable=True),
        sa.Column("restored_by", IDENTIFIER, nullable=True),
        sa.Column("erased_at", sa.BigInteger(), nullable=True),
        sa.Column("erased_by", IDENTIFIER, nullable=True),
        sa.Column("erase_reason", sa.Text(), nullable=False),
        _key("material_id", "material_removal", "material"),
        _key("removed_by", "material_removal", "operator"),
        _key("restored_by", "material_removal", "operator"),
        _key("erased_by", "material_removal", "operator"),
        sa.PrimaryKeyConstraint("id", name="pk_material_removal"),
    )
    op.create_index("ix_material_removal_material_id_removed_at", "material_removal", ["material_id", "removed_at"])


def downgrade() -> None:
    """Drop the tables, the last made first, and the columns."""
    for table in TABLES_LAST_FIRST:
        op.drop_table(table)
    op.drop_index("ix_material_trash", "material")
    for name, _kind in reversed(COLUMNS):
        op.drop_column("material", name)
