"""What a document is drawn from: frozen dataclasses gathered in one read, worded, and masked where asked.

Every text here is ready for the reader (Chinese words of the glossary, masked or not); dates and times stay typed so
that the documents format them alike. Times are aware; the documents show them in Asia/Shanghai.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One notice of the handbook: the id of its clause (R73 to R79), a heading, its place and its words."""

    clause: str
    title: str
    place: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Imprint:
    """Who stands behind the service, the handbook edition and the notices printed on every document (R10, R87)."""

    edition: str
    edition_name: str
    handbook_title: str
    insurer_name: str
    insurer_hotline: str
    provider_name: str
    provider_hotline: str
    footer_notice: str
    told_by_insured: str
    notices: tuple[Notice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """The identity of one issued document.

    `issue` counts the issues of the same record: a correction is a new issue, the old one stays and is named in
    `corrects` (R92). `reader` says for whose eyes the paper is made, empty for internal use.
    `audit_head` is the newest seal of the operation record, empty when there is none.
    """

    file_number: str
    record_number: str
    issue: int
    issued_at: datetime
    case_manager: str
    masked: bool
    audit_head: str = ""
    reader: str = ""
    corrects: str = ""
    correction_reason: str = ""
    sample_list: str = ""
    """What is to be said of the hospital list that the paper leans on; empty where a real list holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """The insured person as printed. Texts are masked already when the stamp says so."""

    name: str
    sex: str
    age: str
    identity_number: str
    phone: str
    guardian: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyState:
    """The policy on the day of issue. `policy_year` reads like 第 3 保单年度; `covered_until_on` is exclusive."""

    number: str
    status: str
    policy_year: str
    effective_on: date
    covered_until_on: date
    periods: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entitlement:
    """Uses of one service. `uses_left` and `uses_granted` are None for the service without a limit (R11, R12)."""

    service: str
    uses_left: int | None
    uses_granted: int | None
    used_on: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockLine:
    """One promise. `kept` is True or False once known, None while it runs; `verdict` is the word for it."""

    label: str
    measure: str
    verdict: str
    kept: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceLine:
    """One service request in the history."""

    number: str
    on: date
    service: str
    place: str
    outcome: str
    clocks: tuple[ClockLine, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpLine:
    """One follow-up. `done_at` is when it took place, `entered_at` when it was written down (R69, R70)."""

    done_at: datetime
    entered_at: datetime
    channel: str
    outcome: str
    reached: bool
    duration_minutes: int | None = None
    condition: str = ""
    medication: str = ""
    education: str = ""
    reminder: str = ""
    next_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingLine:
    """One booking of the file. `visit_at` is None while the hospital has named no time."""

    service: str
    place: str
    visit_at: datetime | None
    status: str
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MaterialLine:
    """One stored material: what it is and what of it was lost, never its content or its original name."""

    kind: str
    page_count: int | None
    dated_on: date | None
    received_at: datetime
    proves: str = ""
    flaw: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthFacts:
    """History as told or read, each text with its source and date where known (R17)."""

    history: str
    medication: str
    allergies: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpRecordView:
    """Everything on one 随访记录 (R92)."""

    stamp: Stamp
    imprint: Imprint
    period_from: date
    period_to: date
    party: Party
    policy: PolicyState
    diseases: tuple[str, ...]
    authorization: str
    entitlements: tuple[Entitlement, ...]
    services: tuple[ServiceLine, ...]
    follow_ups: tuple[FollowUpLine, ...]
    open_tasks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AssistanceFileSummaryView:
    """Everything on one 个案摘要."""

    stamp: Stamp
    imprint: Imprint
    opened_on: date
    party: Party
    policy: PolicyState
    diseases: tuple[str, ...]
    health: HealthFacts
    authorization: str
    entitlements: tuple[Entitlement, ...]
    services: tuple[ServiceLine, ...]
    bookings: tuple[BookingLine, ...]
    materials: tuple[MaterialLine, ...]
    follow_ups: tuple[FollowUpLine, ...]
    open_tasks: tuple[str, ...]
