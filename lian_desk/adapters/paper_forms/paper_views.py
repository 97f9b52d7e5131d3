"""Views of the papers besides record and summary: medical sheet, booking notice, statement, proof, leaflet, team.

As in ``views``: every text is ready for the reader, masked where asked; dates and times stay typed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime

    from lian_desk.adapters.drawing.views import Entitlement, Imprint, Party, PolicyState, Stamp


@dataclass(frozen=True, slots=True, kw_only=True)
class MedicationLine:
    """One medication as told or read: `since` as it was told, `stated_on` the day of the statement (R17, R67)."""

    name: str
    dosage: str
    since: str
    source: str
    stated_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryLine:
    """One condition, operation or allergy with its source and the day it was stated."""

    kind: str
    text: str
    source: str
    stated_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DiseaseLine:
    """One illness of the contract's list with certainty and severity, and the day it was noted (R8)."""

    text: str
    noted_on: date
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachedPage:
    """A page of a material that goes with the sheet: its caption, the picture and its size in pixels."""

    caption: str
    jpeg: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EnclosedPaper:
    """A line of the cover of a pack: what the paper is, who issued it when, which of its pages go along, and where.

    ``pages`` reads like 第 1、3 页；``first_page`` is where it begins in the pack, counted from 1.
    """

    title: str
    issuer: str
    dated_on: str
    pages: str
    first_page: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DisclosurePackView:
    """Everything in one 就诊资料包 for a hospital (R21): the cover, and the chosen pages as pictures."""

    stamp: Stamp
    imprint: Imprint
    party: Party
    recipient: str
    purpose: str
    authorization: str
    basis: str
    diseases: tuple[str, ...]
    papers: tuple[EnclosedPaper, ...]
    pages: tuple[AttachedPage, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MedicalSheetView:
    """Everything on one 病史与用药单, for the doctor (R67)."""

    stamp: Stamp
    imprint: Imprint
    party: Party
    recipient: str
    diseases: tuple[DiseaseLine, ...]
    medications: tuple[MedicationLine, ...]
    allergies: tuple[HistoryLine, ...]
    history: tuple[HistoryLine, ...]
    pages: tuple[AttachedPage, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedText:
    """Words of the handbook with their heading and place."""

    title: str
    text: str
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingNoticeView:
    """Everything on one 预约结果与注意事项 (R63). `visit_at` is aware."""

    stamp: Stamp
    imprint: Imprint
    party: Party
    service: str
    request_number: str
    hospital: str
    department: str
    expert: str
    visit_at: datetime
    place: str
    hospital_reference: str
    instructions: tuple[str, ...]
    reminders: tuple[str, ...]
    rules: tuple[CitedText, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerLine:
    """One movement of the entitlement: `amount` with its sign, `left` of that service after it."""

    happened_at: datetime
    service: str
    kind: str
    amount: int
    left: int
    request_number: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EntitlementStatementView:
    """Everything on one 权益使用清单 (R12, R46, R54)."""

    stamp: Stamp
    imprint: Imprint
    party: Party
    policy: PolicyState
    entitlements: tuple[Entitlement, ...]
    entries: tuple[LedgerLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineLine:
    """One promise with the way its end was reckoned; `met_at` is None while it runs, `kept` then too."""

    label: str
    started_at: datetime
    due_at: datetime
    met_at: datetime | None
    verdict: str
    kept: bool | None
    derivation: str
    place: str
    edition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseLine:
    """A time in which the clocks stood still; `to_at` is None while it lasts."""

    reason: str
    from_at: datetime
    to_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvenRequest:
    """The promises of one request, its pauses and what else bears on them (late entry, hospital reschedule)."""

    number: str
    service: str
    place: str
    deadlines: tuple[DeadlineLine, ...]
    pauses: tuple[PauseLine, ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineProofView:
    """Everything on one 时限达标说明 (R55 to R62)."""

    stamp: Stamp
    imprint: Imprint
    party: Party
    requests: tuple[ProvenRequest, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EducationLeafletView:
    """Everything on one 健康宣教单 (R70, R76): the words as given, their version, where they come from."""

    stamp: Stamp
    imprint: Imprint
    party: Party
    topic: str
    body: str
    version: str
    sources: str
    given: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseLine:
    """One kind of promise over the period: how many fell due or were met, how many broke it."""

    label: str
    total: int
    broken: int

    @property
    def share(self) -> str:
        """The share kept, as a percentage; a dash when there was none."""
        return f"{(self.total - self.broken) / self.total:.1%}" if self.total else "—"


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekLine:
    """Working days from confirmed requirement to booking, of the bookings of one week that begins `from_on`."""

    from_on: date
    count: int
    median_days: float | None
    ninetieth_days: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseLine:
    """Why bookings came late."""

    cause: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadLine:
    """What one case manager carries and keeps."""

    name: str
    open_files: int
    open_requests: int
    promises: int
    broken: int
    follow_ups_done: int
    follow_ups_due: int

    @property
    def kept_share(self) -> float | None:
        """The share of promises kept, 0 to 1; None without any."""
        return (self.promises - self.broken) / self.promises if self.promises else None


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamSummaryView:
    """Everything on one 团队小结; `period_to` is included."""

    stamp: Stamp
    imprint: Imprint
    period_from: date
    period_to: date
    promises: tuple[PromiseLine, ...]
    uses: tuple[tuple[str, int], ...]
    weeks: tuple[WeekLine, ...]
    causes: tuple[CauseLine, ...]
    load: tuple[LoadLine, ...]
