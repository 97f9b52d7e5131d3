"""What the machine reads on materials: jobs, page texts, proposals and materials stopped at the door."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

TABLES_LAST_FIRST = ("material_quarantine", "material_finding", "material_page_text", "recognition_job")


def _key(column: str, table: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=f"fk_{table}_{column}_{target}")


def upgrade() -> None:
    """Create the tables and their indexes."""
    _create_job()
    _create_page_text()
    _create_finding()
    _create_quarantine()


def _create_job() -> None:
    op.create_table(
        "recognition_job",
        sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("material_id", IDENTIFIER, nullable=False),
        sa.Column("state", sa.String(length=48), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("next_page", sa.Integer(), nullable=False),
        sa.Column("failure", sa.String(length=80), nullable=False),
        sa.Column("queued_at", sa.BigInteger(), nullable=False),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        _key("material_id", "recognition_job", "material"),
        sa.PrimaryKeyConstraint("id", name="pk_recognition_job"),
        sa.UniqueConstraint("material_id", name="uq_recognition_job_material_id"),
    )
    op.create_index("ix_recognition_job_state_priority_id", "recognition_job", ["state", "priority", "id"])


def _create_page_text() -> None:
    op.create_table(
        "material_page_text",
        sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("material_id", IDENTIFIER, nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=48), nullable=False),
        sa.Column("turned", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("lines", sa.Text(), nullable=False),
        sa.Column("read_at", sa.BigInteger(), nullable=False),
        _key("material_id", "material_page_text", "material"),
        sa.PrimaryKeyConstraint("id", name="pk_material_page_text"),
        sa.UniqueConstraint("material_id", "page", name="uq_material_page_text_material_id_page"),
    )


def _create_finding() -> None:
    op.create_table(
        "material_finding",
        sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("material_id", IDENTIFIER, nullable=False),
        sa.Column("field", sa.String(length=48), nullable=False),
        sa.Column("value", sa.String(length=400), nullable=False),
        sa.Column("seen_text", sa.String(length=400), nullable=False),
        sa.Column("hospital_id", IDENTIFIER, nullable=True),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("left", sa.Float(), nullable=False),
        sa.Column("top", sa.Float(), nullable=False),
        sa.Column("width", sa.Float(), nullable=False),
        sa.Column("height", sa.Float(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("match", sa.String(length=48), nullable=True),
        sa.Column("state", sa.String(length=48), nullable=False),
        sa.Column("decided_value", sa.String(length=400), nullable=False),
        sa.Column("found_at", sa.BigInteger(), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("decided_by", IDENTIFIER, nullable=True),
        _key("material_id", "material_finding", "material"),
        _key("hospital_id", "material_finding", "hospital"),
        _key("decided_by", "material_finding", "operator"),
        sa.PrimaryKeyConstraint("id", name="pk_material_finding"),
        sa.UniqueConstraint("material_id", "field", name="uq_material_finding_material_id_field"),
    )


def _create_quarantine() -> None:
    op.create_table(
        "material_quarantine",
        sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("material_id", IDENTIFIER, nullable=False),
        sa.Column("field", sa.String(length=48), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("raised_at", sa.BigInteger(), nullable=False),
        sa.Column("released_at", sa.BigInteger(), nullable=True),
        sa.Column("released_by", IDENTIFIER, nullable=True),
        sa.Column("release_reason", sa.Text(), nullable=False),
        _key("material_id", "material_quarantine", "material"),
        _key("released_by", "material_quarantine", "operator"),
        sa.PrimaryKeyConstraint("id", name="pk_material_quarantine"),
    )
    op.create_index("ix_material_quarantine_material_id_raised_at", "material_quarantine", ["material_id", "raised_at"])
    op.create_index(
        "ix_material_quarantine_open",
        "material_quarantine",
        ["material_id"],
        unique=True,
        sqlite_where=sa.text("released_at is null"),
    )


def downgrade() -> None:
    """Drop the tables, the last made first."""
    for table in TABLES_LAST_FIRST:
        op.drop_table(table)
