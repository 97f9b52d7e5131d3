"""The rest of the handbook: editions taken in from a file."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables and their indexes."""
    # handbook_edition: the file of an edition that a lead took in
    op.add_column("handbook_edition", sa.Column("content", sa.Text(), nullable=True))
    _search_terms()
    _keeping()
    _clock_doubts()


def _search_terms() -> None:
    """incoming_application: how the contact is found; of earlier ones the name as it was written."""
    op.add_column("incoming_application", sa.Column("search_terms", sa.Text(), nullable=True))
    op.execute("update incoming_application set search_terms = ' ' || lower(contact_name)")


def _clock_doubts() -> None:
    """clock_doubt; evidence and clock_run say when the clock was not believed."""
    op.create_table(
        "clock_doubt",
        sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("doubt", sa.String(length=48), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("expected_at", sa.BigInteger(), nullable=False),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        *_by("clock_doubt", "settled_by", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_clock_doubt"),
    )
    op.create_index("ix_clock_doubt_settled_at", "clock_doubt", ["settled_at"])
    for table in ("evidence", "clock_run"):
        op.add_column(table, sa.Column("clock_doubt", sa.String(length=48), nullable=True))
    _standing_clocks()


def _standing_clocks() -> None:
    """clock_run: from when it stands still, so that the worklist counts on one index."""
    op.add_column("clock_run", sa.Column("paused_since_at", sa.BigInteger(), nullable=True))
    # which reason stops which clock is said by the edition of 2024-11, the only one before this revision
    op.execute(
        "update clock_run set paused_since_at = (select min(p.paused_at) from request_pause p "
        "where p.service_request_id = clock_run.service_request_id and p.resumed_at is null "
        "and p.paused_at <= clock_run.due_at "
        "and (clock_run.kind = 'booking' or p.reason in ('policy_suspended', 'force_majeure'))) "
        "where ended_at is null and service_request_id in "
        "(select service_request_id from request_pause where resumed_at is null)"
    )
    op.create_index(
        "ix_clock_run_ended_at_kind_paused_since_at_due_at",
        "clock_run",
        ["ended_at", "kind", "paused_since_at", "due_at"],
    )


def _keeping() -> None:
    """file_handover, legal_hold, file_erasure, sensitive_event; and fences that open for an erased file only."""
    op.create_table(
        "file_handover",
        *_of_file("file_handover"),
        sa.Column("from_workstation", sa.String(length=8), nullable=False),
        sa.Column("to_workstation", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("handed_at", sa.BigInteger(), nullable=False),
        *_by("file_handover", "handed_by"),
    )
    op.create_index(
        "ix_file_handover_assistance_file_id_handed_at_id", "file_handover", ["assistance_file_id", "handed_at", "id"]
    )
    op.create_table(
        "legal_hold",
        *_of_file("legal_hold"),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("placed_at", sa.BigInteger(), nullable=False),
        *_by("legal_hold", "placed_by"),
        sa.Column("lifted_at", sa.BigInteger(), nullable=True),
        *_by("legal_hold", "lifted_by", nullable=True),
        sa.Column("lifting_reason", sa.Text(), nullable=False),
    )
    op.create_index("ix_legal_hold_assistance_file_id_lifted_at", "legal_hold", ["assistance_file_id", "lifted_at"])
    op.create_table(
        "file_erasure",
        *_of_file("file_erasure"),
        sa.Column("ground", sa.String(length=48), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("erased_at", sa.BigInteger(), nullable=False),
        *_by("file_erasure", "erased_by"),
        sa.UniqueConstraint("assistance_file_id", name="uq_file_erasure_assistance_file_id"),
    )
    op.create_table(
        "sensitive_event",
        *_of_file("sensitive_event"),
        sa.Column("service_request_id", IDENTIFIER, nullable=True),
        sa.Column("kind", sa.String(length=48), nullable=False),
        sa.Column("happened_at", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(length=48), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        *_by("sensitive_event", "recorded_by"),
        sa.ForeignKeyConstraint(
            ["service_request_id"], ["service_request.id"], name="fk_sensitive_event_service_request_id_service_request"
        ),
    )
    op.create_index("ix_sensitive_event_assistance_file_id_kind", "sensitive_event", ["assistance_file_id", "kind"])
    for verb in ("update", "delete"):
        op.execute(
            f"create trigger file_handover_no_{verb} before {verb} on file_handover "
            f"begin select raise(abort, 'append-only'); end"
        )
    for table, file_of in _FILE_OF.items():
        op.execute(f"drop trigger {table}_no_update")
        op.execute(
            # names that stand below, nobody's input
            f"create trigger {table}_no_update before update on {table} "  # noqa: S608
            f"when not exists (select 1 from file_erasure where assistance_file_id = {file_of}) "
            f"begin select raise(abort, 'append-only'); end"
        )


_FILE_OF = {
    "disclosure": "old.assistance_file_id",
    "correction": "(select assistance_file_id from service_request where id = old.service_request_id)",
}


def _of_file(table: str) -> tuple[sa.Column[int] | sa.Constraint, ...]:
    return (
        sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("assistance_file_id", IDENTIFIER, nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.ForeignKeyConstraint(
            ["assistance_file_id"], ["assistance_file.id"], name=f"fk_{table}_assistance_file_id_assistance_file"
        ),
    )


def _by(table: str, column: str, *, nullable: bool = False) -> tuple[sa.Column[int] | sa.Constraint, ...]:
    return (
        sa.Column(column, IDENTIFIER, nullable=nullable),
        sa.ForeignKeyConstraint([column], ["operator.id"], name=f"fk_{table}_{column}_operator"),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_clock_run_ended_at_kind_paused_since_at_due_at", "clock_run")
    op.drop_column("clock_run", "paused_since_at")
    for table in ("evidence", "clock_run"):
        op.drop_column(table, "clock_doubt")
    op.drop_table("clock_doubt")
    for table in _FILE_OF:
        op.execute(f"drop trigger {table}_no_update")
        op.execute(
            f"create trigger {table}_no_update before update on {table} begin select raise(abort, 'append-only'); end"
        )
    for table in ("sensitive_event", "file_erasure", "legal_hold", "file_handover"):
        op.drop_table(table)
    op.drop_column("incoming_application", "search_terms")
    op.drop_column("handbook_edition", "content")
