"""How wholly a page was read, and what a person covered on it by hand."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _columns() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("reading", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("unexplained", sa.Float(), nullable=True),
        sa.Column("unexplained_places", sa.Text(), nullable=False, server_default="[]"),
    )


def upgrade() -> None:
    """Add the columns: what was read so far was read in the first way, and nobody measured its ink."""
    for column in _columns():
        op.add_column("material_page_text", column)
    op.create_table(
        "page_cover",
        sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("material_id", IDENTIFIER, nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("boxes", sa.Text(), nullable=False),
        sa.Column("is_complete", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("made_by", IDENTIFIER, nullable=False),
        sa.ForeignKeyConstraint(["material_id"], ["material.id"], name="fk_page_cover_material_id_material"),
        sa.ForeignKeyConstraint(["made_by"], ["operator.id"], name="fk_page_cover_made_by_operator"),
        sa.PrimaryKeyConstraint("id", name="pk_page_cover"),
    )
    op.create_index("ix_page_cover_material_id_page_id", "page_cover", ["material_id", "page", "id"])


def downgrade() -> None:
    """Drop the table and the columns."""
    op.drop_table("page_cover")
    for column in reversed(_columns()):
        op.drop_column("material_page_text", column.name)
