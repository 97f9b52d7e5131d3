"""Closed vocabularies of the handbook and of the program, stored by value.

The user interface may read this module. The Chinese phrase of each member stands in
``services/words/wording.py`` and nowhere else; a test fails for a member without a phrase.
"""

from enum import StrEnum


class Role(StrEnum):
    """Who sits at the desk."""

    CASE_MANAGER = "case_manager"
    TEAM_LEAD = "team_lead"
    ADMINISTRATOR = "administrator"


class ServiceKind(StrEnum):
    """The five services of handbook chapter 1 (R11, R12)."""

    CASE_MANAGEMENT = "case_management"
    OUTPATIENT_COORDINATION = "outpatient_coordination"
    INPATIENT_COORDINATION = "inpatient_coordination"
    SURGERY_COORDINATION = "surgery_coordination"
    EXPEDITED_EXAMINATION = "expedited_examination"


class RequestStatus(StrEnum):
    """States of a service request; only ``models/rules/request_states.py`` says which may follow which."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    UNDER_REVIEW = "under_review"
    AWAITING_MATERIAL = "awaiting_material"
    REQUIREMENT_CONFIRMED = "requirement_confirmed"
    COORDINATING = "coordinating"
    AWAITING_START = "awaiting_start"
    STARTED = "started"
    BOOKED = "booked"
    ARRIVED = "arrived"
    IN_PROGRESS = "in_progress"
    SERVICE_COMPLETED = "service_completed"
    FOLLOWING_UP = "following_up"
    ARCHIVED = "archived"
    PAUSED = "paused"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    CANCELLED_BY_INSURED = "cancelled_by_insured"
    NO_SHOW = "no_show"
    NOT_BOOKED = "not_booked"
    POLICY_TERMINATED = "policy_terminated"


class PauseReason(StrEnum):
    """Why the clocks of a request stand still (state table, R5, R44, R86, A8)."""

    POLICY_SUSPENDED = "policy_suspended"
    FORCE_MAJEURE = "force_majeure"
    DOCTORS_ORDER = "doctors_order"
    AWAITING_CUSTOMER = "awaiting_customer"


class ClockKind(StrEnum):
    """C1 first response, C2 48-hour feedback, C3 booking completion."""

    RESPONSE = "response"
    FEEDBACK = "feedback"
    BOOKING = "booking"


class ClockState(StrEnum):
    """How a clock stands: met in time, late, standing still, or running with two levels of warning."""

    RUNNING = "running"
    AT_RISK = "at_risk"
    URGENT = "urgent"
    PAUSED = "paused"
    KEPT = "kept"
    BROKEN = "broken"


class PolicyStatus(StrEnum):
    """State of the insurance contract's effect (R4 to R7)."""

    IN_FORCE = "in_force"
    SUSPENDED = "suspended"
    TERMINATED = "terminated"


class TerminationReason(StrEnum):
    """The seven reasons of handbook chapter 4, section 3 (R7)."""

    COOLING_OFF_CANCELLATION = "cooling_off_cancellation"
    SURRENDER = "surrender"
    AGREED_TERMINATION = "agreed_termination"
    NON_DISCLOSURE = "non_disclosure"
    WAITING_PERIOD_EVENT = "waiting_period_event"
    LIABILITY_EXCLUSION = "liability_exclusion"
    OTHER = "other"


class FactSource(StrEnum):
    """Where a fact about a policy, an identity or an attendance comes from."""

    INSURER_SYSTEM = "insurer_system"
    INSURER_NOTICE = "insurer_notice"
    INSURED_STATEMENT = "insured_statement"
    HOSPITAL = "hospital"
    DOCUMENT = "document"


class Severity(StrEnum):
    """Illness grade of the insurance contract (R8)."""

    MILD = "mild"
    MODERATE = "moderate"
    SEVERE = "severe"


