"""A new edition of the handbook: compare it, put it on record, and list the policyholders to tell (R81 to R84).

Telling is the sender's work (短信, 利安人寿APP, 官网公示); the desk makes the list and keeps each delivery.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from lian_desk.models.catalogue import RulePack, ServiceRule, Thresholds
from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.handbook_edition import HandbookEdition, HandbookNotice
from lian_desk.models.policy import Policy, PolicyStatusPeriod
from lian_desk.models.policy_years import term_end
from lian_desk.models.vocabulary import Channel, PolicyStatus
from lian_desk.services import input_checks
from lian_desk.services.commands import LEADS, Command, CommandContext, handles
from lian_desk.services.formats import iso_moment
from lian_desk.services.rule_packs import load_rule_pack, require_verified, shipped_editions
from lian_desk.services.wording import phrase

_TOLD_BY = frozenset({Channel.SMS, Channel.LIAN_APP, Channel.EMAIL, Channel.PHONE})
_HEADER = ("投保人", "保单号", "手册版本", "送达方式", "送达时间")
_PLAIN = (int, float, str, bool, type(None))


class ChangeKind(StrEnum):
    """What became of a clause or a number."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class EditionChange:
    """One difference between two editions: a clause's words, or a number with the clause it stands on."""

    clause: str
    what: str
    kind: ChangeKind
    old: str
    new: str


@dataclass(frozen=True, kw_only=True)
class RecordHandbookEdition(Command):
    """Put an edition that the program knows on record, with the three things R84 asks for, and list whom to tell."""

    edition: str
    published_on: date
    reason: str
    decision_process: str
    result: str
    link: str = ""


@dataclass(frozen=True, kw_only=True)
class RecordNoticeDelivered(Command):
    """The notice of an edition reached the policyholder."""

    notice_id: int
    channel: Channel
    delivered_at: datetime


@dataclass(frozen=True, kw_only=True)
class ExportNoticeList(Command):
    """The list was written for the sender: it names policyholders in clear, so the act is sealed."""

    edition_id: int
    purpose: str


@handles(RecordHandbookEdition, roles=LEADS)
def record_handbook_edition(command: RecordHandbookEdition, context: CommandContext) -> int:
    """Run the worked examples of the edition, store it and the notice owed to each policyholder in force.

    Raises:
        RuleViolation: ``VALUE_NOT_UNDERSTOOD`` for an edition that is not installed, ``FIELD_REQUIRED`` (R84),
            ``CHANGED_MEANWHILE`` when it stands on record.
        EnvironmentProblem: ``RULE_PACK_DAMAGED`` when a worked example does not come out.
    """
    if command.edition not in shipped_editions():
        known = f"已安装的版本为 {'、'.join(shipped_editions())}"
        raise RuleViolation(
            ErrorCode.VALUE_NOT_UNDERSTOOD, clause="R81", field="edition", value=command.edition, expected=known
        )
    pack = load_rule_pack(command.edition)
    require_verified(pack, context.calendar)
    if context.session.scalar(select(HandbookEdition.id).where(HandbookEdition.edition == pack.edition)):
        raise RuleViolation(ErrorCode.CHANGED_MEANWHILE, clause="R82", field="edition")
    row = HandbookEdition(
        id=context.new_id(),
        edition=pack.edition,
        label=pack.label,
        checksum=pack.checksum,
        effective_on=pack.effective_on,
        published_on=command.published_on,
        link=input_checks.long_text(command.link, field="link"),
        reason=input_checks.required(command.reason, field="reason", clause="R84"),
        decision_process=input_checks.required(command.decision_process, field="decision_process", clause="R84"),
        result=input_checks.required(command.result, field="result", clause="R84"),
        recorded_at=context.now,
        recorded_by=context.operator.id,
    )
    context.session.add(row)
    context.session.flush()
    for policy in _policies_to_tell(context.session, pack, context.now):
        context.session.add(HandbookNotice(id=context.new_id(), handbook_edition_id=row.id, policy_id=policy.id))
    context.session.flush()
    return row.id


