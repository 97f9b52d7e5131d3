"""What completes the handbook: restrictions, force majeure, disclosures, corrections, waiting and grace periods."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

TABLES_LAST_FIRST = ("correction", "disclosure", "force_majeure_request", "force_majeure", "hospital_restriction")
POLICY_DAYS = ("waiting_until_on", "grace_from_on", "grace_until_on")


def _key(column: str, table: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=f"fk_{table}_{column}_{target}")


def upgrade() -> None:
    """Create the tables, their indexes and the days of a policy."""
    for name in POLICY_DAYS:
        op.add_column("policy", sa.Column(name, sa.Date(), nullable=True))
    _create_hospital_restriction()
    _create_force_majeure()
    _create_disclosure()
    _create_correction()


def _create_hospital_restriction() -> None:
    op.create_table(
        "hospital_restriction",
        sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("insured_person_id", IDENTIFIER, nullable=False),
        sa.Column("hospital_id", IDENTIFIER, nullable=False),
        sa.Column("service_request_id", IDENTIFIER, nullable=True),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=48), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("recorded_by", IDENTIFIER, nullable=False),
        sa.Column("lifted_at", sa.BigInteger(), nullable=True),
        _key("insured_person_id", "hospital_restriction", "insured_person"),
        _key("hospital_id", "hospital_restriction", "hospital"),
        _key("service_request_id", "hospital_restriction", "service_request"),
        _key("recorded_by", "hospital_restriction", "operator"),
        sa.PrimaryKeyConstraint("id", name="pk_hospital_restriction"),
    )
    op.create_index(
        "ix_hospital_restriction_insured_person_id_from_on", "hospital_restriction", ["insured_person_id", "from_on"]
    )


def _create_force_majeure() -> None:
    op.create_table(
        "force_majeure",
        sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("cause", sa.String(length=48), nullable=False),
        sa.Column("places", sa.String(length=400), nullable=False),
        sa.Column("services", sa.String(length=200), nullable=False),
        sa.Column("from_at", sa.BigInteger(), nullable=False),
        sa.Column("to_at", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("recorded_by", IDENTIFIER, nullable=False),
        _key("recorded_by", "force_majeure", "operator"),
        sa.PrimaryKeyConstraint("id", name="pk_force_majeure"),
    )
    op.create_index("ix_force_majeure_to_at_from_at", "force_majeure", ["to_at", "from_at"])
    op.create_table(
        "force_majeure_request",
        sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("force_majeure_id", IDENTIFIER, nullable=False),
        sa.Column("service_request_id", IDENTIFIER, nullable=False),
        _key("force_majeure_id", "force_majeure_request", "force_majeure"),
        _key("service_request_id", "force_majeure_request", "service_request"),
        sa.PrimaryKeyConstraint("id", name="pk_force_majeure_request"),
        sa.UniqueConstraint(
            "force_majeure_id",
            "service_request_id",
            name="uq_force_majeure_request_force_majeure_id_service_request_id",
        ),
    )
    op.create_index("ix_force_majeure_request_service_request_id", "force_majeure_request", ["service_request_id"])


def _create_disclosure() -> None:
    op.create_table(
        "disclosure",
        sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("assistance_file_id", IDENTIFIER, nullable=False),
        sa.Column("service_request_id", IDENTIFIER, nullable=True),
        sa.Column("recipient", sa.String(length=200), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("field_names", sa.Text(), nullable=False),
        sa.Column("page_list", sa.Text(), nullable=False),
        sa.Column("authorization_id", IDENTIFIER, nullable=False),
        sa.Column("disclosed_at", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("recorded_by", IDENTIFIER, nullable=False),
        _key("assistance_file_id", "disclosure", "assistance_file"),
        _key("service_request_id", "disclosure", "service_request"),
        _key("authorization_id", "disclosure", "information_authorization"),
        _key("recorded_by", "disclosure", "operator"),
        sa.PrimaryKeyConstraint("id", name="pk_disclosure"),
    )
    op.create_index(
        "ix_disclosure_assistance_file_id_disclosed_at", "disclosure", ["assistance_file_id", "disclosed_at"]
    )


def _create_correction() -> None:
    op.create_table(
        "correction",
        sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("service_request_id", IDENTIFIER, nullable=False),
        sa.Column("subject", sa.String(length=48), nullable=False),
        sa.Column("old_value", sa.Text(), nullable=False),
        sa.Column("new_value", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("evidence_id", IDENTIFIER, nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("recorded_by", IDENTIFIER, nullable=False),
        _key("service_request_id", "correction", "service_request"),
        _key("evidence_id", "correction", "evidence"),
        _key("recorded_by", "correction", "operator"),
        sa.PrimaryKeyConstraint("id", name="pk_correction"),
    )
    op.create_index("ix_correction_service_request_id_recorded_at", "correction", ["service_request_id", "recorded_at"])
    for table in ("correction", "disclosure"):
        for verb in ("update", "delete"):
            op.execute(
                f"create trigger {table}_no_{verb} before {verb} on {table} "
                f"begin select raise(abort, 'append-only'); end"
            )


def downgrade() -> None:
    """Drop the tables, the last made first, and the days of a policy."""
    for table in TABLES_LAST_FIRST:
        op.drop_table(table)
    for name in POLICY_DAYS:
        op.drop_column("policy", name)
