"""A new edition of the handbook: compare it, put it on record, and list the policyholders to tell (R81 to R84).

Telling is the sender's work (短信, 利安人寿APP, 官网公示); the desk makes the list and keeps each delivery.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from lian_desk.models.errors import EnvironmentProblem, ErrorCode, RuleViolation
from lian_desk.models.rules.catalogue import RulePack
from lian_desk.models.rules.policy_years import term_end
from lian_desk.models.rules.working_time import WorkCalendar
from lian_desk.models.tables.people.policy import Policy, PolicyStatusPeriod
from lian_desk.models.tables.reference.handbook_edition import HandbookEdition, HandbookNotice
from lian_desk.models.vocabulary import Channel, PolicyStatus
from lian_desk.services.commands import input_checks
from lian_desk.services.commands.commands import LEADS, Command, CommandContext, handles
from lian_desk.services.rules.calendars import build_calendar
from lian_desk.services.rules.rule_pack_reader import read_rule_pack
from lian_desk.services.rules.rule_packs import load_rule_pack, require_verified, shipped_editions
from lian_desk.services.words.wording import phrase

TOLD_BY: Final = (Channel.SMS, Channel.LIAN_APP, Channel.EMAIL, Channel.PHONE)


@dataclass(frozen=True, kw_only=True)
class RecordHandbookEdition(Command):
    """Put an edition on record, with the three things R84 asks for, and list whom to tell.

    ``content``: the file of an edition that a lead takes in (TOML); None for one that travels with the program.
    ``effective_on``: the day from which it holds; None takes the day that its file names.
    """

    edition: str
    published_on: date
    reason: str
    decision_process: str
    result: str
    link: str = ""
    content: str | None = None
    effective_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class RecordNoticeDelivered(Command):
    """The notice of an edition reached the policyholders of ``notice_ids`` by one way at one time."""

    notice_ids: tuple[int, ...]
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
            ``TIME_ORDER`` when it would hold before it was published, ``CHANGED_MEANWHILE`` when it stands on record.
        EnvironmentProblem: ``EDITION_NOT_ACCEPTED``, ``RULE_PACK_DAMAGED`` when the file is not sound or a worked
            example does not come out.
    """
    pack = _pack_of(command)
    require_verified(pack, shipped_calendar(pack))
    if context.session.scalar(select(HandbookEdition.id).where(HandbookEdition.edition == pack.edition)):
        raise RuleViolation(ErrorCode.CHANGED_MEANWHILE, clause="R82", field="edition")
    effective_on = command.effective_on or pack.effective_on
    if effective_on < command.published_on:
        earliest = command.published_on.isoformat()
        raise RuleViolation(ErrorCode.TIME_ORDER, clause="R82", field="effective_on", earliest=earliest)
    row = HandbookEdition(
        id=context.new_id(),
        edition=pack.edition,
        label=pack.label,
        checksum=pack.checksum,
        content=command.content,
        effective_on=effective_on,
        published_on=command.published_on,
        link=input_checks.long_text(command.link, field="link"),
        reason=input_checks.required(command.reason, field="reason", clause="R84"),
        decision_process=input_checks.required(command.decision_process, field="decision_process", clause="R84"),
        result=input_checks.required(command.result, field="result", clause="R84"),
        recorded_at=context.now,
        recorded_by=context.operator.id,
    )
    context.session.add(row)
    for policy in policies_to_tell(context.session, pack, context.now):
        context.session.add(HandbookNotice(id=context.new_id(), handbook_edition_id=row.id, policy_id=policy.id))
    return row.id


