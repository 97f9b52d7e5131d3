"""What every invented story shares: chance, calendar, rules, people, hospitals, keys and the rows that wait."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import NamedTuple

from lian_desk.models.rules.catalogue import RulePack
from lian_desk.models.rules.working_time import SHANGHAI, WorkCalendar, in_shanghai
from lian_desk.models.vocabulary import ExpertHonour, ExpertTitle, HospitalLevel, HospitalSpecialty, Role
from lian_desk.services.commands.commands import format_number
from lian_desk.services.demo.names import PeopleMaker, expert_name
from lian_desk.services.demo.pages.papers import group_words
from lian_desk.services.demo.row_buffer import RowBuffer
from lian_desk.services.demo.scenarios import ScenarioDeck
from lian_desk.services.hospitals.hospital_list import hospital_values, seed_hospitals
from lian_desk.services.reference_data.diseases import Disease, load_disease_list

#: Stand-ins for case managers and leads, beside the operator who made the workspace.
STAFF = (
    ("周甲子", "102", Role.CASE_MANAGER),
    ("林乙丑", "103", Role.CASE_MANAGER),
    ("何丙寅", "104", Role.CASE_MANAGER),
    ("高丁卯", "105", Role.CASE_MANAGER),
    ("梁戊辰", "201", Role.TEAM_LEAD),
    ("宋己巳", "301", Role.ADMINISTRATOR),
)
_EXPERTS_PER_HOSPITAL = 3
_EVENING_MINUTES = 540
_MINUTE = timedelta(minutes=1)
_DEPARTMENTS = {
    "肿瘤内科": "oncology",
    "心内科": "cardiology",
    "神经内科": "neurology",
    "肾内科": "nephrology",
    "肝病科": "hepatology",
    "血液科": "haematology",
    "器官移植科": "organ_transplant",
    "呼吸内科": "respiratory",
    "消化内科": "gastroenterology",
    "骨科": "orthopaedics",
    "眼科": "ophthalmology",
}


class DemoExpert(NamedTuple):
    """An invented expert of a real hospital."""

    name: str
    title: ExpertTitle
    honours: tuple[ExpertHonour, ...]


class DemoHospital(NamedTuple):
    """A campus of the list with its invented experts by department group."""

    id: int
    name: str
    city: str
    is_cancer: bool
    experts: dict[str, DemoExpert]


@dataclass
class DemoWorld:
    """Shared state of one run. Every moment is aware; ``today`` is the date of ``now`` in Asia/Shanghai."""

    rng: Random
    now: datetime
    calendar: WorkCalendar
    pack: RulePack
    rows: RowBuffer
    new_id: Callable[[], int]
    workstation_code: str
    operator_id: int
    people: PeopleMaker
    deck: ScenarioDeck
    managers: list[int] = field(default_factory=list)
    leads: list[int] = field(default_factory=list)
    hospitals: list[DemoHospital] = field(default_factory=list)
    diseases: tuple[Disease, ...] = ()
    disease_version: str = ""
    counts: dict[tuple[str, int], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Fix the day and the diseases."""
        self.today: date = in_shanghai(self.now).date()
        listed = load_disease_list()
        self.diseases = listed.diseases
        self.disease_version = listed.version

    def number(self, series: str, at: datetime) -> str:
        """Return the next readable number of ``series`` in the year of ``at``."""
        year = at.astimezone(SHANGHAI).year
        count = self.counts.get((series, year), 0) + 1
        self.counts[series, year] = count
        return format_number(series, year, self.workstation_code, count)

    def in_hours(self, at: datetime) -> datetime:
        """Return ``at`` inside service hours, else some minutes before the closing that went before it."""
        closing = self.calendar.last_working_minute_not_after(at)
        if closing == at:
            return at
        return closing - self.rng.randint(5, _EVENING_MINUTES) * _MINUTE

    def seed_staff(self) -> None:
        """Add the invented colleagues; the operator of the workspace is a case manager of the demo too."""
        self.managers.append(self.operator_id)
        self.leads.append(self.operator_id)
        for name, staff_number, role in STAFF:
            key = self.new_id()
            self.rows.add("operator", id=key, name=name, staff_number=staff_number, role=role, created_at=self.now)
            if role is Role.CASE_MANAGER:
                self.managers.append(key)
            elif role is Role.TEAM_LEAD:
                self.leads.append(key)

    def seed_hospitals(self, known: dict[str, int]) -> None:
        """Add the hospital list and invented experts; ``known`` are campuses that are there already, by code."""
        for seed in seed_hospitals():
            key = known.get(seed.code)
            if key is None:
                key = self.new_id()
                self.rows.add("hospital", id=key, recorded_at=self.now, **hospital_values(seed))
            is_listed = seed.on_list_from is not None and seed.on_list_from <= self.today
            if not is_listed or (seed.on_list_to is not None and seed.on_list_to <= self.today):
                continue
            if seed.level is HospitalLevel.CLASS_A_TERTIARY or seed.specialty is HospitalSpecialty.CANCER:
                name = f"{seed.name}（{seed.campus}）" if seed.campus else seed.name
                experts = self._seed_experts(key)
                is_cancer = seed.specialty is HospitalSpecialty.CANCER
                self.hospitals.append(DemoHospital(key, name, seed.city, is_cancer, experts))

    def _seed_experts(self, hospital_id: int) -> dict[str, DemoExpert]:
        rng = self.rng
        experts: dict[str, DemoExpert] = {}
        for department in rng.sample(sorted(_DEPARTMENTS), _EXPERTS_PER_HOSPITAL):
            title = rng.choice((ExpertTitle.CHIEF_PHYSICIAN, ExpertTitle.ASSOCIATE_CHIEF_PHYSICIAN))
            honours: tuple[ExpertHonour, ...] = ()
            if title is ExpertTitle.CHIEF_PHYSICIAN:
                honours = rng.choice(((), (), (ExpertHonour.PROFESSOR,), (ExpertHonour.DOCTORAL_SUPERVISOR,)))
            elif rng.random() < _SHARE_ASSOCIATE_PROFESSOR:
                honours = (ExpertHonour.ASSOCIATE_PROFESSOR,)
            expert = DemoExpert(expert_name(rng), title, honours)
            experts[department] = expert
            self.rows.add(
                "expert",
                id=self.new_id(),
                hospital_id=hospital_id,
                name=expert.name,
                department_code=_DEPARTMENTS[department],
                title=title,
                honours=",".join(honours),
                recorded_at=self.now,
            )
        return experts

    def hospital_for(self, disease: Disease) -> DemoHospital:
        """Return a hospital of the list; for tumours a cancer hospital more often than chance."""
        choice = self.rng.choice(self.hospitals)
        if disease.group == "oncology" and not choice.is_cancer:
            choice = self.rng.choice(self.hospitals)
        return choice

    def expert_of(self, hospital: DemoHospital, department: str) -> DemoExpert:
        """Return the expert of a department, or an invented one who is asked for by name."""
        known = hospital.experts.get(department)
        if known is not None:
            return known
        expert = DemoExpert(expert_name(self.rng), ExpertTitle.CHIEF_PHYSICIAN, ())
        hospital.experts[department] = expert
        return expert

    def write_number_series(self) -> None:
        """Store how far each series of numbers has come, so that the desk goes on behind it."""
        for (series, year), last in sorted(self.counts.items()):
            self.rows.add("number_series", id=self.new_id(), series=series, year=year, last=last)


_SHARE_ASSOCIATE_PROFESSOR = 0.3


def department_of(disease: Disease) -> tuple[str, str]:
    """Return code and Chinese name of the department that treats ``disease``."""
    name = str(group_words(disease.group)["department"])
    return _DEPARTMENTS[name], name
