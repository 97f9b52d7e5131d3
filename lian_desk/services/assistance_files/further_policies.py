"""A further policy of an insured person who has a file: its own file and its own ledger (R18, A37)."""

from dataclasses import dataclass

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.models.tables.people.incoming_application import IncomingApplication
from lian_desk.models.tables.people.person import InsuredPerson
from lian_desk.models.vocabulary import EntryCategory, IdentityCheckMethod
from lian_desk.services.assistance_files.assistance_files import DiseaseInput, store_disease
from lian_desk.services.assistance_files.authorizations import AuthorizationInput, add_authorization
from lian_desk.services.assistance_files.opening import begin_file, standing_former_names
from lian_desk.services.commands import input_checks
from lian_desk.services.commands.commands import Command, CommandContext, handles
from lian_desk.services.policies.policies import PolicyInput, enter_policy
from lian_desk.services.service_requests.applications import take_into_file
from lian_desk.services.words.wording import phrase


@dataclass(frozen=True, kw_only=True)
class OpenFurtherFile(Command):
    """Open a file for a further policy of the person of ``assistance_file_id``; the identity is checked again.

    ``insured_name`` is what the document in hand says; a name that is neither the present
    one nor a former one is another person (R1).
    """

    assistance_file_id: int
    insured_name: str
    policy: PolicyInput
    identity_method: IdentityCheckMethod
    identity_note: str = ""
    diseases: tuple[DiseaseInput, ...] = ()
    authorization: AuthorizationInput | None = None
    application_id: int | None = None


@handles(OpenFurtherFile)
def open_further_file(command: OpenFurtherFile, context: CommandContext) -> int:
    """Open the second file; balances are never pooled."""
    first = context.get(AssistanceFile, command.assistance_file_id)
    person = context.get(InsuredPerson, first.insured_person_id)
    known = {person.name, *(row.name for row in standing_former_names(context.session, person.id))}
    if input_checks.name(command.insured_name, field="name") not in known:
        raise RuleViolation(ErrorCode.NOT_THE_INSURED, clause="R1", field="name")
    policy = enter_policy(context, command.policy, person.id)
    file = begin_file(context, person, policy, command.identity_method, command.identity_note)
    context.feed(
        file,
        EntryCategory.FILE,
        "建立电子就医协助服务档案",
        f"同一被保险人的另一份保单，权益分别计算；身份核对：{phrase(command.identity_method)}；原档案 {first.number}",
    )
    if command.application_id is not None:
        take_into_file(context, context.get(IncomingApplication, command.application_id), file.id)
    for disease in command.diseases:
        store_disease(context, file, disease)
    if command.authorization is not None:
        add_authorization(context, file, command.authorization)
    return file.id
