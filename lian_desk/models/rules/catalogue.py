"""The shape of a rule pack: one edition of the handbook as frozen data (R81, R85, R87).

Nothing here holds a number of the handbook. The numbers stand in ``resources/rules/<edition>.toml``; every one of
them carries the id of its clause, reached with ``clause_of``. Ids ``R…`` are clauses of the handbook, ``A…`` are
decisions where the handbook is silent.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lian_desk.models.rules.working_time import ServiceHours
from lian_desk.models.vocabulary import (
    AttendanceKind,
    Certainty,
    ClockKind,
    DayUnit,
    ExaminationCode,
    ExpertHonour,
    ExpertTitle,
    FollowUpKind,
    HospitalLevel,
    HospitalSpecialty,
    MaterialKind,
    PauseReason,
    ServiceKind,
)


class NoticeIssuer(StrEnum):
    """Who must have issued the notice of a service (R40 to R42)."""

    HOSPITAL = "hospital"
    DOCTOR = "doctor"


class CityStanding(StrEnum):
    """What kind of place a city is (A16, A17)."""

    MUNICIPALITY = "municipality"
    CAPITAL = "capital"
    CITY = "city"
    COUNTY_LEVEL_CITY = "county_level_city"
    AUTONOMOUS_PREFECTURE = "autonomous_prefecture"
    PROVINCE_ADMINISTERED = "province_administered"


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause: its id, where it stands and its words in Chinese."""

    id: str
    place: str
    """Place in the handbook, e.g. ``二·2·5) 服务标准``, or ``释义`` for a decision."""
    text: str

    @property
    def is_decision(self) -> bool:
        """Tell a decision (A…) from the handbook's own words (R…)."""
        return self.id.startswith("A")


@dataclass(frozen=True, slots=True)
class Party:
    """A company named by the handbook (R10)."""

    name: str
    short_name: str
    hotline: str


@dataclass(frozen=True, slots=True)
class Product:
    """The insurance product of the pack (R2)."""

    code: str
    name: str
    clause: str


@dataclass(frozen=True, slots=True)
class NoticeRule:
    """The hospital notice a service needs before its requirement is confirmed (R27, R39 to R42)."""

    kind: MaterialKind
    issuer: NoticeIssuer
    clause: str
    """Clause for a missing or foreign notice."""
    campus_clause: str
    """Decision for another campus or a member of the doctor's team."""


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One line of the material checklist (R14, R15, A35)."""

    kind: MaterialKind
    is_required: bool
    clause: str
    certainty: Certainty | None
    """Asked only with this certainty, e.g. no pathology report while suspected; None: always."""


@dataclass(frozen=True, slots=True)
class FollowUpStep:
    """One planned follow-up: ``offset`` days after the event (R69)."""

    kind: FollowUpKind
    offset: int
    unit: DayUnit
    label: str
    clause: str


@dataclass(frozen=True, slots=True)
class ServiceRule:
    """All that the handbook says of one service."""

    kind: ServiceKind
    label: str
    uses: int | None
    """Uses for the whole term; None: unlimited (R11)."""
    feedback_hours: int | None
    """Clock hours of C2 after the requirement is confirmed; None: the service has no C2."""
    feedback_business_days: int | None
    """Set only where C2 counts working days instead of hours (the option of A6)."""
    booking_from_days: int | None
    """Earliest promise in working days, never a ban on earlier success (A10)."""
    booking_days: int | None
    """C3 in working days; None: the service is not booked."""
    renowned_days: int | None
    """C3 for a renowned expert, where the service tells them apart (A14)."""
    notice: NoticeRule | None
    excluded_departments: frozenset[str]
    """Codes of department families, keys of ``ScopeRules.department_families``."""
    titles: frozenset[ExpertTitle]
    """Ranks that may be booked; empty: no rank asked (R38)."""
    examinations: frozenset[ExaminationCode]
    needs_outpatient_order: bool
    has_stay: bool
    """住院 and 手术 have a stage between arrival and completion."""
    attendance: AttendanceKind | None
    checklist: tuple[ChecklistItem, ...]
    follow_ups: tuple[FollowUpStep, ...]
    start_warning: tuple[str, ...]
    """Ids of the clauses shown in full before a start is confirmed (R80)."""
    clauses: Mapping[str, str]

    @property
    def has_booking(self) -> bool:
        """Tell whether the service has a requirement clock, a start and a booking."""
        return self.booking_days is not None

    def clause_of(self, name: str) -> str:
        """Return the id of the clause behind the field ``name``, e.g. ``clause_of("booking_days") == "R58"``."""
        return self.clauses[name]

    def booking_limit(self, *, is_renowned: bool) -> tuple[int, str]:
        """Return working days and clause of C3; KeyError is impossible for a loaded pack with a booking."""
        if is_renowned and self.renowned_days is not None:
            return self.renowned_days, self.clauses["renowned_days"]
        if self.booking_days is None:
            message = f"{self.kind} has no booking"
            raise ValueError(message)
        return self.booking_days, self.clauses["booking_days"]


@dataclass(frozen=True, slots=True)
class City:
    """A place that is known: plain geography, no rule (R29, A17)."""

    name: str
    """As the map writes it, e.g. 苏州市; for a county-level city its own name."""
    province: str
    standing: CityStanding
    belongs_to: str
    """Prefecture-level city of a county-level city; the own name otherwise."""


@dataclass(frozen=True, slots=True)
class DepartmentFamily:
    """An excluded family of departments (R34, A20, A21)."""

    code: str
    label: str
    clause: str
    lead_may_allow: frozenset[str]
    """Codes of departments of the family that a lead may allow with a note …"""
    lead_clause: str
    """… and the decision that says so."""
    shows_emergency_script: bool
    """Refused together with the words of R74 (A21)."""


@dataclass(frozen=True, slots=True)
class ScopeRules:
    """Where and by whom: cities, levels, titles, honours, examinations (R29 to R36)."""

    provinces: frozenset[str]
    """Provinces whose capital and prefecture-level cities are in."""
    named_cities: frozenset[str]
    """Cities that are named themselves."""
    standings: frozenset[CityStanding]
    """Kinds of place inside the provinces that are in without a row of the list."""
    levels: frozenset[HospitalLevel]
    specialties: frozenset[HospitalSpecialty]
    level_names: Mapping[str, HospitalLevel]
    titles: Mapping[str, ExpertTitle]
    """Every title that a hospital prints, TCM equivalents included."""
    renowned: frozenset[ExpertHonour]
    honours: Mapping[str, ExpertHonour]
    further_renowned: frozenset[str]
    """Further honours that a lead has added (A13); empty at first."""
    coded_examinations: frozenset[ExaminationCode]
    """Codes by which an order brings an examination in that is out by its name (A32)."""
    department_families: Mapping[str, DepartmentFamily]
    clauses: Mapping[str, str]

    def clause_of(self, name: str) -> str:
        """Return the id of the clause behind the field ``name``."""
        return self.clauses[name]


@dataclass(frozen=True, slots=True)
class PauseRule:
    """Which clocks a pause reason stops (A8, R5, R44, R86)."""

    reason: PauseReason
    stops: frozenset[ClockKind]
    clause: str


@dataclass(frozen=True, slots=True)
class WarningRule:
    """Service minutes before the internal deadline at which a clock is shown at risk and urgent."""

    clock: ClockKind
    notice_minutes: int
    urgent_minutes: int
    clause: str


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Plain numbers of the pack that belong to no single service; ``clauses`` names the clause of each."""

    covered_policy_years: int
    adult_age: int
    response_minutes: int
    snapshot_days: int
    """A policy status older than this must be asked again (R4)."""
    term_warning_days: int
    """Warn from this many days before the end of the term (R3)."""
    stale_working_days: int
    """A request without a recorded action for so long is stale (R64)."""
    reminder_working_days: int
    """Second reminder so many working days before the visit (R63)."""
    attendance_unknown_working_days: int
    """Ask for the attendance so many working days after the visit (R72)."""
    in_stay_working_days: int
    """An in-stay note every so many working days (R68)."""
    call_attempts: int
    """Call attempts that make a delivered message count as told (A44)."""
    call_attempt_hours: int
    """Least hours between these attempts (A44)."""
    clauses: Mapping[str, str]

    def clause_of(self, name: str) -> str:
        """Return the id of the clause behind the field ``name``."""
        return self.clauses[name]


