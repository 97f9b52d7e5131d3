"""A further policy of an insured person who has a file: its own file and its own ledger (R18, A37)."""

from dataclasses import dataclass

from lian_desk.models.assistance_file import AssistanceFile
from lian_desk.models.person import InsuredPerson
from lian_desk.models.vocabulary import EntryCategory, IdentityCheckMethod
from lian_desk.services.assistance_files import DiseaseInput, store_disease
from lian_desk.services.authorizations import AuthorizationInput, add_authorization
from lian_desk.services.commands import Command, CommandContext, handles
from lian_desk.services.file_opening import begin_file
from lian_desk.services.policies import PolicyInput, enter_policy
from lian_desk.services.wording import phrase


@dataclass(frozen=True, kw_only=True)
class OpenFurtherFile(Command):
    """Open a file for a further policy of the person of ``assistance_file_id``; the identity is checked again."""

    assistance_file_id: int
    policy: PolicyInput
    identity_method: IdentityCheckMethod
    identity_note: str = ""
    diseases: tuple[DiseaseInput, ...] = ()
    authorization: AuthorizationInput | None = None


@handles(OpenFurtherFile)
def open_further_file(command: OpenFurtherFile, context: CommandContext) -> int:
    """Open the second file; balances are never pooled."""
    known = context.get(AssistanceFile, command.assistance_file_id)
    policy = enter_policy(context, command.policy, known.insured_person_id)
    person = context.get(InsuredPerson, known.insured_person_id)
    file = begin_file(context, person, policy, command.identity_method, command.identity_note)
    context.feed(
        file,
        EntryCategory.FILE,
        "建立电子就医协助服务档案",
        f"同一被保险人的另一份保单，权益分别计算（A37）；身份核验：{phrase(command.identity_method)}；原档案 {known.number}",
    )
    for disease in command.diseases:
        store_disease(context, file, disease)
    if command.authorization is not None:
        add_authorization(context, file, command.authorization)
    return file.id