class Certainty(StrEnum):
    """Confirmed or suspected (R8); suspicion later excluded (A36)."""

    CONFIRMED = "confirmed"
    SUSPECTED = "suspected"
    EXCLUDED = "excluded"


class Sex(StrEnum):
    """As derived from the identity number or as stated."""

    FEMALE = "female"
    MALE = "male"
    ERASED = "erased"
    """Stands in a row whose person was erased (R90); nobody can state it."""


class IdentityDocumentKind(StrEnum):
    """Document that proves an identity (R16)."""

    RESIDENT_IDENTITY_CARD = "resident_identity_card"
    PASSPORT = "passport"
    HONG_KONG_MACAO_TAIWAN_PERMIT = "hong_kong_macao_taiwan_permit"
    FOREIGN_PERMANENT_RESIDENT_CARD = "foreign_permanent_resident_card"
    HOUSEHOLD_REGISTER = "household_register"
    BIRTH_CERTIFICATE = "birth_certificate"


class IdentityCheckMethod(StrEnum):
    """How the identity was checked before the file opens (R16)."""

    DOCUMENT_SEEN = "document_seen"
    INSURER_SYSTEM_MATCH = "insurer_system_match"
    VIDEO_CALL = "video_call"


class GuardianRelation(StrEnum):
    """Relation of the guardian to the minor (R9)."""

    FATHER = "father"
    MOTHER = "mother"
    GRANDPARENT = "grandparent"
    OTHER_GUARDIAN = "other_guardian"


class Channel(StrEnum):
    """Way of contact (R13)."""

    WECOM = "wecom"
    LIAN_APP = "lian_app"
    HOTLINE = "hotline"
    PHONE = "phone"
    WALK_IN = "walk_in"
    SMS = "sms"
    EMAIL = "email"


class HistoryKind(StrEnum):
    """Structured history (R17)."""

    CONDITION = "condition"
    MEDICATION = "medication"
    ALLERGY = "allergy"
    OPERATION = "operation"


class Knownness(StrEnum):
    """A blank is not an answer: known, none, unknown and declined are different facts (R17, R22)."""

    KNOWN = "known"
    NONE = "none"
    UNKNOWN = "unknown"
    DECLINED = "declined"


class SignerKind(StrEnum):
    """Who signs an authorization or confirms a start (R9, R45, A34)."""

    INSURED = "insured"
    GUARDIAN = "guardian"
    AGENT = "agent"


class EvidenceForm(StrEnum):
    """Forms of a confirmation (A38); typed text alone is none of them."""

    MESSAGE_IMAGE = "message_image"
    CALL_NOTE = "call_note"
    SIGNED_FORM = "signed_form"


class MaterialKind(StrEnum):
    """Kinds of medical and accompanying material (R14, R15, A30)."""

    OUTPATIENT_RECORD = "outpatient_record"
    DIAGNOSIS_CERTIFICATE = "diagnosis_certificate"
    BLOOD_TEST_REPORT = "blood_test_report"
    EXAMINATION_REPORT = "examination_report"
    PATHOLOGY_REPORT = "pathology_report"
    DISCHARGE_SUMMARY = "discharge_summary"
    ADMISSION_NOTICE = "admission_notice"
    SURGERY_NOTICE = "surgery_notice"
    EXAMINATION_NOTICE = "examination_notice"
    IDENTITY_DOCUMENT = "identity_document"
    AUTHORIZATION_FORM = "authorization_form"
    GUARDIANSHIP_PROOF = "guardianship_proof"
    CONFIRMATION = "confirmation"
    OTHER = "other"
    UNCLASSIFIED = "unclassified"


class MaterialSource(StrEnum):
    """By which way a material came in."""

    BUTTON = "button"
    DROP = "drop"
    PASTE = "paste"
    DROP_FOLDER = "drop_folder"
    DEMO = "demo"