@handles(RecordNoticeDelivered)
def record_notice_delivered(command: RecordNoticeDelivered, context: CommandContext) -> int:
    """Keep by which way and when a notice was delivered."""
    row = context.get(HandbookNotice, command.notice_id)
    if row.delivered_at is not None:
        raise RuleViolation(ErrorCode.CHANGED_MEANWHILE)
    if command.channel not in _TOLD_BY:
        raise RuleViolation(
            ErrorCode.VALUE_NOT_UNDERSTOOD,
            clause="R83",
            field="channel",
            value=phrase(command.channel),
            expected="通知以短信、APP 消息等方式送达",
        )
    input_checks.not_in_future(command.delivered_at, context.now, field="delivered_at")
    row.channel, row.delivered_at, row.recorded_by = command.channel, command.delivered_at, context.operator.id
    return row.id


@handles(ExportNoticeList, roles=LEADS)
def export_notice_list(command: ExportNoticeList, context: CommandContext) -> int:
    """Leave the line in the audit log; nothing else changes."""
    input_checks.required(command.purpose, field="purpose", clause="R83")
    return context.get(HandbookEdition, command.edition_id).id


def compare_packs(old: RulePack, new: RulePack) -> tuple[EditionChange, ...]:
    """Return every difference of words and numbers between two editions, clause by clause."""
    changes: list[EditionChange] = []
    for key in (*old.clauses, *(key for key in new.clauses if key not in old.clauses)):
        before, after = old.clauses.get(key), new.clauses.get(key)
        words = (before.text if before else "", after.text if after else "")
        changes.extend(_difference(key, (after or old.clauses[key]).place, *words))
    before_numbers, after_numbers = dict(_numbers(old)), dict(_numbers(new))
    for place in dict.fromkeys((*before_numbers, *after_numbers)):
        old_value, new_value = before_numbers.get(place, ""), after_numbers.get(place, "")
        changes.extend(_difference(place[0], place[1], old_value, new_value))
    return tuple(changes)


def notice_rows(session: Session, edition_id: int) -> list[tuple[HandbookNotice, Policy]]:
    """Return the notices of an edition with their policies, by policy number."""
    rows = session.execute(
        select(HandbookNotice, Policy)
        .join(Policy, Policy.id == HandbookNotice.policy_id)
        .where(HandbookNotice.handbook_edition_id == edition_id)
        .order_by(Policy.policy_number)
    )
    return [(notice, policy) for notice, policy in rows]


def notice_csv(session: Session, edition_id: int) -> bytes:
    """Return the list for the sender as CSV with a byte order mark: policyholders in clear, never the insured (A39).

    Whoever writes it to a file carries out ``ExportNoticeList`` first.
    """
    edition = session.get_one(HandbookEdition, edition_id)
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(_HEADER)
    for notice, policy in notice_rows(session, edition_id):
        delivered = iso_moment(notice.delivered_at) if notice.delivered_at else ""
        channel = phrase(notice.channel) if notice.channel else ""
        writer.writerow((policy.policyholder_name, policy.policy_number, edition.label, channel, delivered))
    return out.getvalue().encode("utf-8-sig")


def _difference(clause: str, what: str, old: str, new: str) -> Iterator[EditionChange]:
    if old == new:
        return
    kind = ChangeKind.CHANGED if old and new else ChangeKind.ADDED if new else ChangeKind.REMOVED
    yield EditionChange(clause, what, kind, old, new)


def _numbers(pack: RulePack) -> Iterator[tuple[tuple[str, str], str]]:
    for field in fields(Thresholds):
        if field.name != "clauses":
            place = (pack.thresholds.clause_of(field.name), field.name)
            yield place, str(getattr(pack.thresholds, field.name))
    for kind, rule in pack.services.items():
        for field in fields(ServiceRule):
            value = getattr(rule, field.name)
            if field.name in rule.clauses and value is not None:
                shown = str(value) if isinstance(value, _PLAIN) else "、".join(sorted(map(str, value)))
                yield (rule.clause_of(field.name), f"{phrase(kind)} {field.name}"), shown


def _policies_to_tell(session: Session, pack: RulePack, at: datetime) -> list[Policy]:
    ended = select(PolicyStatusPeriod.policy_id).where(
        PolicyStatusPeriod.status == PolicyStatus.TERMINATED, PolicyStatusPeriod.superseded_at.is_(None)
    )
    rows = session.scalars(select(Policy).where(Policy.id.not_in(ended)).order_by(Policy.id))
    years = pack.thresholds.covered_policy_years
    return [policy for policy in rows if at < term_end(policy.effective_on, years)]
