"""The first schema: every kind of record of the desk.

The triggers are fences against accidents, not business rules: an append-only table
refuses UPDATE and DELETE, and the audit log refuses an entry that does not follow the last one, which also
stops ``INSERT OR REPLACE``.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

TABLES_LAST_FIRST = (
    "reschedule",
    "requirement",
    "reminder",
    "entitlement_entry",
    "education_note",
    "attendance",
    "service_review",
    "request_pause",
    "policy_status_check",
    "material_use",
    "follow_up",
    "file_entry",
    "evidence",
    "coordination_notice",
    "clock_run",
    "booking_attempt",
    "booking",
    "service_request",
    "information_authorization",
    "guardian",
    "disease_entry",
    "search_term",
    "material",
    "issued_document",
    "incoming_application",
    "history_item",
    "policy_status_period",
    "entitlement_slot",
    "calendar_day",
    "assistance_file",
    "policy",
    "expert",
    "draft",
    "command_log",
    "calendar_year",
    "workspace_identity",
    "operator",
    "number_series",
    "insured_person",
    "hospital",
    "audit_entry",
)


def upgrade() -> None:
    """Create every table, index and fence."""
    op.create_table(
        "audit_entry",
        sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("sequence", IDENTIFIER, nullable=False),
        sa.Column("happened_at", sa.BigInteger(), nullable=False),
        sa.Column("operator_id", IDENTIFIER, nullable=False),
        sa.Column("workstation_code", sa.String(length=8), nullable=False),
        sa.Column("command_id", IDENTIFIER, nullable=True),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("assistance_file_id", IDENTIFIER, nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("previous_mac", sa.String(length=64), nullable=False),
        sa.Column("mac", sa.String(length=64), nullable=False),
        sa.CheckConstraint("sequence >= 1", name=op.f("ck_audit_entry_sequence_starts_at_one")),
        sa.PrimaryKeyConstraint("id", name="pk_audit_entry"),
        sa.UniqueConstraint("sequence", name="uq_audit_entry_sequence"),
    )
    op.create_index(
        "ix_audit_entry_assistance_file_id_sequence", "audit_entry", ["assistance_file_id", "sequence"], unique=False
    )
    op.create_table(
        "hospital",
        sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("campus", sa.String(length=100), nullable=False),
        sa.Column("province", sa.String(length=40), nullable=False),
        sa.Column("city", sa.String(length=40), nullable=False),
        sa.Column("level", sa.String(length=48), nullable=False),
        sa.Column("specialty", sa.String(length=48), nullable=False),
        sa.Column("aliases", sa.Text(), nullable=False),
        sa.Column("sort_name", sa.String(length=400), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("on_list_from", sa.Date(), nullable=True),
        sa.Column("on_list_to", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_hospital"),
        sa.UniqueConstraint("code", "on_list_from", name="uq_hospital_code_on_list_from"),
    )
    op.create_index(
        "ix_hospital_province_city_sort_name_id", "hospital", ["province", "city", "sort_name", "id"], unique=False
    )
    op.create_index("ix_hospital_sort_name_id", "hospital", ["sort_name", "id"], unique=False)
    op.create_table(
        "insured_person",
        sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("identity_document", sa.String(length=48), nullable=False),
        sa.Column("identity_number", sa.String(length=40), nullable=False),
        sa.Column("sex", sa.String(length=48), nullable=False),
        sa.Column("born_on", sa.Date(), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("phone_declined", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_insured_person"),
        sa.UniqueConstraint(
            "identity_document", "identity_number", name="uq_insured_person_identity_document_identity_number"
        ),
    )
    op.create_index("ix_insured_person_name_born_on", "insured_person", ["name", "born_on"], unique=False)
    op.create_table(
        "number_series",
        sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("series", sa.String(length=8), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_number_series"),
        sa.UniqueConstraint("series", "year", name="uq_number_series_series_year"),
    )
    op.create_table(
        "operator",
        sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("staff_number", sa.String(length=40), nullable=False),
        sa.Column("role", sa.String(length=48), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_operator"),
        sa.UniqueConstraint("staff_number", name="uq_operator_staff_number"),
    )
    op.create_table(
        "workspace_identity",
        sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("database_id", sa.String(length=64), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("workstation_code", sa.String(length=8), nullable=False),
        sa.Column("node", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_workspace_identity"),
    )
    op.create_table(
        "calendar_year",
        sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=48), nullable=False),
        sa.Column("source", sa.String(length=400), nullable=False),
        sa.Column("imported_at", sa.BigInteger(), nullable=False),
        sa.Column("imported_by", IDENTIFIER, nullable=False),
        sa.ForeignKeyConstraint(["imported_by"], ["operator.id"], name="fk_calendar_year_imported_by_operator"),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_year"),
        sa.UniqueConstraint("year", "imported_at", name="uq_calendar_year_year_imported_at"),
    )
    op.create_table(
        "command_log",
        sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("executed_at", sa.BigInteger(), nullable=False),
        sa.Column("operator_id", IDENTIFIER, nullable=False),
        sa.Column("result_key", IDENTIFIER, nullable=True),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["operator_id"], ["operator.id"], name="fk_command_log_operator_id_operator"),
        sa.PrimaryKeyConstraint("id", name="pk_command_log"),
    )
    op.create_table(
        "draft",
        sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("operator_id", IDENTIFIER, nullable=False),
        sa.Column("form_key", sa.String(length=120), nullable=False),
        sa.Column("values", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["operator_id"], ["operator.id"], name="fk_draft_operator_id_operator"),
        sa.PrimaryKeyConstraint("id", name="pk_draft"),
        sa.UniqueConstraint("operator_id", "form_key", name="uq_draft_operator_id_form_key"),
    )
    op.create_table(
        "expert",
        sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("hospital_id", IDENTIFIER, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("department_code", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=48), nullable=False),
        sa.Column("honours", sa.String(length=200), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["hospital_id"], ["hospital.id"], name="fk_expert_hospital_id_hospital"),
        sa.PrimaryKeyConstraint("id", name="pk_expert"),
    )
    op.create_index("ix_expert_hospital_id_name", "expert", ["hospital_id", "name"], unique=False)
    op.create_table(
        "policy",
        sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("insured_person_id", IDENTIFIER, nullable=False),
        sa.Column("policy_number", sa.String(length=40), nullable=False),
        sa.Column("product_code", sa.String(length=40), nullable=False),
        sa.Column("policyholder_name", sa.String(length=200), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["insured_person_id"], ["insured_person.id"], name="fk_policy_insured_person_id_insured_person"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_policy"),
        sa.UniqueConstraint("policy_number", name="uq_policy_policy_number"),
    )
    op.create_index("ix_policy_insured_person_id", "policy", ["insured_person_id"], unique=False)
    op.create_table(
        "assistance_file",
        sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("insured_person_id", IDENTIFIER, nullable=False),
        sa.Column("policy_id", IDENTIFIER, nullable=False),
        sa.Column("case_manager_id", IDENTIFIER, nullable=False),
        sa.Column("sort_name", sa.String(length=400), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("opened_by", IDENTIFIER, nullable=False),
        sa.Column("last_event_at", sa.BigInteger(), nullable=False),
        sa.Column("identity_method", sa.String(length=48), nullable=False),
        sa.Column("identity_checked_at", sa.BigInteger(), nullable=False),
        sa.Column("identity_checked_by", IDENTIFIER, nullable=False),
        sa.Column("identity_note", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_manager_id"], ["operator.id"], name="fk_assistance_file_case_manager_id_operator"
        ),
        sa.ForeignKeyConstraint(
            ["identity_checked_by"], ["operator.id"], name="fk_assistance_file_identity_checked_by_operator"
        ),
        sa.ForeignKeyConstraint(
            ["insured_person_id"], ["insured_person.id"], name="fk_assistance_file_insured_person_id_insured_person"
        ),
        sa.ForeignKeyConstraint(["opened_by"], ["operator.id"], name="fk_assistance_file_opened_by_operator"),
        sa.ForeignKeyConstraint(["policy_id"], ["policy.id"], name="fk_assistance_file_policy_id_policy"),
        sa.PrimaryKeyConstraint("id", name="pk_assistance_file"),
        sa.UniqueConstraint("number", name="uq_assistance_file_number"),
        sa.UniqueConstraint("policy_id", name="uq_assistance_file_policy_id"),
    )
    op.create_index(
        "ix_assistance_file_case_manager_id_last_event_at_id",
        "assistance_file",
        ["case_manager_id", "last_event_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_assistance_file_closed_at_last_event_at_id",
        "assistance_file",
        ["closed_at", "last_event_at", "id"],
        unique=False,
    )
    op.create_index("ix_assistance_file_insured_person_id", "assistance_file", ["insured_person_id"], unique=False)
    op.create_index("ix_assistance_file_last_event_at_id", "assistance_file", ["last_event_at", "id"], unique=False)
    op.create_index("ix_assistance_file_sort_name_id", "assistance_file", ["sort_name", "id"], unique=False)
    op.create_table(
        "calendar_day",
        sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("calendar_year_id", IDENTIFIER, nullable=False),
        sa.Column("day_on", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=48), nullable=False),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["calendar_year_id"], ["calendar_year.id"], name="fk_calendar_day_calendar_year_id_calendar_year"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_day"),
        sa.UniqueConstraint("calendar_year_id", "day_on", name="uq_calendar_day_calendar_year_id_day_on"),
    )
    op.create_table(
        "entitlement_slot",
        sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("policy_id", IDENTIFIER, nullable=False),
        sa.Column("service_kind", sa.String(length=48), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["policy_id"], ["policy.id"], name="fk_entitlement_slot_policy_id_policy"),
        sa.PrimaryKeyConstraint("id", name="pk_entitlement_slot"),
        sa.UniqueConstraint(
            "policy_id", "service_kind", "ordinal", name="uq_entitlement_slot_policy_id_service_kind_ordinal"
        ),
    )
    op.create_table(
        "policy_status_period",
        sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("policy_id", IDENTIFIER, nullable=False),
        sa.Column("status", sa.String(length=48), nullable=False),
        sa.Column("true_from", sa.BigInteger(), nullable=False),
        sa.Column("true_to", sa.BigInteger(), nullable=True),
        sa.Column("known_from", sa.BigInteger(), nullable=False),
        sa.Column("termination_reason", sa.String(length=48), nullable=True),
        sa.Column("source", sa.String(length=48), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("recorded_by", IDENTIFIER, nullable=False),
        sa.Column("superseded_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["policy_id"], ["policy.id"], name="fk_policy_status_period_policy_id_policy"),
        sa.ForeignKeyConstraint(["recorded_by"], ["operator.id"], name="fk_policy_status_period_recorded_by_operator"),
        sa.PrimaryKeyConstraint("id", name="pk_policy_status_period"),
    )
    op.create_index(
        "ix_policy_status_period_policy_id_true_from", "policy_status_period", ["policy_id", "true_from"], unique=False
    )
    op.create_table(
        "history_item",
        sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("assistance_file_id", IDENTIFIER, nullable=False),
        sa.Column("kind", sa.String(length=48), nullable=False),
        sa.Column("knownness", sa.String(length=48), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("dosage", sa.String(length=200), nullable=False),
        sa.Column("since", sa.String(length=100), nullable=False),
        sa.Column("source", sa.String(length=48), nullable=False),
        sa.Column("stated_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("recorded_by", IDENTIFIER, nullable=False),
        sa.Column("superseded_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["assistance_file_id"], ["assistance_file.id"], name="fk_history_item_assistance_file_id_assistance_file"
        ),
        sa.ForeignKeyConstraint(["recorded_by"], ["operator.id"], name="fk_history_item_recorded_by_operator"),
        sa.PrimaryKeyConstraint("id", name="pk_history_item"),
    )
    op.create_index("ix_history_item_assistance_file_id", "history_item", ["assistance_file_id"], unique=False)
    op.create_table(
        "incoming_application",
        sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=48), nullable=False),
        sa.Column("channel_reason", sa.Text(), nullable=False),
        sa.Column("contact_name", sa.String(length=200), nullable=False),
        sa.Column("contact_handle", sa.String(length=200), nullable=False),
        sa.Column("need_text", sa.Text(), nullable=False),
        sa.Column("service_kind", sa.String(length=48), nullable=True),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("response_due_at", sa.BigInteger(), nullable=False),
        sa.Column("responded_at", sa.BigInteger(), nullable=True),
        sa.Column("responded_by", IDENTIFIER, nullable=True),
        sa.Column("response_note", sa.Text(), nullable=False),
        sa.Column("assistance_file_id", IDENTIFIER, nullable=True),
        sa.Column("is_settled", sa.Boolean(), nullable=False),
        sa.Column("settled_reason", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("recorded_by", IDENTIFIER, nullable=False),
        sa.ForeignKeyConstraint(
            ["assistance_file_id"],
            ["assistance_file.id"],
            name="fk_incoming_application_assistance_file_id_assistance_file",
        ),
        sa.ForeignKeyConstraint(["recorded_by"], ["operator.id"], name="fk_incoming_application_recorded_by_operator"),
        sa.ForeignKeyConstraint(
            ["responded_by"], ["operator.id"], name="fk_incoming_application_responded_by_operator"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_incoming_application"),
    )
    op.create_index(
        "ix_incoming_application_assistance_file_id", "incoming_application", ["assistance_file_id"], unique=False
    )
    op.create_index(
        "ix_incoming_application_is_settled_response_due_at_id",
        "incoming_application",
        ["is_settled", "response_due_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_incoming_application_responded_at_response_due_at_id",
        "incoming_application",
        ["responded_at", "response_due_at", "id"],
        unique=False,
    )
    op.create_table(
        "issued_document",
        sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=48), nullable=False),
        sa.Column("assistance_file_id", IDENTIFIER, nullable=False),
        sa.Column("period_from_on", sa.Date(), nullable=True),
        sa.Column("period_to_on", sa.Date(), nullable=True),
        sa.Column("handbook_edition", sa.String(length=20), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("page_count", sa.Integer(), nullable=False),
        sa.Column("is_masked", sa.Boolean(), nullable=False),
        sa.Column("purpose", sa.String(length=200), nullable=False),
        sa.Column("issued_at", sa.BigInteger(), nullable=False),
        sa.Column("issued_by", IDENTIFIER, nullable=False),
        sa.ForeignKeyConstraint(
            ["assistance_file_id"], ["assistance_file.id"], name="fk_issued_document_assistance_file_id_assistance_file"
        ),
        sa.ForeignKeyConstraint(["issued_by"], ["operator.id"], name="fk_issued_document_issued_by_operator"),
        sa.PrimaryKeyConstraint("id", name="pk_issued_document"),
        sa.UniqueConstraint("number", name="uq_issued_document_number"),
    )
    op.create_index(
        "ix_issued_document_assistance_file_id_issued_at",
        "issued_document",
        ["assistance_file_id", "issued_at"],
        unique=False,
    )
    op.create_index("ix_issued_document_content_sha256", "issued_document", ["content_sha256"], unique=False)
    op.create_table(
        "material",
        sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("assistance_file_id", IDENTIFIER, nullable=False),
        sa.Column("kind", sa.String(length=48), nullable=False),
        sa.Column("state", sa.String(length=48), nullable=False),
        sa.Column("original_name", sa.String(length=400), nullable=False),
        sa.Column("media_type", sa.String(length=80), nullable=False),
        sa.Column("byte_size", sa.BigInteger(), nullable=False),
        sa.Column("page_count", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("sealed_sha256", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=48), nullable=False),
        sa.Column("document_on", sa.Date(), nullable=True),
        sa.Column("hospital_id", IDENTIFIER, nullable=True),
        sa.Column("hospital_name", sa.String(length=200), nullable=False),
        sa.Column("department", sa.String(length=100), nullable=False),
        sa.Column("doctor_name", sa.String(length=200), nullable=False),
        sa.Column("name_matches", sa.Boolean(), nullable=True),
        sa.Column("deficiency", sa.Text(), nullable=False),
        sa.Column("rotation", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("received_by", IDENTIFIER, nullable=False),
        sa.Column("confirmed_at", sa.BigInteger(), nullable=True),
        sa.Column("confirmed_by", IDENTIFIER, nullable=True),
        sa.ForeignKeyConstraint(
            ["assistance_file_id"], ["assistance_file.id"], name="fk_material_assistance_file_id_assistance_file"
        ),
        sa.ForeignKeyConstraint(["confirmed_by"], ["operator.id"], name="fk_material_confirmed_by_operator"),
        sa.ForeignKeyConstraint(["hospital_id"], ["hospital.id"], name="fk_material_hospital_id_hospital"),
        sa.ForeignKeyConstraint(["received_by"], ["operator.id"], name="fk_material_received_by_operator"),
        sa.PrimaryKeyConstraint("id", name="pk_material"),
    )
    op.create_index(
        "ix_material_assistance_file_id_received_at_id",
        "material",
        ["assistance_file_id", "received_at", "id"],
        unique=False,
    )
    op.create_index("ix_material_kind_received_at_id", "material", ["kind", "received_at", "id"], unique=False)
    op.create_index("ix_material_received_at_id", "material", ["received_at", "id"], unique=False)
    op.create_index("ix_material_sha256", "material", ["sha256"], unique=False)
    op.create_index("ix_material_state_received_at_id", "material", ["state", "received_at", "id"], unique=False)
    op.create_table(
        "search_term",
        sa.Column("term", sa.String(length=200), nullable=False),
        sa.Column("assistance_file_id", IDENTIFIER, nullable=False),
        sa.ForeignKeyConstraint(
            ["assistance_file_id"], ["assistance_file.id"], name="fk_search_term_assistance_file_id_assistance_file"
        ),
        sa.PrimaryKeyConstraint("term", "assistance_file_id", name="pk_search_term"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_search_term_assistance_file_id", "search_term", ["assistance_file_id"], unique=False)
    op.create_table(
        "disease_entry",
        sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("assistance_file_id", IDENTIFIER, nullable=False),
        sa.Column("disease_code", sa.String(length=40), nullable=False),
        sa.Column("disease_name", sa.String(length=200), nullable=False),
        sa.Column("list_version", sa.String(length=40), nullable=False),
        sa.Column("severity", sa.String(length=48), nullable=False),
        sa.Column("certainty", sa.String(length=48), nullable=False),
        sa.Column("noted_on", sa.Date(), nullable=False),
        sa.Column("evidence_material_id", IDENTIFIER, nullable=True),
        sa.Column("evidence_note", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("recorded_by", IDENTIFIER, nullable=False),
        sa.Column("superseded_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["assistance_file_id"], ["assistance_file.id"], name="fk_disease_entry_assistance_file_id_assistance_file"
        ),
        sa.ForeignKeyConstraint(
            ["evidence_material_id"], ["material.id"], name="fk_disease_entry_evidence_material_id_material"
        ),
        sa.ForeignKeyConstraint(["recorded_by"], ["operator.id"], name="fk_disease_entry_recorded_by_operator"),
        sa.PrimaryKeyConstraint("id", name="pk_disease_entry"),
    )
    op.create_index("ix_disease_entry_assistance_file_id", "disease_entry", ["assistance_file_id"], unique=False)
    op.create_table(
        "guardian",
        sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("insured_person_id", IDENTIFIER, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("identity_number", sa.String(length=40), nullable=False),
        sa.Column("relation", sa.String(length=48), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("proof_material_id", IDENTIFIER, nullable=True),
        sa.Column("proof_note", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("superseded_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["insured_person_id"], ["insured_person.id"], name="fk_guardian_insured_person_id_insured_person"
        ),
        sa.ForeignKeyConstraint(["proof_material_id"], ["material.id"], name="fk_guardian_proof_material_id_material"),
        sa.PrimaryKeyConstraint("id", name="pk_guardian"),
    )
    op.create_index("ix_guardian_insured_person_id", "guardian", ["insured_person_id"], unique=False)
    op.create_table(
        "information_authorization",
        sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("assistance_file_id", IDENTIFIER, nullable=False),
        sa.Column("text_version", sa.String(length=40), nullable=False),
        sa.Column("signer_kind", sa.String(length=48), nullable=False),
        sa.Column("signer_name", sa.String(length=200), nullable=False),
        sa.Column("signed_at", sa.BigInteger(), nullable=False),
        sa.Column("evidence_form", sa.String(length=48), nullable=False),
        sa.Column("evidence_material_id", IDENTIFIER, nullable=True),
        sa.Column("evidence_note", sa.Text(), nullable=False),
        sa.Column("truth_declared", sa.Boolean(), nullable=False),
        sa.Column("verified_at", sa.BigInteger(), nullable=True),
        sa.Column("verified_by", IDENTIFIER, nullable=True),
        sa.Column("withdrawn_at", sa.BigInteger(), nullable=True),
        sa.Column("withdrawal_reason", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assistance_file_id"],
            ["assistance_file.id"],
            name="fk_information_authorization_assistance_file_id_assistance_file",
        ),
        sa.ForeignKeyConstraint(
            ["evidence_material_id"], ["material.id"], name="fk_information_authorization_evidence_material_id_material"
        ),
        sa.ForeignKeyConstraint(
            ["verified_by"], ["operator.id"], name="fk_information_authorization_verified_by_operator"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_information_authorization"),
    )
    op.create_index(
        "ix_information_authorization_assistance_file_id",
        "information_authorization",
        ["assistance_file_id"],
        unique=False,
    )
    op.create_table(
        "service_request",
        sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("assistance_file_id", IDENTIFIER, nullable=False),
        sa.Column("application_id", IDENTIFIER, nullable=True),
        sa.Column("kind", sa.String(length=48), nullable=False),
        sa.Column("status", sa.String(length=48), nullable=False),
        sa.Column("paused_from", sa.String(length=48), nullable=True),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("disease_entry_id", IDENTIFIER, nullable=False),
        sa.Column("case_manager_id", IDENTIFIER, nullable=False),
        sa.Column("need_text", sa.Text(), nullable=False),
        sa.Column("channel", sa.String(length=48), nullable=False),
        sa.Column("handbook_edition", sa.String(length=20), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("submitted_at", sa.BigInteger(), nullable=True),
        sa.Column("requirement_confirmed_at", sa.BigInteger(), nullable=True),
        sa.Column("started_at", sa.BigInteger(), nullable=True),
        sa.Column("booked_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("closing_reason", sa.Text(), nullable=False),
        sa.Column("closing_clause", sa.String(length=20), nullable=False),
        sa.Column("next_action", sa.String(length=48), nullable=False),
        sa.Column("next_action_due_at", sa.BigInteger(), nullable=True),
        sa.Column("status_changed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["incoming_application.id"],
            name="fk_service_request_application_id_incoming_application",
        ),
        sa.ForeignKeyConstraint(
            ["assistance_file_id"], ["assistance_file.id"], name="fk_service_request_assistance_file_id_assistance_file"
        ),
        sa.ForeignKeyConstraint(
            ["case_manager_id"], ["operator.id"], name="fk_service_request_case_manager_id_operator"
        ),
        sa.ForeignKeyConstraint(
            ["disease_entry_id"], ["disease_entry.id"], name="fk_service_request_disease_entry_id_disease_entry"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_service_request"),
        sa.UniqueConstraint("number", name="uq_service_request_number"),
    )
    op.create_index(
        "ix_service_request_assistance_file_id_received_at",
        "service_request",
        ["assistance_file_id", "received_at"],
        unique=False,
    )
    op.create_index(
        "ix_service_request_assistance_file_id_is_open_next_action_due_at",
        "service_request",
        ["assistance_file_id", "is_open", "next_action_due_at"],
        unique=False,
    )
    op.create_index(
        "ix_service_request_is_open_case_manager_id_next_action_due_at_id",
        "service_request",
        ["is_open", "case_manager_id", "next_action_due_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_service_request_is_open_kind_next_action_due_at_id",
        "service_request",
        ["is_open", "kind", "next_action_due_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_service_request_is_open_next_action_due_at_id",
        "service_request",
        ["is_open", "next_action_due_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_service_request_kind_status_next_action_due_at_id",
        "service_request",
        ["kind", "status", "next_action_due_at", "id"],
        unique=False,
    )
    op.create_index("ix_service_request_received_at_id", "service_request", ["received_at", "id"], unique=False)
    op.create_index(
        "ix_service_request_status_next_action_due_at_id",
        "service_request",
        ["status", "next_action_due_at", "id"],
        unique=False,
    )
    op.create_table(
        "booking",
        sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("service_request_id", IDENTIFIER, nullable=False),
        sa.Column("hospital_id", IDENTIFIER, nullable=False),
        sa.Column("department_text", sa.String(length=100), nullable=False),
        sa.Column("expert_name", sa.String(length=200), nullable=False),
        sa.Column("expert_title", sa.String(length=48), nullable=True),
        sa.Column("visit_at", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("hospital_reference", sa.String(length=100), nullable=False),
        sa.Column("instructions", sa.Text(), nullable=False),
        sa.Column("confirmed_by_hospital_at", sa.BigInteger(), nullable=False),
        sa.Column("instructions_sent_at", sa.BigInteger(), nullable=True),
        sa.Column("fell_through_at", sa.BigInteger(), nullable=True),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("recorded_by", IDENTIFIER, nullable=False),
        sa.ForeignKeyConstraint(["hospital_id"], ["hospital.id"], name="fk_booking_hospital_id_hospital"),
        sa.ForeignKeyConstraint(["recorded_by"], ["operator.id"], name="fk_booking_recorded_by_operator"),
        sa.ForeignKeyConstraint(
            ["service_request_id"], ["service_request.id"], name="fk_booking_service_request_id_service_request"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_booking"),
    )
    op.create_index(
        "ix_booking_fell_through_at_visit_at_id", "booking", ["fell_through_at", "visit_at", "id"], unique=False
    )
    op.create_index(
        "ix_booking_service_request_id_fell_through_at",
        "booking",
        ["service_request_id", "fell_through_at"],
        unique=False,
    )
    op.create_table(
        "booking_attempt",
        sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("service_request_id", IDENTIFIER, nullable=False),
        sa.Column("hospital_id", IDENTIFIER, nullable=False),
        sa.Column("happened_at", sa.BigInteger(), nullable=False),
        sa.Column("result", sa.String(length=48), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("recorded_by", IDENTIFIER, nullable=False),
        sa.ForeignKeyConstraint(["hospital_id"], ["hospital.id"], name="fk_booking_attempt_hospital_id_hospital"),
        sa.ForeignKeyConstraint(["recorded_by"], ["operator.id"], name="fk_booking_attempt_recorded_by_operator"),
        sa.ForeignKeyConstraint(
            ["service_request_id"], ["service_request.id"], name="fk_booking_attempt_service_request_id_service_request"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_booking_attempt"),
    )
    op.create_index(
        "ix_booking_attempt_service_request_id_happened_at",
        "booking_attempt",
        ["service_request_id", "happened_at"],
        unique=False,
    )
    op.create_table(
        "clock_run",
        sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=48), nullable=False),
        sa.Column("application_id", IDENTIFIER, nullable=True),
        sa.Column("service_request_id", IDENTIFIER, nullable=True),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("internal_due_at", sa.BigInteger(), nullable=True),
        sa.Column("window_opens_on", sa.Date(), nullable=True),
        sa.Column("is_provisional", sa.Boolean(), nullable=False),
        sa.Column("derivation", sa.Text(), nullable=False),
        sa.Column("clause", sa.String(length=20), nullable=False),
        sa.Column("handbook_edition", sa.String(length=20), nullable=False),
        sa.Column("met_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(application_id is null) <> (service_request_id is null)", name=op.f("ck_clock_run_one_owner")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["incoming_application.id"], name="fk_clock_run_application_id_incoming_application"
        ),
        sa.ForeignKeyConstraint(
            ["service_request_id"], ["service_request.id"], name="fk_clock_run_service_request_id_service_request"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_clock_run"),
    )
    op.create_index("ix_clock_run_application_id", "clock_run", ["application_id"], unique=False)
    op.create_index(
        "ix_clock_run_ended_at_kind_due_at_id", "clock_run", ["ended_at", "kind", "due_at", "id"], unique=False
    )
    op.create_index("ix_clock_run_is_provisional_ended_at", "clock_run", ["is_provisional", "ended_at"], unique=False)
    op.create_index(
        "ix_clock_run_service_request_id_ended_at_kind",
        "clock_run",
        ["service_request_id", "ended_at", "kind"],
        unique=False,
    )
    op.create_table(
        "coordination_notice",
        sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("service_request_id", IDENTIFIER, nullable=False),
        sa.Column("happened_at", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.String(length=48), nullable=False),
        sa.Column("result", sa.String(length=48), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("recorded_by", IDENTIFIER, nullable=False),
        sa.ForeignKeyConstraint(["recorded_by"], ["operator.id"], name="fk_coordination_notice_recorded_by_operator"),
        sa.ForeignKeyConstraint(
            ["service_request_id"],
            ["service_request.id"],
            name="fk_coordination_notice_service_request_id_service_request",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_coordination_notice"),
    )
    op.create_index(
        "ix_coordination_notice_service_request_id_happened_at",
        "coordination_notice",
        ["service_request_id", "happened_at"],
        unique=False,
    )
    op.create_table(
        "evidence",
        sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("assistance_file_id", IDENTIFIER, nullable=False),
        sa.Column("service_request_id", IDENTIFIER, nullable=True),
        sa.Column("form", sa.String(length=48), nullable=False),
        sa.Column("said_by", sa.String(length=48), nullable=False),
        sa.Column("said_by_name", sa.String(length=200), nullable=False),
        sa.Column("channel", sa.String(length=48), nullable=False),
        sa.Column("material_id", IDENTIFIER, nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("happened_at", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("recorded_by", IDENTIFIER, nullable=False),
        sa.ForeignKeyConstraint(
            ["assistance_file_id"], ["assistance_file.id"], name="fk_evidence_assistance_file_id_assistance_file"
        ),
        sa.ForeignKeyConstraint(["material_id"], ["material.id"], name="fk_evidence_material_id_material"),
        sa.ForeignKeyConstraint(["recorded_by"], ["operator.id"], name="fk_evidence_recorded_by_operator"),
        sa.ForeignKeyConstraint(
            ["service_request_id"], ["service_request.id"], name="fk_evidence_service_request_id_service_request"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_evidence"),
    )
    op.create_index("ix_evidence_assistance_file_id", "evidence", ["assistance_file_id"], unique=False)
    op.create_table(
        "file_entry",
        sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("assistance_file_id", IDENTIFIER, nullable=False),
        sa.Column("service_request_id", IDENTIFIER, nullable=True),
        sa.Column("category", sa.String(length=48), nullable=False),
        sa.Column("phase", sa.String(length=48), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("happened_at", sa.BigInteger(), nullable=False),
        sa.Column("entered_at", sa.BigInteger(), nullable=False),
        sa.Column("operator_id", IDENTIFIER, nullable=False),
        sa.ForeignKeyConstraint(
            ["assistance_file_id"], ["assistance_file.id"], name="fk_file_entry_assistance_file_id_assistance_file"
        ),
        sa.ForeignKeyConstraint(["operator_id"], ["operator.id"], name="fk_file_entry_operator_id_operator"),
        sa.ForeignKeyConstraint(
            ["service_request_id"], ["service_request.id"], name="fk_file_entry_service_request_id_service_request"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_file_entry"),
    )
    op.create_index(
        "ix_file_entry_assistance_file_id_happened_at_id",
        "file_entry",
        ["assistance_file_id", "happened_at", "id"],
        unique=False,
    )
    op.create_table(
        "follow_up",
        sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("assistance_file_id", IDENTIFIER, nullable=False),
        sa.Column("service_request_id", IDENTIFIER, nullable=True),
        sa.Column("case_manager_id", IDENTIFIER, nullable=False),
        sa.Column("kind", sa.String(length=48), nullable=False),
        sa.Column("label", sa.String(length=100), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("attempt_count", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=48), nullable=True),
        sa.Column("channel", sa.String(length=48), nullable=True),
        sa.Column("duration_minutes", sa.Integer(), nullable=True),
        sa.Column("condition_text", sa.Text(), nullable=False),
        sa.Column("medication_text", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.Column("entered_at", sa.BigInteger(), nullable=True),
        sa.Column("done_by", IDENTIFIER, nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("closing_reason", sa.Text(), nullable=False),
        sa.Column("planned_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assistance_file_id"], ["assistance_file.id"], name="fk_follow_up_assistance_file_id_assistance_file"
        ),
        sa.ForeignKeyConstraint(["case_manager_id"], ["operator.id"], name="fk_follow_up_case_manager_id_operator"),
        sa.ForeignKeyConstraint(["done_by"], ["operator.id"], name="fk_follow_up_done_by_operator"),
        sa.ForeignKeyConstraint(
            ["service_request_id"], ["service_request.id"], name="fk_follow_up_service_request_id_service_request"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_follow_up"),
    )
    op.create_index(
        "ix_follow_up_assistance_file_id_due_on", "follow_up", ["assistance_file_id", "due_on"], unique=False
    )
    op.create_index(
        "ix_follow_up_case_manager_id_closed_at_due_on_id",
        "follow_up",
        ["case_manager_id", "closed_at", "due_on", "id"],
        unique=False,
    )
    op.create_index("ix_follow_up_closed_at_due_on_id", "follow_up", ["closed_at", "due_on", "id"], unique=False)
    op.create_index(
        "ix_follow_up_service_request_id_closed_at_due_on",
        "follow_up",
        ["service_request_id", "closed_at", "due_on"],
        unique=False,
    )
    op.create_table(
        "material_use",
        sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("material_id", IDENTIFIER, nullable=False),
        sa.Column("service_request_id", IDENTIFIER, nullable=False),
        sa.Column("linked_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["material_id"], ["material.id"], name="fk_material_use_material_id_material"),
        sa.ForeignKeyConstraint(
            ["service_request_id"], ["service_request.id"], name="fk_material_use_service_request_id_service_request"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_material_use"),
        sa.UniqueConstraint("service_request_id", "material_id", name="uq_material_use_service_request_id_material_id"),
    )
    op.create_index("ix_material_use_material_id", "material_use", ["material_id"], unique=False)
    op.create_table(
        "policy_status_check",
        sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("policy_id", IDENTIFIER, nullable=False),
        sa.Column("service_request_id", IDENTIFIER, nullable=True),
        sa.Column("gate", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=48), nullable=False),
        sa.Column("source", sa.String(length=48), nullable=False),
        sa.Column("checked_at", sa.BigInteger(), nullable=False),
        sa.Column("operator_id", IDENTIFIER, nullable=False),
        sa.ForeignKeyConstraint(["operator_id"], ["operator.id"], name="fk_policy_status_check_operator_id_operator"),
        sa.ForeignKeyConstraint(["policy_id"], ["policy.id"], name="fk_policy_status_check_policy_id_policy"),
        sa.ForeignKeyConstraint(
            ["service_request_id"],
            ["service_request.id"],
            name="fk_policy_status_check_service_request_id_service_request",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_policy_status_check"),
    )
    op.create_index(
        "ix_policy_status_check_policy_id_checked_at", "policy_status_check", ["policy_id", "checked_at"], unique=False
    )
    op.create_table(
        "request_pause",
        sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("service_request_id", IDENTIFIER, nullable=False),
        sa.Column("reason", sa.String(length=48), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("paused_at", sa.BigInteger(), nullable=False),
        sa.Column("resumed_at", sa.BigInteger(), nullable=True),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("recorded_by", IDENTIFIER, nullable=False),
        sa.ForeignKeyConstraint(["recorded_by"], ["operator.id"], name="fk_request_pause_recorded_by_operator"),
        sa.ForeignKeyConstraint(
            ["service_request_id"], ["service_request.id"], name="fk_request_pause_service_request_id_service_request"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_request_pause"),
    )
    op.create_index(
        "ix_request_pause_service_request_id_paused_at",
        "request_pause",
        ["service_request_id", "paused_at"],
        unique=False,
    )
    op.create_table(
        "service_review",
        sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("service_request_id", IDENTIFIER, nullable=False),
        sa.Column("identity_result", sa.String(length=48), nullable=False),
        sa.Column("identity_reason", sa.Text(), nullable=False),
        sa.Column("entitlement_result", sa.String(length=48), nullable=False),
        sa.Column("entitlement_reason", sa.Text(), nullable=False),
        sa.Column("material_result", sa.String(length=48), nullable=False),
        sa.Column("material_reason", sa.Text(), nullable=False),
        sa.Column("eligibility", sa.Text(), nullable=False),
        sa.Column("handbook_edition", sa.String(length=20), nullable=False),
        sa.Column("reviewed_at", sa.BigInteger(), nullable=False),
        sa.Column("reviewed_by", IDENTIFIER, nullable=False),
        sa.ForeignKeyConstraint(["reviewed_by"], ["operator.id"], name="fk_service_review_reviewed_by_operator"),
        sa.ForeignKeyConstraint(
            ["service_request_id"], ["service_request.id"], name="fk_service_review_service_request_id_service_request"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_service_review"),
    )
    op.create_index("ix_service_review_service_request_id", "service_review", ["service_request_id"], unique=False)
    op.create_table(
        "attendance",
        sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("booking_id", IDENTIFIER, nullable=False),
        sa.Column("kind", sa.String(length=48), nullable=False),
        sa.Column("happened_at", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(length=48), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("recorded_by", IDENTIFIER, nullable=False),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name="fk_attendance_booking_id_booking"),
        sa.ForeignKeyConstraint(["recorded_by"], ["operator.id"], name="fk_attendance_recorded_by_operator"),
        sa.PrimaryKeyConstraint("id", name="pk_attendance"),
    )
    op.create_index("ix_attendance_booking_id", "attendance", ["booking_id"], unique=False)
    op.create_table(
        "education_note",
        sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("assistance_file_id", IDENTIFIER, nullable=False),
        sa.Column("follow_up_id", IDENTIFIER, nullable=True),
        sa.Column("topic", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("text_version", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=48), nullable=False),
        sa.Column("given_at", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("recorded_by", IDENTIFIER, nullable=False),
        sa.ForeignKeyConstraint(
            ["assistance_file_id"], ["assistance_file.id"], name="fk_education_note_assistance_file_id_assistance_file"
        ),
        sa.ForeignKeyConstraint(["follow_up_id"], ["follow_up.id"], name="fk_education_note_follow_up_id_follow_up"),
        sa.ForeignKeyConstraint(["recorded_by"], ["operator.id"], name="fk_education_note_recorded_by_operator"),
        sa.PrimaryKeyConstraint("id", name="pk_education_note"),
    )
    op.create_index(
        "ix_education_note_assistance_file_id_given_at",
        "education_note",
        ["assistance_file_id", "given_at"],
        unique=False,
    )
    op.create_index("ix_education_note_follow_up_id", "education_note", ["follow_up_id"], unique=False)
    op.create_table(
        "entitlement_entry",
        sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("policy_id", IDENTIFIER, nullable=False),
        sa.Column("service_kind", sa.String(length=48), nullable=False),
        sa.Column("kind", sa.String(length=48), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("slot_id", IDENTIFIER, nullable=True),
        sa.Column("service_request_id", IDENTIFIER, nullable=True),
        sa.Column("start_key", IDENTIFIER, nullable=True),
        sa.Column("reverses_id", IDENTIFIER, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("insurer_reference", sa.String(length=100), nullable=False),
        sa.Column("evidence_id", IDENTIFIER, nullable=True),
        sa.Column("happened_at", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("recorded_by", IDENTIFIER, nullable=False),
        sa.CheckConstraint(
            "(kind = 'reversal' and amount = 1) or kind <> 'reversal'",
            name=op.f("ck_entitlement_entry_reversal_is_plus_one"),
        ),
        sa.CheckConstraint(
            "(kind = 'reversal') = (reverses_id is not null)",
            name=op.f("ck_entitlement_entry_reversal_names_its_start"),
        ),
        sa.CheckConstraint(
            "(kind = 'start' and amount = -1) or kind <> 'start'", name=op.f("ck_entitlement_entry_start_is_minus_one")
        ),
        sa.CheckConstraint(
            "(kind = 'start') = (slot_id is not null)", name=op.f("ck_entitlement_entry_start_spends_a_slot")
        ),
        sa.CheckConstraint(
            "(kind = 'start') = (start_key is not null)", name=op.f("ck_entitlement_entry_start_names_its_key")
        ),
        sa.CheckConstraint(
            "kind <> 'start' or service_request_id is not null",
            name=op.f("ck_entitlement_entry_start_names_its_request"),
        ),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_entitlement_entry_moves_something")),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name="fk_entitlement_entry_evidence_id_evidence"),
        sa.ForeignKeyConstraint(["policy_id"], ["policy.id"], name="fk_entitlement_entry_policy_id_policy"),
        sa.ForeignKeyConstraint(["recorded_by"], ["operator.id"], name="fk_entitlement_entry_recorded_by_operator"),
        sa.ForeignKeyConstraint(
            ["reverses_id"], ["entitlement_entry.id"], name="fk_entitlement_entry_reverses_id_entitlement_entry"
        ),
        sa.ForeignKeyConstraint(
            ["service_request_id"],
            ["service_request.id"],
            name="fk_entitlement_entry_service_request_id_service_request",
        ),
        sa.ForeignKeyConstraint(
            ["slot_id"], ["entitlement_slot.id"], name="fk_entitlement_entry_slot_id_entitlement_slot"
        ),
        sa.ForeignKeyConstraint(
            ["start_key"], ["service_request.id"], name="fk_entitlement_entry_start_key_service_request"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_entitlement_entry"),
        sa.UniqueConstraint("reverses_id", name="uq_entitlement_entry_reverses_id"),
        sa.UniqueConstraint("slot_id", name="uq_entitlement_entry_slot_id"),
        sa.UniqueConstraint("start_key", name="uq_entitlement_entry_start_key"),
    )
    op.create_index(
        "ix_entitlement_entry_policy_id_service_kind", "entitlement_entry", ["policy_id", "service_kind"], unique=False
    )
    op.create_index(
        "ix_entitlement_entry_service_request_id", "entitlement_entry", ["service_request_id"], unique=False
    )
    op.create_table(
        "reminder",
        sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("assistance_file_id", IDENTIFIER, nullable=False),
        sa.Column("booking_id", IDENTIFIER, nullable=True),
        sa.Column("follow_up_id", IDENTIFIER, nullable=True),
        sa.Column("kind", sa.String(length=48), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("channel", sa.String(length=48), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("closing_reason", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("recorded_by", IDENTIFIER, nullable=False),
        sa.ForeignKeyConstraint(
            ["assistance_file_id"], ["assistance_file.id"], name="fk_reminder_assistance_file_id_assistance_file"
        ),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name="fk_reminder_booking_id_booking"),
        sa.ForeignKeyConstraint(["follow_up_id"], ["follow_up.id"], name="fk_reminder_follow_up_id_follow_up"),
        sa.ForeignKeyConstraint(["recorded_by"], ["operator.id"], name="fk_reminder_recorded_by_operator"),
        sa.PrimaryKeyConstraint("id", name="pk_reminder"),
    )
    op.create_index("ix_reminder_assistance_file_id_due_at", "reminder", ["assistance_file_id", "due_at"], unique=False)
    op.create_index("ix_reminder_booking_id", "reminder", ["booking_id"], unique=False)
    op.create_index("ix_reminder_closed_at_due_at_id", "reminder", ["closed_at", "due_at", "id"], unique=False)
    op.create_table(
        "requirement",
        sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("service_request_id", IDENTIFIER, nullable=False),
        sa.Column("version_number", sa.Integer(), nullable=False),
        sa.Column("hospital_id", IDENTIFIER, nullable=True),
        sa.Column("department_code", sa.String(length=60), nullable=False),
        sa.Column("department_text", sa.String(length=100), nullable=False),
        sa.Column("expert_name", sa.String(length=200), nullable=False),
        sa.Column("expert_title", sa.String(length=48), nullable=True),
        sa.Column("expert_honours", sa.String(length=200), nullable=False),
        sa.Column("is_renowned", sa.Boolean(), nullable=False),
        sa.Column("renowned_because", sa.String(length=60), nullable=False),
        sa.Column("examination_code", sa.String(length=48), nullable=True),
        sa.Column("examination_text", sa.String(length=200), nullable=False),
        sa.Column("from_outpatient_visit", sa.Boolean(), nullable=True),
        sa.Column("preferred_from_on", sa.Date(), nullable=True),
        sa.Column("preferred_to_on", sa.Date(), nullable=True),
        sa.Column("preference", sa.Text(), nullable=False),
        sa.Column("notice_kind", sa.String(length=48), nullable=True),
        sa.Column("notice_material_id", IDENTIFIER, nullable=True),
        sa.Column("notice_hospital_id", IDENTIFIER, nullable=True),
        sa.Column("notice_doctor_name", sa.String(length=200), nullable=False),
        sa.Column("notice_on", sa.Date(), nullable=True),
        sa.Column("doctors_order", sa.Text(), nullable=False),
        sa.Column("confirmed_at", sa.BigInteger(), nullable=False),
        sa.Column("evidence_id", IDENTIFIER, nullable=False),
        sa.Column("backdating_reason", sa.Text(), nullable=False),
        sa.Column("warnings", sa.Text(), nullable=False),
        sa.Column("fee_notice_shown", sa.Boolean(), nullable=False),
        sa.Column("handbook_edition", sa.String(length=20), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("recorded_by", IDENTIFIER, nullable=False),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name="fk_requirement_evidence_id_evidence"),
        sa.ForeignKeyConstraint(["hospital_id"], ["hospital.id"], name="fk_requirement_hospital_id_hospital"),
        sa.ForeignKeyConstraint(
            ["notice_hospital_id"], ["hospital.id"], name="fk_requirement_notice_hospital_id_hospital"
        ),
        sa.ForeignKeyConstraint(
            ["notice_material_id"], ["material.id"], name="fk_requirement_notice_material_id_material"
        ),
        sa.ForeignKeyConstraint(["recorded_by"], ["operator.id"], name="fk_requirement_recorded_by_operator"),
        sa.ForeignKeyConstraint(
            ["service_request_id"], ["service_request.id"], name="fk_requirement_service_request_id_service_request"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_requirement"),
        sa.UniqueConstraint(
            "service_request_id", "version_number", name="uq_requirement_service_request_id_version_number"
        ),
    )
    op.create_table(
        "reschedule",
        sa.Column("id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("booking_id", IDENTIFIER, nullable=False),
        sa.Column("cause", sa.String(length=48), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("offered_on", sa.Date(), nullable=True),
        sa.Column("evidence_id", IDENTIFIER, nullable=True),
        sa.Column("happened_at", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("recorded_by", IDENTIFIER, nullable=False),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name="fk_reschedule_booking_id_booking"),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name="fk_reschedule_evidence_id_evidence"),
        sa.ForeignKeyConstraint(["recorded_by"], ["operator.id"], name="fk_reschedule_recorded_by_operator"),
        sa.PrimaryKeyConstraint("id", name="pk_reschedule"),
    )
    op.create_index("ix_reschedule_booking_id", "reschedule", ["booking_id"], unique=False)
    for table in ("audit_entry", "command_log", "entitlement_entry"):
        for verb in ("update", "delete"):
            op.execute(
                f"create trigger {table}_no_{verb} before {verb} on {table} "
                f"begin select raise(abort, 'append-only'); end"
            )
    op.execute(
        "create trigger audit_entry_next before insert on audit_entry "
        "when new.sequence <> (select coalesce(max(sequence), 0) + 1 from audit_entry) "
        "or new.previous_mac <> coalesce((select mac from audit_entry order by sequence desc limit 1), '') "
        "begin select raise(abort, 'append-only'); end"
    )


def downgrade() -> None:
    """Drop every table, the last made first."""
    for table in TABLES_LAST_FIRST:
        op.drop_table(table)