class IntakeState(StrEnum):
    """What has become of a file that was offered."""

    WAITING = "waiting"
    ADDED = "added"
    DUPLICATE = "duplicate"
    REFUSED = "refused"


class MaterialState(StrEnum):
    """Confirmed by a person or not; found wrong (R24)."""

    RECEIVED = "received"
    CONFIRMED = "confirmed"
    DEFICIENT = "deficient"
    QUARANTINED = "quarantined"
    """Another person's name or identity number stands on it; it serves nothing until a person lets it go (R1)."""


class NameAnswer(StrEnum):
    """Whose name stands on a material (R1): one of three answers, always."""

    INSURED = "insured"
    OTHER = "other"
    UNSEEN = "unseen"
    """No name was seen, or none could be read: a person must say whose the material is, and by which sign."""


class OwnSign(StrEnum):
    """By which sign a person knows a material for the insured's where no name was seen on it (R1)."""

    NAME_READ = "name_read"
    IDENTITY_NUMBER = "identity_number"
    VISIT_NUMBER = "visit_number"
    BORN_ON = "born_on"
    CUSTOMER_STATEMENT = "customer_statement"
    OTHER_SIGN = "other_sign"


class MaterialRelation(StrEnum):
    """How a material that stands on the bytes of another came from it."""

    SPLIT = "split"
    LINKED = "linked"
    KEPT = "kept"


class MaterialFlaw(StrEnum):
    """What of a file was lost before it came, as its bytes tell; it is taken in all the same."""

    END_INCOMPLETE = "end_incomplete"
    """A document whose end is not where it should be, or is missing; pages may be missing with it."""
    PAGES_LOST = "pages_lost"
    """The file ends in the middle of the pages that it announces."""
    BOTTOM_LOST = "bottom_lost"
    """Nothing of the picture from a line downwards; likewise the following, as the picture is shown."""
    TOP_LOST = "top_lost"
    LEFT_LOST = "left_lost"
    RIGHT_LOST = "right_lost"
    BAND_DAMAGED = "band_damaged"
    """A stretch in the middle of the picture is damaged, from a line on."""
    DETAIL_LOST = "detail_lost"
    """The whole picture is there, but less sharp than it was."""
    PART_DAMAGED = "part_damaged"
    """Some part of the picture is damaged, nobody can tell from here which."""


class RecognitionState(StrEnum):
    """How far the reading of a material is."""

    QUEUED = "queued"
    PAUSED = "paused"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class TextOrigin(StrEnum):
    """Where the text of a page comes from."""

    DOCUMENT = "document"
    """The document holds it."""
    RECOGNISED = "recognised"
    """Read from the picture by the machine."""


class FindingField(StrEnum):
    """A fact that the machine looks for on a material."""

    KIND = "kind"
    DOCUMENT_ON = "document_on"
    HOSPITAL = "hospital"
    DEPARTMENT = "department"
    DOCTOR = "doctor"
    NAME = "name"
    IDENTITY_NUMBER = "identity_number"
    VISIT_NUMBER = "visit_number"
    """A number under which a hospital knows the patient."""
    BORN_ON = "born_on"
    """Day of birth, or the age where no day stands."""


class FindingState(StrEnum):
    """What a person made of a proposal."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    CORRECTED = "corrected"


class FindingMatch(StrEnum):
    """A name or an identity number on a material beside the insured's (R1)."""

    SAME = "same"
    NEEDS_LOOK = "needs_look"
    """Almost the same, or not wholly legible: a person looks."""
    OTHER = "other"


class HospitalLevel(StrEnum):
    """Level of a campus (R30)."""

    CLASS_A_TERTIARY = "class_a_tertiary"
    OTHER_TERTIARY = "other_tertiary"
    SECONDARY = "secondary"
    OTHER = "other"


class HospitalSpecialty(StrEnum):
    """General or specialised hospital; a cancer hospital is in scope by its specialty (R30)."""

    GENERAL = "general"
    CANCER = "cancer"
    TRADITIONAL_CHINESE_MEDICINE = "traditional_chinese_medicine"
    CHILDREN = "children"
    OTHER = "other"


