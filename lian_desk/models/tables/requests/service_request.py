"""A request for one of the five services, its requirement, review, evidence, contacts and pauses."""

from datetime import date, datetime

from sqlalchemy import Date, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lian_desk.models.base import AwareTime, Base, Key, Moment, reference, word_of
from lian_desk.models.vocabulary import (
    Channel,
    CheckResult,
    ClockDoubt,
    ContactResult,
    EvidenceForm,
    ExaminationCode,
    ExpertTitle,
    MaterialKind,
    NextAction,
    PauseReason,
    RequestStatus,
    ServiceKind,
    SignerKind,
)


class ServiceRequest(Base):
    """One request (服务申请). Its ``status`` changes only by ``models/rules/request_states.py``.

    ``next_action`` and ``next_action_due_at`` are always set while it is open: no silent case (R64).
    """

    __tablename__ = "service_request"
    __table_args__ = (
        UniqueConstraint("number"),
        Index(None, "assistance_file_id", "received_at"),
        # both columns are given where a file's open requests are counted: no other index may look as good
        Index(None, "assistance_file_id", "is_open", "next_action_due_at"),
        Index(None, "is_open", "next_action_due_at", "id"),
        Index(None, "is_open", "kind", "next_action_due_at", "id"),
        Index(None, "is_open", "case_manager_id", "next_action_due_at", "id"),
        Index(None, "status", "next_action_due_at", "id"),
        Index(None, "kind", "status", "next_action_due_at", "id"),
        Index(None, "received_at", "id"),
    )

    id: Mapped[Key]
    version: Mapped[int] = mapped_column(Integer, default=1)
    number: Mapped[str] = mapped_column(String(40))
    assistance_file_id: Mapped[int] = reference("assistance_file.id")
    application_id: Mapped[int | None] = reference("incoming_application.id")
    kind: Mapped[ServiceKind] = mapped_column(word_of(ServiceKind))
    status: Mapped[RequestStatus] = mapped_column(word_of(RequestStatus))
    #: The status that a paused request returns to, and the one that a closed request came from.
    paused_from: Mapped[RequestStatus | None] = mapped_column(word_of(RequestStatus))
    is_open: Mapped[bool] = mapped_column(default=True)
    disease_entry_id: Mapped[int] = reference("disease_entry.id")
    case_manager_id: Mapped[int] = reference("operator.id")
    need_text: Mapped[str] = mapped_column(Text)
    channel: Mapped[Channel] = mapped_column(word_of(Channel))
    handbook_edition: Mapped[str] = mapped_column(String(20))
    received_at: Mapped[Moment]
    submitted_at: Mapped[datetime | None] = mapped_column(AwareTime)
    requirement_confirmed_at: Mapped[datetime | None] = mapped_column(AwareTime)
    started_at: Mapped[datetime | None] = mapped_column(AwareTime)
    booked_at: Mapped[datetime | None] = mapped_column(AwareTime)
    closed_at: Mapped[datetime | None] = mapped_column(AwareTime)
    closing_reason: Mapped[str] = mapped_column(Text, default="")
    closing_clause: Mapped[str] = mapped_column(String(20), default="")
    next_action: Mapped[NextAction] = mapped_column(word_of(NextAction))
    next_action_due_at: Mapped[datetime | None] = mapped_column(AwareTime)
    status_changed_at: Mapped[Moment]

    __mapper_args__ = {"version_id_col": version}


class Evidence(Base):
    """What proves a confirmation or a fact told by the customer (R45, A38)."""

    __tablename__ = "evidence"
    __table_args__ = (Index(None, "assistance_file_id"),)

    id: Mapped[Key]
    assistance_file_id: Mapped[int] = reference("assistance_file.id")
    service_request_id: Mapped[int | None] = reference("service_request.id")
    form: Mapped[EvidenceForm] = mapped_column(word_of(EvidenceForm))
    said_by: Mapped[SignerKind] = mapped_column(word_of(SignerKind))
    said_by_name: Mapped[str] = mapped_column(String(200))
    channel: Mapped[Channel] = mapped_column(word_of(Channel))
    material_id: Mapped[int | None] = reference("material.id")
    note: Mapped[str] = mapped_column(Text, default="")
    happened_at: Mapped[Moment]
    recorded_at: Mapped[Moment]
    recorded_by: Mapped[int] = reference("operator.id")
    #: The workstation's clock was not to be believed when this was recorded (R89).
    clock_doubt: Mapped[ClockDoubt | None] = mapped_column(word_of(ClockDoubt))