@dataclass(frozen=True, slots=True)
class Texts:
    """Words that are shown or printed."""

    notices: tuple[str, ...]
    """Ids of the clauses R73 to R79, printed on every paper."""
    truth_declaration: str
    """Signed together with the authorization (R24)."""
    authorization: str
    """Text of the information authorization (R19 to R22)."""
    incomplete_information: str
    """Shown when information is declined (R23)."""
    emergency_script: str
    """Read out when an emergency comes up (R74)."""
    fees: str
    """Shown when the requirement is confirmed (R77)."""
    record_footer: str
    """Short boundary text at the foot of every page (R73, R74, R76, R77)."""
    red_flag_words: tuple[str, ...]
    """Words in a note that suggest an emergency (R74)."""
    claim_words: tuple[str, ...]
    """Words in a note that sound like a claims decision (R73)."""
    diagnosis_words: tuple[str, ...]
    """Words in a note that sound like medical advice (R76)."""


@dataclass(frozen=True, slots=True)
class RuleVector:
    """A worked example of the pack: ``call`` with ``given`` must give ``expected``."""

    id: str
    call: str
    given: Mapping[str, object]
    expected: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class RulePack:
    """One edition of the handbook, complete."""

    edition: str
    title: str
    label: str
    """As printed, e.g. 2024年11月版 (R87)."""
    effective_on: date
    insurer: Party
    provider: Party
    product: Product
    service_hours: ServiceHours
    thresholds: Thresholds
    services: Mapping[ServiceKind, ServiceRule]
    scope: ScopeRules
    pauses: Mapping[PauseReason, PauseRule]
    warnings: Mapping[ClockKind, WarningRule]
    texts: Texts
    clauses: Mapping[str, Clause]
    vectors: tuple[RuleVector, ...]
    checksum: str
    """SHA-256 of the file the pack was read from."""

    def clause(self, clause_id: str) -> Clause:
        """Return the clause with ``clause_id``; a pack that lacks one it cites is refused when loaded."""
        return self.clauses[clause_id]

    def service(self, kind: ServiceKind) -> ServiceRule:
        """Return the rules of one service."""
        return self.services[kind]

    @property
    def limited_services(self) -> tuple[ServiceKind, ...]:
        """Services with a counted entitlement, in the order of the handbook (R12)."""
        return tuple(kind for kind, rule in self.services.items() if rule.uses is not None)

    @property
    def notices(self) -> tuple[Clause, ...]:
        """The notices that are shown and printed (R73 to R79)."""
        return tuple(self.clauses[clause_id] for clause_id in self.texts.notices)

    def start_warning(self, kind: ServiceKind) -> tuple[Clause, ...]:
        """Return the clauses shown in full before the start of ``kind`` is confirmed (R46, R48 to R50, R80)."""
        return tuple(self.clauses[clause_id] for clause_id in self.services[kind].start_warning)
