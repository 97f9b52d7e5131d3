"""Open and extend an assistance file (建立电子就医协助服务档案; R16 to R18, R8, R9)."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.rules.working_time import in_shanghai
from lian_desk.models.tables.people.assistance_file import AssistanceFile, DiseaseEntry, HistoryItem, SearchTerm
from lian_desk.models.tables.people.incoming_application import IncomingApplication
from lian_desk.models.tables.people.operator import Operator
from lian_desk.models.tables.people.person import InsuredPerson
from lian_desk.models.tables.requests.follow_up import FollowUp
from lian_desk.models.tables.requests.service_request import ServiceRequest
from lian_desk.models.vocabulary import (
    Certainty,
    EntryCategory,
    FactSource,
    HistoryKind,
    IdentityCheckMethod,
    IdentityDocumentKind,
    Knownness,
    Severity,
    Sex,
)
from lian_desk.services.assistance_files.authorizations import AuthorizationInput, add_authorization
from lian_desk.services.assistance_files.declined_information import PHONE, tell_declined
from lian_desk.services.assistance_files.former_names import checked_former_names, store_former_names
from lian_desk.services.assistance_files.guardians import GuardianInput, add_guardian
from lian_desk.services.assistance_files.opening import begin_file, index_file
from lian_desk.services.commands import input_checks
from lian_desk.services.commands.commands import LEADS, Command, CommandContext, handles
from lian_desk.services.materials.own_materials import own_material
from lian_desk.services.names.masking import mask_identity_number, mask_name
from lian_desk.services.policies.policies import PolicyInput, enter_policy
from lian_desk.services.reference_data.diseases import load_disease_list
from lian_desk.services.service_requests.applications import take_into_file
from lian_desk.services.words.wording import phrase


@dataclass(frozen=True)
class PersonInput:
    """An insured person as typed. With an identity card, sex and birth date come from the number.

    ``former_names`` (曾用名) are those that older papers carry (R1).
    """

    name: str
    identity_document: IdentityDocumentKind
    identity_number: str
    phone: str
    phone_declined: bool = False
    sex: Sex | None = None
    born_on: date | None = None
    former_names: tuple[str, ...] = ()


@dataclass(frozen=True)
class DiseaseInput:
    """A disease of the list with its certainty and what it rests on (R8)."""

    disease_code: str
    certainty: Certainty
    noted_on: date
    evidence_note: str = ""
    evidence_material_id: int | None = None


@dataclass(frozen=True)
class HistoryInput:
    """One statement about history; "none", "unknown" and "declined" are answers too (R17, R22)."""

    kind: HistoryKind
    knownness: Knownness
    text: str = ""
    dosage: str = ""
    since: str = ""
    source: FactSource = FactSource.INSURED_STATEMENT
    stated_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class OpenAssistanceFile(Command):
    """Open a file for one person and policy, in one go with everything known on the first day."""

    person: PersonInput
    policy: PolicyInput
    identity_method: IdentityCheckMethod
    identity_note: str = ""
    guardian: GuardianInput | None = None
    diseases: tuple[DiseaseInput, ...] = ()
    history: tuple[HistoryInput, ...] = ()
    authorization: AuthorizationInput | None = None
    application_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class AddDisease(Command):
    """Add a disease, or restate one with another certainty (A36); the older entry is kept."""

    assistance_file_id: int
    disease: DiseaseInput


@dataclass(frozen=True, kw_only=True)
class AddHistory(Command):
    """Add or restate statements about history; older statements of the same text are kept as superseded."""

    assistance_file_id: int
    items: tuple[HistoryInput, ...]


@dataclass(frozen=True, kw_only=True)
class ChangePhone(Command):
    """The insured has another phone number, or declines to give one (R22)."""

    assistance_file_id: int
    phone: str
    declined: bool = False


@dataclass(frozen=True, kw_only=True)
class AddNote(Command):
    """Write a line into the feed: an assessment, a plan, a call (R65, R71)."""

    assistance_file_id: int
    title: str
    text: str


@dataclass(frozen=True, kw_only=True)
class RecordReveal(Command):
    """Masked data was shown in clear: an audited act (R89, R90)."""

    assistance_file_id: int
    what: str


@dataclass(frozen=True, kw_only=True)
class ReassignFile(Command):
    """A lead gives the file to another case manager."""

    assistance_file_id: int
    case_manager_id: int
    reason: str


@handles(OpenAssistanceFile)
def open_assistance_file(command: OpenAssistanceFile, context: CommandContext) -> int:
    """Check person and policy, refuse twins, and open the file with its feed and search terms."""
    person = _enter_person(context, command.person)
    if input_checks.is_minor(person.born_on, context) and command.guardian is None:
        raise RuleViolation(ErrorCode.GUARDIAN_MISSING, clause="R9", field="guardian_name")
    policy = enter_policy(context, command.policy, person.id)
    file = begin_file(context, person, policy, command.identity_method, command.identity_note)
    if command.application_id is not None:
        take_into_file(context, context.get(IncomingApplication, command.application_id), file.id)
    context.feed(
        file,
        EntryCategory.FILE,
        "建立电子就医协助服务档案",
        f"身份核对：{phrase(command.identity_method)}",
    )
    if command.person.phone_declined:
        tell_declined(context, file, PHONE)
    if command.guardian is not None:
        add_guardian(context, file, command.guardian)
    for disease in command.diseases:
        store_disease(context, file, disease)
    _add_history(context, file, command.history)
    if command.authorization is not None:
        add_authorization(context, file, command.authorization)
    return file.id


@handles(AddDisease)
def add_disease(command: AddDisease, context: CommandContext) -> int:
    """Add a disease entry and supersede the earlier one of the same code."""
    return store_disease(context, context.writable_file(command.assistance_file_id), command.disease).id


@handles(AddHistory)
def add_history(command: AddHistory, context: CommandContext) -> int:
    """Add statements about history."""
    file = context.writable_file(command.assistance_file_id)
    _add_history(context, file, command.items)
    kinds = dict.fromkeys(phrase(item.kind) for item in command.items)
    context.feed(file, EntryCategory.FILE, "更新病史与用药", "、".join(kinds))
    return file.id


@handles(ChangePhone)
def change_phone(command: ChangePhone, context: CommandContext) -> int:
    """Change the phone number and the search terms that come from it."""
    file = context.writable_file(command.assistance_file_id)
    person = context.get(InsuredPerson, file.insured_person_id)
    person.phone = None if command.declined else input_checks.phone(command.phone, field="phone")
    person.phone_declined = command.declined
    context.session.query(SearchTerm).filter(SearchTerm.assistance_file_id == file.id).delete()
    index_file(context, file)
    if command.declined:
        tell_declined(context, file, PHONE)
    else:
        context.feed(file, EntryCategory.FILE, "更新联系电话")
    return file.id


@handles(AddNote)
def add_note(command: AddNote, context: CommandContext) -> int:
    """Add a line to the feed."""
    file = context.writable_file(command.assistance_file_id)
    title = input_checks.required(command.title, field="title", limit=200)
    return context.feed(file, EntryCategory.FILE, title, input_checks.long_text(command.text, field="text")).id


@handles(RecordReveal)
def record_reveal(command: RecordReveal, context: CommandContext) -> int:
    """Leave the line in the audit log; nothing else changes."""
    context.assistance_file_id = context.get(AssistanceFile, command.assistance_file_id).id
    return command.assistance_file_id


@handles(ReassignFile, roles=LEADS)
def reassign_file(command: ReassignFile, context: CommandContext) -> int:
    """Move a file to another case manager, with its open requests and follow-ups."""
    file = context.writable_file(command.assistance_file_id)
    reason = input_checks.required(command.reason, field="reason")
    if not context.get(Operator, command.case_manager_id).is_active:
        raise RuleViolation(ErrorCode.NOT_FOUND, kind=Operator.__tablename__, field="case_manager")
    file.case_manager_id = command.case_manager_id
    for request in context.session.scalars(
        select(ServiceRequest).where(ServiceRequest.assistance_file_id == file.id, ServiceRequest.is_open.is_(True))
    ):
        request.case_manager_id = command.case_manager_id
    for follow_up in context.session.scalars(
        select(FollowUp).where(FollowUp.assistance_file_id == file.id, FollowUp.closed_at.is_(None))
    ):
        follow_up.case_manager_id = command.case_manager_id
    context.feed(file, EntryCategory.FILE, "转派专案管家", reason)
    return file.id


def _enter_person(context: CommandContext, person: PersonInput) -> InsuredPerson:
    name = input_checks.name(person.name, field="name")
    former_names = checked_former_names(person.former_names, name)
    number, sex, born_on = input_checks.identity(
        person.identity_document, person.identity_number, person.sex, person.born_on, in_shanghai(context.now).date()
    )
    twin = context.session.scalar(
        select(InsuredPerson).where(
            InsuredPerson.identity_document == person.identity_document, InsuredPerson.identity_number == number
        )
    )
    if twin is not None:
        file = context.session.scalar(select(AssistanceFile).where(AssistanceFile.insured_person_id == twin.id))
        shown = " · ".join(
            filter(
                None,
                [mask_name(twin.name), mask_identity_number(twin.identity_number), file.number if file else ""],
            )
        )
        raise RuleViolation(
            ErrorCode.PERSON_EXISTS,
            clause="R18",
            field="identity_number",
            twin=shown,
            file_id=file.id if file else None,
        )
    row = InsuredPerson(
        id=context.new_id(),
        name=name,
        identity_document=person.identity_document,
        identity_number=number,
        sex=sex,
        born_on=born_on,
        phone=None if person.phone_declined else input_checks.phone(person.phone, field="phone"),
        phone_declined=person.phone_declined,
        created_at=context.now,
    )
    context.session.add(row)
    store_former_names(context, row, former_names, "建档时登记")
    return row


def store_disease(context: CommandContext, file: AssistanceFile, disease: DiseaseInput) -> DiseaseEntry:
    """Store an illness of the list with its evidence; an earlier entry of the same illness is kept as superseded."""
    listed = load_disease_list()
    found = listed.find(disease.disease_code)
    if found is None:
        raise RuleViolation(ErrorCode.DISEASE_NOT_LISTED, clause="R8", field="disease_code")
    input_checks.day_not_in_future(disease.noted_on, context.now, field="noted_on")
    if disease.evidence_material_id is None:
        input_checks.required(disease.evidence_note, field="evidence_note", clause="R8")
    else:
        own_material(context, file.id, disease.evidence_material_id, field="evidence_material_id")
    for earlier in context.session.scalars(
        select(DiseaseEntry).where(
            DiseaseEntry.assistance_file_id == file.id,
            DiseaseEntry.disease_code == found.code,
            DiseaseEntry.superseded_at.is_(None),
        )
    ):
        earlier.superseded_at = context.now
    row = DiseaseEntry(
        id=context.new_id(),
        assistance_file_id=file.id,
        disease_code=found.code,
        disease_name=found.name,
        list_version=listed.version,
        severity=Severity(found.severity),
        certainty=disease.certainty,
        noted_on=disease.noted_on,
        evidence_material_id=disease.evidence_material_id,
        evidence_note=input_checks.long_text(disease.evidence_note, field="evidence_note"),
        recorded_at=context.now,
        recorded_by=context.operator.id,
    )
    context.session.add(row)
    context.feed(
        file,
        EntryCategory.FILE,
        f"登记疾病：{phrase(disease.certainty)} {found.name}（{phrase(found.severity)}）",
        disease.evidence_note.strip(),
    )
    return row


def _add_history(context: CommandContext, file: AssistanceFile, items: tuple[HistoryInput, ...]) -> None:
    for item in items:
        if item.knownness is Knownness.KNOWN:
            input_checks.required(item.text, field=f"history_{item.kind.value}", clause="R17")
        if item.knownness is Knownness.DECLINED:
            tell_declined(context, file, item.kind)
        for earlier in context.session.scalars(
            select(HistoryItem).where(
                HistoryItem.assistance_file_id == file.id,
                HistoryItem.kind == item.kind,
                HistoryItem.superseded_at.is_(None),
            )
        ):
            # a general answer replaces what stood there; a statement replaces only the same or a general answer
            if (
                item.knownness is not Knownness.KNOWN
                or earlier.knownness is not Knownness.KNOWN
                or earlier.text == item.text.strip()
            ):
                earlier.superseded_at = context.now
        context.session.add(
            HistoryItem(
                id=context.new_id(),
                assistance_file_id=file.id,
                kind=item.kind,
                knownness=item.knownness,
                text=input_checks.long_text(item.text, field=f"history_{item.kind.value}"),
                dosage=input_checks.short_text(item.dosage, field="dosage"),
                since=input_checks.short_text(item.since, field="since"),
                source=item.source,
                stated_on=item.stated_on or in_shanghai(context.now).date(),
                recorded_at=context.now,
                recorded_by=context.operator.id,
            )
        )
