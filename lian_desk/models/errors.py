"""Errors with a kind, a code and parameters; never a sentence.

``RuleViolation``: the handbook says no. ``EnvironmentProblem``: the disk, the key or the machine says no.
Anything else is a bug. The sentences stand in ``services/wording.py``. Parameters hold no personal data.
"""

from enum import StrEnum


class ErrorCode(StrEnum):
    """Every refusal of the program. A test fails for a code without a sentence."""

    # eligibility (R1 to R9, R19)
    WRONG_PRODUCT = "wrong_product"
    BEFORE_EFFECTIVE_DATE = "before_effective_date"
    OUTSIDE_POLICY_YEARS = "outside_policy_years"
    POLICY_SUSPENDED = "policy_suspended"
    POLICY_TERMINATED = "policy_terminated"
    POLICY_STATUS_UNKNOWN = "policy_status_unknown"
    POLICY_STATUS_STALE = "policy_status_stale"
    DISEASE_MISSING = "disease_missing"
    DISEASE_NOT_LISTED = "disease_not_listed"
    DISEASE_EXCLUDED = "disease_excluded"
    GUARDIAN_MISSING = "guardian_missing"
    AUTHORIZATION_MISSING = "authorization_missing"
    TRUTH_NOT_DECLARED = "truth_not_declared"
    TERM_ENDING = "term_ending"
    WAITING_PERIOD = "waiting_period"
    GRACE_PERIOD = "grace_period"
    AGENT_NEEDS_LEAD = "agent_needs_lead"
    DISEASE_WITHOUT_EVIDENCE = "disease_without_evidence"
    IDENTITY_NOT_CHECKED = "identity_not_checked"
    NOT_THE_INSURED = "not_the_insured"
    # entitlement: R12, R46, R47
    ENTITLEMENT_EXHAUSTED = "entitlement_exhausted"
    ALREADY_STARTED = "already_started"
    NOT_STARTED = "not_started"
    ALREADY_REVERSED = "already_reversed"
    CORRECTION_IMPOSSIBLE = "correction_impossible"
    # review and requirement (R14, R25 to R28)
    ILLNESS_DOCUMENT_MISSING = "illness_document_missing"
    NEED_MISSING = "need_missing"
    REASON_MISSING = "reason_missing"
    WRONG_STATUS = "wrong_status"
    EVIDENCE_MISSING = "evidence_missing"
    BACKDATING_NEEDS_REASON = "backdating_needs_reason"
    TIME_IN_FUTURE = "time_in_future"
    TIME_ORDER = "time_order"
    REQUIREMENT_INCOMPLETE = "requirement_incomplete"
    REVIEW_NOT_PASSED = "review_not_passed"
    REVIEWER_APPROVES_HIMSELF = "reviewer_approves_himself"
    FEE_NOTICE_MISSING = "fee_notice_missing"
    WARNINGS_NOT_ACCEPTED = "warnings_not_accepted"
    WARNING_NOT_SHOWN = "warning_not_shown"
    GUARDIAN_MUST_CONFIRM = "guardian_must_confirm"
    INSURED_MUST_CONFIRM = "insured_must_confirm"
    FOLLOW_UP_MISSING = "follow_up_missing"
    # notices (R39 to R43)
    NOTICE_MISSING = "notice_missing"
    NOTICE_WRONG_HOSPITAL = "notice_wrong_hospital"
    NOTICE_WRONG_DOCTOR = "notice_wrong_doctor"
    NOTICE_UNDATED = "notice_undated"
    NOTICE_OTHER_CAMPUS = "notice_other_campus"
    NOTICE_BY_TEAM = "notice_by_team"
    # scope (R29 to R36)
    CITY_OUT_OF_SCOPE = "city_out_of_scope"
    HOSPITAL_LEVEL_OUT_OF_SCOPE = "hospital_level_out_of_scope"
    HOSPITAL_NOT_ON_LIST = "hospital_not_on_list"
    DEPARTMENT_EXCLUDED = "department_excluded"
    TITLE_TOO_LOW = "title_too_low"
    EXAMINATION_NOT_COVERED = "examination_not_covered"
    EXAMINATION_NOT_FROM_OUTPATIENT = "examination_not_from_outpatient"
    CITY_NEEDS_LEAD = "city_needs_lead"
    CANCER_HOSPITAL_NOT_CLASS_A = "cancer_hospital_not_class_a"
    HOSPITAL_LIST_UNKNOWN = "hospital_list_unknown"
    DEPARTMENT_ALLOWED_BY_LEAD = "department_allowed_by_lead"
    TITLE_UNKNOWN = "title_unknown"
    EXAMINATION_BY_ORDER_CODE = "examination_by_order_code"
    HOSPITAL_RESTRICTED = "hospital_restricted"
    FORCE_MAJEURE_HERE = "force_majeure_here"
    # input
    FIELD_REQUIRED = "field_required"
    FIELD_TOO_LONG = "field_too_long"
    FIELD_HAS_CONTROL_CHARACTERS = "field_has_control_characters"
    IDENTITY_NUMBER_LENGTH = "identity_number_length"
    IDENTITY_NUMBER_OLD = "identity_number_old"
    IDENTITY_NUMBER_CHECKSUM = "identity_number_checksum"
    IDENTITY_NUMBER_PROVINCE = "identity_number_province"
    IDENTITY_NUMBER_DATE = "identity_number_date"
    PHONE_NUMBER_INVALID = "phone_number_invalid"
    NAME_HAS_SYMBOLS = "name_has_symbols"
    POLICY_NUMBER_INVALID = "policy_number_invalid"
    VALUE_NOT_UNDERSTOOD = "value_not_understood"
    DATE_IMPOSSIBLE = "date_impossible"
    PERIOD_OVERLAPS = "period_overlaps"
    PERSON_EXISTS = "person_exists"
    POLICY_EXISTS = "policy_exists"
    NOT_FOUND = "not_found"
    CHANGED_MEANWHILE = "changed_meanwhile"
    NOT_ALLOWED = "not_allowed"
    FILE_READ_ONLY = "file_read_only"
    EMERGENCY_OPEN = "emergency_open"
    CARE_STOPPED = "care_stopped"
    FILE_OF_ANOTHER_WORKSTATION = "file_of_another_workstation"
    LEGAL_HOLD = "legal_hold"
    NOT_YET_ERASABLE = "not_yet_erasable"
    FILE_ERASED = "file_erased"
    # materials: what a file from outside may be, and what became of a stored one
    MATERIAL_EMPTY = "material_empty"
    MATERIAL_TOO_LARGE = "material_too_large"
    MATERIAL_TYPE_UNKNOWN = "material_type_unknown"
    MATERIAL_TRUNCATED = "material_truncated"
    MATERIAL_UNREADABLE = "material_unreadable"
    MATERIAL_LOCKED = "material_locked"
    MATERIAL_TOO_MANY_PIXELS = "material_too_many_pixels"
    MATERIAL_TOO_MANY_PAGES = "material_too_many_pages"
    MATERIAL_DUPLICATE = "material_duplicate"
    MATERIAL_UNCLASSIFIED = "material_unclassified"
    MATERIAL_NAME_UNCHECKED = "material_name_unchecked"
    MATERIAL_NOT_PREVIEWABLE = "material_not_previewable"
    MATERIAL_MISSING = "material_missing"
    MATERIAL_DAMAGED = "material_damaged"
    MATERIAL_SWAPPED = "material_swapped"
    MATERIAL_QUARANTINED = "material_quarantined"
    MATERIAL_NOT_QUARANTINED = "material_not_quarantined"
    FINDING_DATE_INVALID = "finding_date_invalid"
    FINDING_UNLOOKED = "finding_unlooked"
    RECOGNITION_MISSING = "recognition_missing"
    RECOGNITION_FAILED = "recognition_failed"
    # installation
    RESOURCE_MISSING = "resource_missing"
    RULE_PACK_DAMAGED = "rule_pack_damaged"
    EDITION_NOT_ACCEPTED = "edition_not_accepted"
    CALENDAR_DAMAGED = "calendar_damaged"
    # lists that a lead takes in: calendar years, hospitals
    IMPORT_FILE_UNREADABLE = "import_file_unreadable"
    IMPORT_FILE_TOO_LARGE = "import_file_too_large"
    IMPORT_COLUMNS_MISSING = "import_columns_missing"
    IMPORT_NOTHING_TO_TAKE = "import_nothing_to_take"
    IMPORT_PREVIEW_OUTDATED = "import_preview_outdated"
    # environment: disk, database, workspace
    DISK_FULL = "disk_full"
    FOLDER_READ_ONLY = "folder_read_only"
    FOLDER_MISSING = "folder_missing"
    FOLDER_NOT_EMPTY = "folder_not_empty"
    FOLDER_CANNOT_LOCK = "folder_cannot_lock"
    FILE_UNREADABLE = "file_unreadable"
    ANOTHER_INSTANCE = "another_instance"
    SQLITE_TOO_OLD = "sqlite_too_old"
    DATABASE_BUSY = "database_busy"
    DATABASE_MISSING = "database_missing"
    DATABASE_EMPTY = "database_empty"
    DATABASE_PLAIN = "database_plain"
    DATABASE_WRONG_KEY = "database_wrong_key"
    DATABASE_OTHER_WORKSPACE = "database_other_workspace"
    DATABASE_DAMAGED = "database_damaged"
    DATABASE_EXISTS = "database_exists"
    SCHEMA_TOO_NEW = "schema_too_new"
    SCHEMA_UPGRADE_FAILED = "schema_upgrade_failed"
    BACKUP_FAILED = "backup_failed"
    WORKSPACE_MISSING = "workspace_missing"
    WORKSPACE_EXISTS = "workspace_exists"
    WORKSTATION_CODE_INVALID = "workstation_code_invalid"
    # environment, the keys of a workspace
    ENVELOPE_MISSING = "envelope_missing"
    ENVELOPE_DAMAGED = "envelope_damaged"
    ENVELOPE_TOO_NEW = "envelope_too_new"
    PASSWORD_WRONG = "password_wrong"  # noqa: S105 - a code, no secret
    PASSWORD_TOO_SHORT = "password_too_short"  # noqa: S105
    PASSWORD_NOT_SET = "password_not_set"  # noqa: S105
    PASSWORD_MISSING = "password_missing"  # noqa: S105
    KEYRING_UNAVAILABLE = "keyring_unavailable"
    KEYRING_NO_ENTRY = "keyring_no_entry"
    KEYRING_REFUSED = "keyring_refused"
    THROW_AWAY_REFUSED = "throw_away_refused"


class DeskError(Exception):
    """Base of the two errors that the program foresees."""

    def __init__(self, code: ErrorCode, *, clause: str | None = None, **parameters: object) -> None:
        """Keep ``code``, the handbook ``clause`` that decides and plain ``parameters`` for the sentence."""
        super().__init__(code.value)
        self.code = code
        self.clause = clause
        self.parameters = parameters


class RuleViolation(DeskError):
    """The handbook or the shape of the input says no; shown beside the field or button."""


class EnvironmentProblem(DeskError):
    """Disk, key, lock or file says no; shown in a message bar with what to do."""
