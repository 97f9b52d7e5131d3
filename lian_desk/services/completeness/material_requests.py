"""Asking the customer for exactly what is missing: the message, ready to be sent, and the line in the feed."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.tables.people.assistance_file import AssistanceFile, DiseaseEntry
from lian_desk.models.tables.people.person import Guardian, InsuredPerson
from lian_desk.models.tables.requests.service_request import ServiceRequest
from lian_desk.models.vocabulary import Channel, EntryCategory, ServiceKind, Sex
from lian_desk.services.commands import input_checks
from lian_desk.services.commands.commands import Command, CommandContext, handles
from lian_desk.services.completeness.checklist import ChecklistLine, Need, checklist_of
from lian_desk.services.desk.desk import Desk
from lian_desk.services.entitlements.eligibility import is_minor_at
from lian_desk.services.names.masking import mask_name
from lian_desk.services.names.surnames import split_name
from lian_desk.services.words.wording import phrase

CLAUSE: Final = "R14"
CHANNELS: Final = (Channel.WECOM, Channel.LIAN_APP, Channel.SMS, Channel.PHONE, Channel.EMAIL)
_TITLES: Final = {Sex.FEMALE: "女士", Sex.MALE: "先生"}


class Address(StrEnum):
    """Whom the message speaks to, and how."""

    SURNAME = "surname"
    """王女士: enough where the channel shows who is meant."""
    FULL_NAME = "full_name"
    GUARDIAN = "guardian"
    """The guardian of a minor, by surname."""
    NONE = "none"
    """No name at all."""


@dataclass(frozen=True, slots=True)
class MaterialRequestView:
    """What the message is made from; ``insured_name`` and ``guardian_name`` are in clear and never shown as they are."""

    request_id: int
    file_id: int
    number: str
    kind: ServiceKind
    shown_name: str
    insured_name: str
    sex: Sex
    is_minor: bool
    guardian_name: str
    operator: str
    insurer: str
    place: str
    lines: tuple[ChecklistLine, ...]

    @property
    def addresses(self) -> tuple[Address, ...]:
        """The forms of address that fit, the usual one first; a child is spoken to through the guardian."""
        if self.is_minor:
            return (Address.GUARDIAN, Address.NONE) if self.guardian_name else (Address.NONE,)
        return (Address.SURNAME, Address.FULL_NAME, Address.NONE)


@dataclass(frozen=True, kw_only=True)
class RecordMaterialRequest(Command):
    """The customer was asked for papers; ``asked`` are the words of what was asked for."""

    request_id: int
    asked: tuple[str, ...]
    channel: Channel


@handles(RecordMaterialRequest)
def record_material_request(command: RecordMaterialRequest, context: CommandContext) -> int:
    """Write down what was asked for and how (R14, R64); the state of the request does not change by it.

    Raises:
        RuleViolation: ``FIELD_REQUIRED`` when nothing is asked for; ``FILE_READ_ONLY``.
    """
    request = context.get(ServiceRequest, command.request_id)
    file = context.writable_file(request.assistance_file_id)
    asked = [input_checks.short_text(words, field="asked") for words in command.asked]
    asked = [words for words in asked if words]
    if not asked:
        raise RuleViolation(ErrorCode.FIELD_REQUIRED, clause=CLAUSE, field="asked")
    entry = context.feed(
        file,
        EntryCategory.MATERIAL,
        "请客户补充材料",
        f"{'、'.join(asked)} · {phrase(command.channel)}",
        request_id=request.id,
    )
    return entry.id


def load_material_request(desk: Desk, request_id: int) -> MaterialRequestView | None:
    """Read what the message for a request is made from; None for a request that is gone."""
    with desk.read() as session:
        request = session.get(ServiceRequest, request_id)
        if request is None:
            return None
        pack = desk.pack
        file = session.get_one(AssistanceFile, request.assistance_file_id)
        person = session.get_one(InsuredPerson, file.insured_person_id)
        disease = session.get_one(DiseaseEntry, request.disease_entry_id)
        is_minor = is_minor_at(person, desk.clock.now(), pack)
        need = Need(file.id, request.kind, disease.disease_code, disease.certainty, is_minor)
        return MaterialRequestView(
            request_id=request.id,
            file_id=file.id,
            number=request.number,
            kind=request.kind,
            shown_name=mask_name(person.name),
            insured_name=person.name,
            sex=person.sex,
            is_minor=is_minor,
            guardian_name=_guardian(session, person.id),
            operator=desk.operator.name,
            insurer=pack.insurer.short_name,
            place=pack.clause(CLAUSE).place,
            lines=checklist_of(session, pack, need),
        )


def compose(view: MaterialRequestView, asked: Sequence[ChecklistLine], address: Address, *, in_clear: bool) -> str:
    """Return the message; names are masked unless ``in_clear``, which is for the copy that is sent and logged."""
    greeting = _greeting(view, address, in_clear=in_clear)
    opening = f"{greeting}您好！我是{view.insurer}就医服务的专案管家{view.operator}。"
    purpose = f"为办理{_whose(view)}{phrase(view.kind)}服务（编号 {view.number}），还需要您提供以下材料："
    parts = [opening + purpose]
    required = [line for line in asked if line.is_required]
    advisory = [line for line in asked if not line.is_required]
    if required:
        parts.append("【必须提供，收到后才能继续办理】\n" + _numbered(required))
    if advisory:
        parts.append("【如有请提供，便于医院了解病情】\n" + _numbered(advisory, first=len(required) + 1))
    parts.append("拍照时请让四角完整、字迹清晰，多页的逐页拍全；原件请您自行保管。")
    parts.append("是否提供由您决定；暂时没有的请告诉我，我和您一起想办法。谢谢！")
    return "\n\n".join(parts)


def _numbered(lines: Sequence[ChecklistLine], first: int = 1) -> str:
    return "\n".join(f"{number}. {_item(line)}" for number, line in enumerate(lines, first))


def _item(line: ChecklistLine) -> str:
    words = f"{line.words}：{line.hint}" if line.hint else line.words
    return f"{words}（{line.problem}，请重新提供）" if line.problem else words


def _whose(view: MaterialRequestView) -> str:
    return "孩子申请的" if view.is_minor else "您申请的"


def _greeting(view: MaterialRequestView, address: Address, *, in_clear: bool) -> str:
    if address is Address.NONE:
        return ""
    if address is Address.GUARDIAN:
        return f"{_surname(view.guardian_name)}家长，"
    if address is Address.FULL_NAME:
        name = view.insured_name if in_clear else view.shown_name
        return f"{name}{_TITLES[view.sex]}，"
    return f"{_surname(view.insured_name)}{_TITLES[view.sex]}，"


def _surname(name: str) -> str:
    """Return the surname; a name in Latin letters or of one character has none to be told apart and stays whole."""
    surname = "" if name.isascii() else split_name(name)[0]
    return surname or name


def _guardian(session: Session, person_id: int) -> str:
    return (
        session.scalar(
            select(Guardian.name)
            .where(Guardian.insured_person_id == person_id, Guardian.superseded_at.is_(None))
            .order_by(Guardian.id.desc())
            .limit(1)
        )
        or ""
    )
