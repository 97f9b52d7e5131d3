"""The insurance policy and the periods of its effect."""

from datetime import date, datetime

from sqlalchemy import Date, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lian_desk.models.base import AwareTime, Base, Key, Moment, reference, word_of
from lian_desk.models.vocabulary import FactSource, PolicyStatus, TerminationReason


class Policy(Base):
    """One policy of the product (保单); two policies of one person have two ledgers (A37)."""

    __tablename__ = "policy"
    __table_args__ = (UniqueConstraint("policy_number"),)

    id: Mapped[Key]
    version: Mapped[int] = mapped_column(Integer, default=1)
    insured_person_id: Mapped[int] = reference("insured_person.id", index=True)
    policy_number: Mapped[str] = mapped_column(String(40))
    product_code: Mapped[str] = mapped_column(String(40))
    policyholder_name: Mapped[str] = mapped_column(String(200))
    effective_on: Mapped[date] = mapped_column(Date)
    #: First days outside the waiting period (等待期, A28) and the grace period (宽限期, A29); None: none is known.
    waiting_until_on: Mapped[date | None] = mapped_column(Date)
    grace_from_on: Mapped[date | None] = mapped_column(Date)
    grace_until_on: Mapped[date | None] = mapped_column(Date)
    created_at: Mapped[Moment]

    __mapper_args__ = {"version_id_col": version}


class PolicyStatusPeriod(Base):
    """One period of the policy's effect, with two times: true from, and known from (R88).

    Half-open: ``true_from`` is inside, ``true_to`` is outside. Never changed but for ``true_to`` of an open
    suspension and ``superseded_at`` of an entry found wrong.
    """

    __tablename__ = "policy_status_period"
    __table_args__ = (Index(None, "policy_id", "true_from"),)

    id: Mapped[Key]
    policy_id: Mapped[int] = reference("policy.id")
    status: Mapped[PolicyStatus] = mapped_column(word_of(PolicyStatus))
    true_from: Mapped[Moment]
    true_to: Mapped[datetime | None] = mapped_column(AwareTime)
    known_from: Mapped[Moment]
    termination_reason: Mapped[TerminationReason | None] = mapped_column(word_of(TerminationReason))
    source: Mapped[FactSource] = mapped_column(word_of(FactSource))
    note: Mapped[str] = mapped_column(Text, default="")
    recorded_by: Mapped[int] = reference("operator.id")
    superseded_at: Mapped[datetime | None] = mapped_column(AwareTime)


class PolicyStatusCheck(Base):
    """What was seen of the policy at a gate of a request (R4): status, source, time, operator."""

    __tablename__ = "policy_status_check"
    __table_args__ = (Index(None, "policy_id", "checked_at"),)

    id: Mapped[Key]
    policy_id: Mapped[int] = reference("policy.id")
    service_request_id: Mapped[int | None] = reference("service_request.id")
    gate: Mapped[str] = mapped_column(String(40))
    status: Mapped[PolicyStatus] = mapped_column(word_of(PolicyStatus))
    source: Mapped[FactSource] = mapped_column(word_of(FactSource))
    checked_at: Mapped[Moment]
    operator_id: Mapped[int] = reference("operator.id")