class ExpertTitle(StrEnum):
    """Clinical rank (R32)."""

    CHIEF_PHYSICIAN = "chief_physician"
    ASSOCIATE_CHIEF_PHYSICIAN = "associate_chief_physician"
    ATTENDING_PHYSICIAN = "attending_physician"
    RESIDENT_PHYSICIAN = "resident_physician"
    UNKNOWN = "unknown"


class ExpertHonour(StrEnum):
    """Honours that make an expert renowned (R33, A13)."""

    ACADEMICIAN = "academician"
    PROFESSOR = "professor"
    DOCTORAL_SUPERVISOR = "doctoral_supervisor"
    ASSOCIATE_PROFESSOR = "associate_professor"


class ExaminationCode(StrEnum):
    """The five examination codes of R35."""

    LABORATORY = "laboratory"
    IMAGING = "imaging"
    LUMBAR_PUNCTURE = "lumbar_puncture"
    THORACENTESIS = "thoracentesis"
    GI_ENDOSCOPY = "gi_endoscopy"


class CheckResult(StrEnum):
    """Result of one of the three checks of a review (R25)."""

    PASSED = "passed"
    FAILED = "failed"
    NEEDS_MORE = "needs_more"


class ContactResult(StrEnum):
    """Whether a contact reached the customer (A44)."""

    REACHED = "reached"
    MESSAGE_DELIVERED = "message_delivered"
    NO_ANSWER = "no_answer"


class AttemptResult(StrEnum):
    """What a booking attempt at the hospital brought."""

    PENDING = "pending"
    NO_SLOT = "no_slot"
    OFFERED = "offered"
    REFUSED = "refused"


class EntryKind(StrEnum):
    """Entries of the entitlement ledger."""

    GRANT = "grant"
    START = "start"
    REVERSAL = "reversal"
    CORRECTION = "correction"


class EntryCategory(StrEnum):
    """Categories of the feed of an assistance file."""

    APPLICATION = "application"
    FILE = "file"
    MATERIAL = "material"
    REQUEST = "request"
    BOOKING = "booking"
    FOLLOW_UP = "follow_up"
    POLICY = "policy"
    DOCUMENT = "document"


class CarePhase(StrEnum):
    """The three phases of R66."""

    PRE_VISIT_PLANNING = "pre_visit_planning"
    DURING_VISIT_SUPPORT = "during_visit_support"
    POST_VISIT_CARE = "post_visit_care"


class FollowUpKind(StrEnum):
    """Follow-up by event (R69)."""

    AFTER_VISIT = "after_visit"
    AFTER_STAY = "after_stay"
    AFTER_SURGERY = "after_surgery"
    AFTER_EXAMINATION = "after_examination"
    IN_STAY = "in_stay"


class FollowUpOutcome(StrEnum):
    """Outcome codes of a follow-up (R69)."""

    REACHED = "reached"
    NO_ANSWER = "no_answer"
    CALL_LATER = "call_later"
    DECLINED = "declined"
    WRONG_NUMBER = "wrong_number"
    CLOSED = "closed"


class DayUnit(StrEnum):
    """How the days of a follow-up offset are counted (R69)."""

    WORKING = "working"
    CALENDAR = "calendar"


class PhraseField(StrEnum):
    """Which field of the follow-up form a phrase is meant for."""

    CONDITION = "condition"
    MEDICATION = "medication"
    NOTE = "note"


class DocumentKind(StrEnum):
    """Printed papers that get a number when issued."""

    FOLLOW_UP_RECORD = "follow_up_record"
    FILE_SUMMARY = "file_summary"
    MEDICAL_SHEET = "medical_sheet"
    BOOKING_NOTICE = "booking_notice"
    ENTITLEMENT_STATEMENT = "entitlement_statement"
    DEADLINE_PROOF = "deadline_proof"
    EDUCATION_LEAFLET = "education_leaflet"
    TEAM_SUMMARY = "team_summary"
    DISCLOSURE_PACK = "disclosure_pack"