@handles(RecordNoticeDelivered)
def record_notice_delivered(command: RecordNoticeDelivered, context: CommandContext) -> int:
    """Keep by which way and when the notices were delivered; all of them or none.

    Raises:
        RuleViolation: ``FIELD_REQUIRED`` without a notice, ``CHANGED_MEANWHILE`` when one was delivered already,
            ``VALUE_NOT_UNDERSTOOD`` for a way that is none of R83, ``TIME_IN_FUTURE``.
    """
    if not command.notice_ids:
        raise RuleViolation(ErrorCode.FIELD_REQUIRED, clause="R83", field="notice_ids")
    if command.channel not in TOLD_BY:
        raise RuleViolation(
            ErrorCode.VALUE_NOT_UNDERSTOOD,
            clause="R83",
            field="channel",
            value=phrase(command.channel),
            expected="通知以短信、APP 消息等方式送达",
        )
    input_checks.not_in_future(command.delivered_at, context.now, field="delivered_at")
    for notice_id in command.notice_ids:
        row = context.get(HandbookNotice, notice_id)
        if row.delivered_at is not None:
            raise RuleViolation(ErrorCode.CHANGED_MEANWHILE)
        row.channel, row.delivered_at, row.recorded_by = command.channel, command.delivered_at, context.operator.id
    return command.notice_ids[0]


@handles(ExportNoticeList, roles=LEADS)
def export_notice_list(command: ExportNoticeList, context: CommandContext) -> int:
    """Leave the line in the audit log; nothing else changes."""
    input_checks.required(command.purpose, field="purpose", clause="R83")
    return context.get(HandbookEdition, command.edition_id).id


def notice_rows(session: Session, edition_id: int) -> list[tuple[HandbookNotice, Policy, HandbookEdition]]:
    """Return the notices of an edition with their policies and the edition, by policy number."""
    rows = session.execute(
        select(HandbookNotice, Policy, HandbookEdition)
        .join(Policy, Policy.id == HandbookNotice.policy_id)
        .join(HandbookEdition, HandbookEdition.id == HandbookNotice.handbook_edition_id)
        .where(HandbookNotice.handbook_edition_id == edition_id)
        .order_by(Policy.policy_number)
    )
    return [(notice, policy, edition) for notice, policy, edition in rows]


def shipped_calendar(pack: RulePack) -> WorkCalendar:
    """Return the years that travel with the program with the hours of ``pack``: its examples were written for them."""
    return build_calendar().with_hours(pack.service_hours)


def _pack_of(command: RecordHandbookEdition) -> RulePack:
    """Return the pack that the order means: the file it carries, or the installed edition it names."""
    if command.content is not None:
        pack = read_edition(command.content)
        if pack.edition in shipped_editions():
            raise EnvironmentProblem(ErrorCode.EDITION_NOT_ACCEPTED, detail=f"版本 {pack.edition} 已随程序提供")
        return pack
    if command.edition not in shipped_editions():
        known = f"已安装的版本为 {'、'.join(shipped_editions())}"
        raise RuleViolation(
            ErrorCode.VALUE_NOT_UNDERSTOOD, clause="R81", field="edition", value=command.edition, expected=known
        )
    return load_rule_pack(command.edition)


def read_edition(content: str) -> RulePack:
    """Return the pack in the text of a file from outside.

    Raises:
        EnvironmentProblem: ``EDITION_NOT_ACCEPTED`` naming the place.
    """
    try:
        return read_rule_pack(content.encode())
    except EnvironmentProblem as problem:
        detail = str(problem.parameters.get("detail", ""))
        raise EnvironmentProblem(ErrorCode.EDITION_NOT_ACCEPTED, detail=detail) from problem
    except RecursionError as error:
        raise EnvironmentProblem(ErrorCode.EDITION_NOT_ACCEPTED, detail="嵌套过深") from error


def policies_to_tell(session: Session, pack: RulePack, at: datetime) -> list[Policy]:
    """Return the policies whose policyholder is owed the notice: neither ended nor past the term at ``at`` (R82)."""
    ended = select(PolicyStatusPeriod.policy_id).where(
        PolicyStatusPeriod.status == PolicyStatus.TERMINATED, PolicyStatusPeriod.superseded_at.is_(None)
    )
    rows = session.scalars(select(Policy).where(Policy.id.not_in(ended)).order_by(Policy.id))
    years = pack.thresholds.covered_policy_years
    return [policy for policy in rows if at < term_end(policy.effective_on, years)]
