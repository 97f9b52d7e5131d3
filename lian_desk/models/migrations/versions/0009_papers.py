"""Papers for several readers, corrected papers, papers about the team; indexes for the figures of a team."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

CORRECTS = "fk_issued_document_corrects_id_issued_document"
#: Index, table and columns that the figures of a team are read from.
TEAM_INDEXES = (
    ("ix_clock_run_met_at_kind_due_at", "clock_run", ["met_at", "kind", "due_at"]),
    (
        "ix_entitlement_entry_happened_at_kind_service_kind",
        "entitlement_entry",
        ["happened_at", "kind", "service_kind"],
    ),
)
FILLED: dict[str, sa.types.TypeEngine[Any]] = {
    "view_sha256": sa.String(length=64),
    "masking": sa.String(length=48),
    "is_signed": sa.Boolean(),
    "recipient": sa.String(length=200),
    "correction_reason": sa.Text(),
}
#: What the papers issued before are taken for.
FILL = """
update issued_document set view_sha256 = '', masking = case when is_masked then 'internal' else 'revealed' end,
    is_signed = 0, recipient = '', correction_reason = ''
"""
EMPTY = ("subject_id", "corrects_id")


def upgrade() -> None:
    """Widen the papers, then make the indexes."""
    with op.batch_alter_table("issued_document") as batch:
        batch.alter_column("assistance_file_id", existing_type=IDENTIFIER, nullable=True)
        for name in EMPTY:
            batch.add_column(sa.Column(name, IDENTIFIER, nullable=True))
        for name, kind in FILLED.items():
            batch.add_column(sa.Column(name, kind, nullable=True))
        batch.create_foreign_key(op.f(CORRECTS), "issued_document", ["corrects_id"], ["id"])
    op.execute(FILL)
    with op.batch_alter_table("issued_document") as batch:
        for name, kind in FILLED.items():
            batch.alter_column(name, existing_type=kind, nullable=False)
    op.create_index("ix_issued_document_corrects_id", "issued_document", ["corrects_id"])
    op.create_index("ix_issued_document_issued_at_id", "issued_document", ["issued_at", "id"])
    for name, table, columns in TEAM_INDEXES:
        op.create_index(name, table, columns)


def downgrade() -> None:
    """Take it back; papers about the team have no place in the older table and go."""
    for name, table, _columns in TEAM_INDEXES:
        op.drop_index(name, table)
    op.drop_index("ix_issued_document_issued_at_id", "issued_document")
    op.drop_index("ix_issued_document_corrects_id", "issued_document")
    op.execute("delete from issued_document where assistance_file_id is null")
    with op.batch_alter_table("issued_document") as batch:
        batch.drop_constraint(op.f(CORRECTS), type_="foreignkey")
        for name in (*FILLED, *EMPTY):
            batch.drop_column(name)
        batch.alter_column("assistance_file_id", existing_type=IDENTIFIER, nullable=False)