class ServiceReview(Base):
    """The three checks of a review: identity, entitlement, materials, each with its reason (R25)."""

    __tablename__ = "service_review"
    __table_args__ = (Index(None, "service_request_id"),)

    id: Mapped[Key]
    service_request_id: Mapped[int] = reference("service_request.id")
    identity_result: Mapped[CheckResult] = mapped_column(word_of(CheckResult))
    identity_reason: Mapped[str] = mapped_column(Text, default="")
    entitlement_result: Mapped[CheckResult] = mapped_column(word_of(CheckResult))
    entitlement_reason: Mapped[str] = mapped_column(Text, default="")
    material_result: Mapped[CheckResult] = mapped_column(word_of(CheckResult))
    material_reason: Mapped[str] = mapped_column(Text, default="")
    #: What the rules answered at that moment, as JSON: codes, clauses and values.
    eligibility: Mapped[str] = mapped_column(Text, default="{}")
    handbook_edition: Mapped[str] = mapped_column(String(20))
    reviewed_at: Mapped[Moment]
    reviewed_by: Mapped[int] = reference("operator.id")


class Requirement(Base):
    """What exactly is wanted (确认需求), one row per version; the last confirmed one holds (R26, R28, R37)."""

    __tablename__ = "requirement"
    __table_args__ = (UniqueConstraint("service_request_id", "version_number"),)

    id: Mapped[Key]
    service_request_id: Mapped[int] = reference("service_request.id")
    version_number: Mapped[int] = mapped_column(Integer)
    hospital_id: Mapped[int | None] = reference("hospital.id")
    department_code: Mapped[str] = mapped_column(String(60), default="")
    department_text: Mapped[str] = mapped_column(String(100), default="")
    expert_name: Mapped[str] = mapped_column(String(200), default="")
    expert_title: Mapped[ExpertTitle | None] = mapped_column(word_of(ExpertTitle))
    expert_honours: Mapped[str] = mapped_column(String(200), default="")
    is_renowned: Mapped[bool] = mapped_column(default=False)
    renowned_because: Mapped[str] = mapped_column(String(60), default="")
    examination_code: Mapped[ExaminationCode | None] = mapped_column(word_of(ExaminationCode))
    examination_text: Mapped[str] = mapped_column(String(200), default="")
    from_outpatient_visit: Mapped[bool | None]
    preferred_from_on: Mapped[date | None] = mapped_column(Date)
    preferred_to_on: Mapped[date | None] = mapped_column(Date)
    preference: Mapped[str] = mapped_column(Text, default="")
    notice_kind: Mapped[MaterialKind | None] = mapped_column(word_of(MaterialKind))
    notice_material_id: Mapped[int | None] = reference("material.id")
    notice_hospital_id: Mapped[int | None] = reference("hospital.id")
    notice_doctor_name: Mapped[str] = mapped_column(String(200), default="")
    notice_on: Mapped[date | None] = mapped_column(Date)
    doctors_order: Mapped[str] = mapped_column(Text, default="")
    confirmed_at: Mapped[Moment]
    evidence_id: Mapped[int] = reference("evidence.id")
    backdating_reason: Mapped[str] = mapped_column(Text, default="")
    #: Warnings shown and accepted at confirmation, as a JSON list of codes with clauses.
    warnings: Mapped[str] = mapped_column(Text, default="[]")
    #: Why a real requirement was confirmed while the hospital list was the sample that ships (R31); else None.
    sample_list_reason: Mapped[str | None] = mapped_column(Text)
    fee_notice_shown: Mapped[bool]
    handbook_edition: Mapped[str] = mapped_column(String(20))
    recorded_at: Mapped[Moment]
    recorded_by: Mapped[int] = reference("operator.id")


class CoordinationNotice(Base):
    """A contact that tells the customer how coordination stands (告知预约协调情况, R57, A44)."""

    __tablename__ = "coordination_notice"
    __table_args__ = (Index(None, "service_request_id", "happened_at"),)

    id: Mapped[Key]
    service_request_id: Mapped[int] = reference("service_request.id")
    happened_at: Mapped[Moment]
    channel: Mapped[Channel] = mapped_column(word_of(Channel))
    result: Mapped[ContactResult] = mapped_column(word_of(ContactResult))
    content: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[Moment]
    recorded_by: Mapped[int] = reference("operator.id")


class RequestPause(Base):
    """A time in which clocks of a request stand still, half-open, with its reason (R5, R44, R86, A8)."""

    __tablename__ = "request_pause"
    __table_args__ = (Index(None, "service_request_id", "paused_at"),)

    id: Mapped[Key]
    service_request_id: Mapped[int] = reference("service_request.id")
    reason: Mapped[PauseReason] = mapped_column(word_of(PauseReason))
    note: Mapped[str] = mapped_column(Text, default="")
    paused_at: Mapped[Moment]
    resumed_at: Mapped[datetime | None] = mapped_column(AwareTime)
    recorded_at: Mapped[Moment]
    recorded_by: Mapped[int] = reference("operator.id")
