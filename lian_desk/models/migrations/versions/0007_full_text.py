"""Full-text index over recognised pages, notes and names of materials."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

#: Tables whose rows stand already in a workspace that is brought up; the desk indexes them after it has opened.
TABLES_WITH_WORDS = (
    "material",
    "file_entry",
    "follow_up",
    "education_note",
    "history_item",
    "disease_entry",
    "incoming_application",
    "service_request",
    "requirement",
    "service_review",
    "coordination_notice",
    "request_pause",
    "booking",
    "booking_attempt",
    "attendance",
    "reschedule",
    "correction",
    "emergency",
    "evidence",
    "reminder",
    "disclosure",
    "information_authorization",
    "assistance_file",
)


def upgrade() -> None:
    """Create the entries, the index itself and the list of what waits."""
    op.create_table(
        "full_text_entry",
        sa.Column("id", IDENTIFIER, autoincrement=True, nullable=False),
        sa.Column("assistance_file_id", IDENTIFIER, nullable=False),
        sa.Column("origin", sa.String(length=48), nullable=False),
        sa.Column("source_id", sa.BigInteger(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assistance_file_id"], ["assistance_file.id"], name="fk_full_text_entry_assistance_file_id_assistance_file"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_full_text_entry"),
        sa.UniqueConstraint("origin", "source_id", "page", name="uq_full_text_entry_origin_source_id_page"),
    )
    op.create_index("ix_full_text_entry_assistance_file_id", "full_text_entry", ["assistance_file_id"])
    backlog = op.create_table(
        "full_text_backlog",
        sa.Column("origin", sa.String(length=48), nullable=False),
        sa.Column("reached", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("origin", name="pk_full_text_backlog"),
    )
    # the desk cuts texts into words itself, so the index only has to split at blanks
    op.execute(
        "CREATE VIRTUAL TABLE full_text_fts USING fts5("
        "pairs, characters, scope, tokenize='ascii', content='', contentless_delete=1)"
    )
    op.bulk_insert(backlog, [{"origin": name, "reached": 0} for name in TABLES_WITH_WORDS])


def downgrade() -> None:
    """Drop the index, the entries and the list."""
    for table in ("full_text_fts", "full_text_backlog", "full_text_entry"):
        op.drop_table(table)
