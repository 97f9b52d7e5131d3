"""Care plans in versions, phrases, structured answers of a follow-up, and the call for the lead."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

PLAN_FOREIGN_KEY = "fk_follow_up_care_plan_id_care_plan"
ESCALATED = "ix_follow_up_closed_at_escalated_at_due_on_id"
ANSWERS = ("symptoms", "next_visit_on", "care_plan_id", "escalated_at")


def upgrade() -> None:
    """Create the tables and their indexes, and give follow-ups their new answers."""
    _create_care_plan()
    _create_phrase()
    with op.batch_alter_table("follow_up") as batch:
        batch.add_column(sa.Column("symptoms", sa.Text(), nullable=True))
        batch.add_column(sa.Column("next_visit_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("care_plan_id", IDENTIFIER, nullable=True))
        batch.add_column(sa.Column("escalated_at", sa.BigInteger(), nullable=True))
        batch.create_foreign_key(op.f(PLAN_FOREIGN_KEY), "care_plan", ["care_plan_id"], ["id"])
    op.create_index(ESCALATED, "follow_up", ["closed_at", "escalated_at", "due_on", "id"])


def _create_care_plan() -> None:
    op.create_table(
        "care_plan",
        sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("service_kind", sa.String(length=48), nullable=False),
        sa.Column("disease_group", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("recorded_by", IDENTIFIER, nullable=False),
        sa.Column("retired_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["recorded_by"], ["operator.id"], name="fk_care_plan_recorded_by_operator"),
        sa.PrimaryKeyConstraint("id", name="pk_care_plan"),
        sa.UniqueConstraint(
            "service_kind", "disease_group", "number", name="uq_care_plan_service_kind_disease_group_number"
        ),
    )
    op.create_index(
        "ix_care_plan_retired_at_service_kind_disease_group",
        "care_plan",
        ["retired_at", "service_kind", "disease_group"],
    )
    op.create_table(
        "care_plan_step",
        sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("care_plan_id", IDENTIFIER, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=48), nullable=False),
        sa.Column("offset_days", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(length=48), nullable=False),
        sa.Column("label", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(["care_plan_id"], ["care_plan.id"], name="fk_care_plan_step_care_plan_id_care_plan"),
        sa.PrimaryKeyConstraint("id", name="pk_care_plan_step"),
        sa.UniqueConstraint("care_plan_id", "position", name="uq_care_plan_step_care_plan_id_position"),
    )


def _create_phrase() -> None:
    op.create_table(
        "phrase",
        sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("field", sa.String(length=48), nullable=False),
        sa.Column("text", sa.String(length=400), nullable=False),
        sa.Column("initials", sa.String(length=40), nullable=False),
        sa.Column("owner_id", IDENTIFIER, nullable=True),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("recorded_by", IDENTIFIER, nullable=False),
        sa.Column("retired_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["owner_id"], ["operator.id"], name="fk_phrase_owner_id_operator"),
        sa.ForeignKeyConstraint(["recorded_by"], ["operator.id"], name="fk_phrase_recorded_by_operator"),
        sa.PrimaryKeyConstraint("id", name="pk_phrase"),
    )
    op.create_index("ix_phrase_retired_at_owner_id_initials", "phrase", ["retired_at", "owner_id", "initials"])


def downgrade() -> None:
    """Drop what the upgrade made."""
    op.drop_index(ESCALATED, "follow_up")
    with op.batch_alter_table("follow_up") as batch:
        batch.drop_constraint(op.f(PLAN_FOREIGN_KEY), type_="foreignkey")
        for name in ANSWERS:
            batch.drop_column(name)
    for name in ("phrase", "care_plan_step", "care_plan"):
        op.drop_table(name)