class MaskingLevel(StrEnum):
    """For whose eyes a value is prepared; ``services/names/masking.py`` says what each of them sees."""

    INTERNAL = "internal"
    INSURED = "insured"
    HOSPITAL = "hospital"
    REVEALED = "revealed"


class DayKind(StrEnum):
    """A day of a calendar year that differs from its weekday (A4)."""

    DAY_OFF = "day_off"
    MAKE_UP_WORKING_DAY = "make_up_working_day"


class CalendarStatus(StrEnum):
    """How sure the calendar of a year is (A5)."""

    OFFICIAL = "official"
    PROVISIONAL = "provisional"


class RescheduleCause(StrEnum):
    """Why a confirmed booking fell through at the hospital (R52, R53, A22)."""

    CANCELLED_BY_HOSPITAL = "cancelled_by_hospital"
    POSTPONED_BY_HOSPITAL = "postponed_by_hospital"


class AttendanceKind(StrEnum):
    """What "on time" means differs per service (R49, R72)."""

    VISITED = "visited"
    ADMITTED = "admitted"
    SURGERY_REGISTERED = "surgery_registered"
    EXAMINED = "examined"


class NextAction(StrEnum):
    """The one next step of a request or application that its row and page name (R64)."""

    RESPOND = "respond"
    OPEN_FILE = "open_file"
    SUBMIT = "submit"
    REVIEW = "review"
    ASK_FOR_MATERIAL = "ask_for_material"
    CONFIRM_REQUIREMENT = "confirm_requirement"
    GIVE_FEEDBACK = "give_feedback"
    CONFIRM_START = "confirm_start"
    RECORD_BOOKING = "record_booking"
    SEND_INSTRUCTIONS = "send_instructions"
    RECORD_ATTENDANCE = "record_attendance"
    RECORD_PROGRESS = "record_progress"
    COMPLETE_SERVICE = "complete_service"
    FOLLOW_UP = "follow_up"
    ARCHIVE = "archive"
    RESUME = "resume"
    NONE = "none"


class ReminderKind(StrEnum):
    """What a reminder is about (R63, R70)."""

    INSTRUCTIONS = "instructions"
    DAY_BEFORE = "day_before"
    OTHER = "other"


class ForceMajeureCause(StrEnum):
    """The causes that handbook chapter 3, section 11 names (R86)."""

    WAR = "war"
    UNREST = "unrest"
    FAMINE = "famine"
    EXPLOSION = "explosion"
    STRIKE = "strike"
    NATURAL_DISASTER = "natural_disaster"
    GOVERNMENT_ACT = "government_act"
    EPIDEMIC = "epidemic"
    OTHER = "other"


class ClockDoubt(StrEnum):
    """Why the workstation's clock is not believed (R89)."""

    BEHIND_LOG = "behind_log"
    FAR_AHEAD_OF_LOG = "far_ahead_of_log"
    SET_BACK = "set_back"
    SET_FORWARD = "set_forward"


class CorrectionSubject(StrEnum):
    """What a lead's correction put right (R48)."""

    STATUS = "status"
    BOOKING = "booking"


class SensitiveKind(StrEnum):
    """What ends the routine of a stay with care for the family (R68)."""

    TRANSFERRED = "transferred"
    DIED = "died"


class ErasureGround(StrEnum):
    """Why the personal data of a file is erased (R90)."""

    RETENTION_ENDED = "retention_ended"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    INSURED_REQUEST = "insured_request"


class ComplaintTarget(StrEnum):
    """Whom a complaint is about: it decides who answers (R78)."""

    SERVICE = "service"
    HOSPITAL = "hospital"
