"""What the page 手册与规则 shows: the editions with their standing, their clauses, and what a file would bring (R81-R84)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lian_desk.adapters.disk.import_files import decode, read_bounded
from lian_desk.models.errors import EnvironmentProblem, ErrorCode
from lian_desk.models.rules.catalogue import RulePack, RuleVector
from lian_desk.models.tables.people.operator import Operator
from lian_desk.models.tables.reference.handbook_edition import HandbookEdition, HandbookNotice
from lian_desk.models.tables.requests.service_request import ServiceRequest
from lian_desk.models.vocabulary import ServiceKind
from lian_desk.services.commands.commands import LEADS
from lian_desk.services.desk.desk import Desk
from lian_desk.services.handbook.differences import EditionChange, compare_packs
from lian_desk.services.handbook.editions import policies_to_tell, read_edition, shipped_calendar
from lian_desk.services.rules.rule_packs import Answer, shipped_editions, verify_rule_pack
from lian_desk.services.words.wording import phrase

_LIMIT_MEGABYTES: Final = 2

CALL_WORDS: Final[Mapping[str, str]] = {
    "response": "首次响应",
    "feedback": "协调反馈",
    "booking": "预约时限",
    "eligibility": "服务资格",
    "expert": "专家范围",
}
ANSWER_WORDS: Final[Mapping[str, str]] = {
    "received": "收到",
    "confirmed": "确认需求",
    "service": "服务",
    "renowned": "知名专家",
    "effective": "保单生效",
    "at": "时点",
    "title": "职称",
    "honours": "头衔",
    "due": "截止",
    "internal": "内部截止",
    "provisional": "暂定",
    "eligible": "可服务",
    "policy_year": "保单年度",
    "allowed": "可约",
    "limit": "工作日",
}


class Standing(StrEnum):
    """Where an edition stands today."""

    IN_FORCE = "in_force"
    COMING = "coming"
    PAST = "past"


@dataclass(frozen=True, slots=True)
class EditionRecord:
    """What was put on record about an edition, with the progress of its notices (R82, R84)."""

    key: int
    published_on: date
    link: str
    reason: str
    decision_process: str
    result: str
    recorded_by: str
    recorded_at: datetime
    notices: int
    delivered: int


@dataclass(frozen=True, slots=True)
class EditionLine:
    """One edition; ``until_on`` is the first day of its successor, ``requests`` counts those that keep it (A41)."""

    edition: str
    label: str
    title: str
    standing: Standing
    effective_on: date
    until_on: date | None
    is_shipped: bool
    requests: int
    record: EditionRecord | None


@dataclass(frozen=True, slots=True)
class HandbookView:
    """Every edition, the newest first; ``may_change`` tells whether the operator is a lead."""

    editions: tuple[EditionLine, ...]
    may_change: bool

    def find(self, edition: str) -> EditionLine | None:
        """Return an edition by its name."""
        return next((line for line in self.editions if line.edition == edition), None)


@dataclass(frozen=True, slots=True)
class ExampleResult:
    """One worked example of a pack: what it asks, what it expects, what the rules answer."""

    name: str
    asks: str
    expected: str
    found: str
    has_passed: bool


@dataclass(frozen=True, slots=True)
class EditionPreview:
    """What an edition would bring; ``content`` is None for one that travels with the program.

    ``open_requests`` keep the edition of their requirement; ``policies`` have a policyholder to be told.
    """

    pack: RulePack
    content: str | None
    compared_with: str
    examples: tuple[ExampleResult, ...]
    changes: tuple[EditionChange, ...]
    policies: int
    open_requests: int

    @property
    def failed(self) -> int:
        """Examples that did not come out."""
        return sum(not example.has_passed for example in self.examples)


def load_handbook_view(desk: Desk) -> HandbookView:
    """Return the editions of the desk with what stands on record about them."""
    packs, today = desk.editions.packs, desk.today
    in_force = desk.editions.on(today).edition
    with desk.read() as session:
        records = _records(session)
        found = session.execute(
            select(ServiceRequest.handbook_edition, func.count()).group_by(ServiceRequest.handbook_edition)
        )
        counts = {row[0]: row[1] for row in found}
    shipped = shipped_editions()
    lines = []
    for place, pack in enumerate(packs):
        after = packs[place + 1].effective_on if place + 1 < len(packs) else None
        standing = Standing.COMING if pack.effective_on > today else Standing.PAST
        if pack.edition == in_force:
            standing = Standing.IN_FORCE
        lines.append(
            EditionLine(
                edition=pack.edition,
                label=pack.label,
                title=pack.title,
                standing=standing,
                effective_on=pack.effective_on,
                until_on=after,
                is_shipped=pack.edition in shipped,
                requests=counts.get(pack.edition, 0),
                record=records.get(pack.edition),
            )
        )
    return HandbookView(tuple(reversed(lines)), desk.operator.role in LEADS)


def edition_changes(desk: Desk, edition: str) -> tuple[EditionChange, ...]:
    """Return what ``edition`` changed against the one before it; nothing for the first one."""
    packs = desk.editions.packs
    place = next((place for place, pack in enumerate(packs) if pack.edition == edition), 0)
    return compare_packs(packs[place - 1], packs[place]) if place else ()


def edition_examples(desk: Desk, edition: str) -> tuple[ExampleResult, ...]:
    """Run the worked examples of an edition that the desk knows."""
    return run_examples(desk.editions.of(edition))


def run_examples(pack: RulePack) -> tuple[ExampleResult, ...]:
    """Run every worked example of ``pack`` on the shipped calendar and say what each asked and answered.

    Raises:
        EnvironmentProblem: ``RULE_PACK_DAMAGED`` for an example that asks what the rules do not know.
    """
    failures = {failure.id: failure for failure in verify_rule_pack(pack, shipped_calendar(pack))}
    results = []
    for vector in pack.vectors:
        failure = failures.get(vector.id)
        answer = vector.expected if failure is None else failure.found
        results.append(ExampleResult(vector.id, _asks(vector), _said(vector.expected), _said(answer), failure is None))
    return tuple(results)


def preview_edition_file(desk: Desk, path: Path) -> EditionPreview:
    """Read an edition from a file and say what it would bring.

    Raises:
        EnvironmentProblem: ``IMPORT_FILE_TOO_LARGE``, ``IMPORT_FILE_UNREADABLE``, ``EDITION_NOT_ACCEPTED``.
    """
    content = decode(read_bounded(path, _LIMIT_MEGABYTES))
    pack = read_edition(content)
    if pack.edition in {known.edition for known in desk.editions.packs}:
        raise EnvironmentProblem(ErrorCode.EDITION_NOT_ACCEPTED, detail=f"版本 {pack.edition} 已经在册")
    return _preview(desk, pack, content)


def preview_known_edition(desk: Desk, edition: str) -> EditionPreview:
    """Say what an edition that travels with the program brings, before it is put on record."""
    return _preview(desk, desk.editions.of(edition), None)


def _preview(desk: Desk, pack: RulePack, content: str | None) -> EditionPreview:
    before = [known for known in desk.editions.packs if known.effective_on < pack.effective_on]
    old = before[-1] if before else desk.pack
    try:
        examples = run_examples(pack)
    except EnvironmentProblem as problem:
        detail = str(problem.parameters.get("detail", ""))
        raise EnvironmentProblem(ErrorCode.EDITION_NOT_ACCEPTED, detail=f"校验样例 {detail}") from problem
    with desk.read() as session:
        policies = len(policies_to_tell(session, pack, desk.clock.now()))
        requests = session.scalar(select(func.count()).where(ServiceRequest.is_open.is_(True))) or 0
    changes = compare_packs(old, pack) if old.edition != pack.edition else ()
    return EditionPreview(pack, content, old.label, examples, changes, policies, requests)


def _records(session: Session) -> dict[str, EditionRecord]:
    notices = {
        key: (count, delivered)
        for key, count, delivered in session.execute(
            select(
                HandbookNotice.handbook_edition_id,
                func.count(),
                func.count(HandbookNotice.delivered_at),
            ).group_by(HandbookNotice.handbook_edition_id)
        )
    }
    rows = session.execute(
        select(HandbookEdition, Operator.name).join(Operator, Operator.id == HandbookEdition.recorded_by)
    )
    found = {}
    for row, name in rows:
        count, delivered = notices.get(row.id, (0, 0))
        found[row.edition] = EditionRecord(
            key=row.id,
            published_on=row.published_on,
            link=row.link,
            reason=row.reason,
            decision_process=row.decision_process,
            result=row.result,
            recorded_by=name,
            recorded_at=row.recorded_at,
            notices=count,
            delivered=delivered,
        )
    return found


def _asks(vector: RuleVector) -> str:
    return f"{CALL_WORDS.get(vector.call, vector.call)}：{_said(vector.given)}"


def _said(answer: Answer) -> str:
    return "，".join(f"{ANSWER_WORDS.get(name, name)} {_value(value)}" for name, value in answer.items())


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(map(str, value)) or "无"
    if value is None:
        return "无"
    text = str(value)
    if text in set(ServiceKind):
        return phrase(ServiceKind(text))
    return text.replace("T", " ") if text[:4].isdigit() else text
