"""From the values of 新建档案 to its command."""

from collections.abc import Mapping
from typing import Any, Final

from lian_desk.models.vocabulary import FactSource, IdentityCheckMethod, IdentityDocumentKind, Sex
from lian_desk.services.assistance_files.assistance_files import OpenAssistanceFile, PersonInput
from lian_desk.services.assistance_files.further_policies import OpenFurtherFile
from lian_desk.services.policies.policies import PolicyInput
from lian_desk.ui.assistance_files import file_fields

#: Disease and authorization both have an evidence note; the clause tells which of them was refused.
EVIDENCE_PLACES: Final = {
    ("evidence_note", "R8"): "disease_evidence",
    ("evidence_note", "R19"): "authorization_evidence",
}


def open_file_command(
    command_id: int, values: Mapping[str, Any], product_code: str, application_id: int | None
) -> OpenAssistanceFile:
    """Return the command for checked values; fields that were hidden are missing from them."""
    disease = file_fields.disease_input(values)
    sex = values.get("sex")
    return OpenAssistanceFile(
        command_id=command_id,
        person=PersonInput(
            name=values["name"],
            identity_document=IdentityDocumentKind(values["identity_document"]),
            identity_number=values["identity_number"],
            phone=values.get("phone") or "",
            phone_declined=bool(values["phone_declined"]),
            sex=Sex(sex) if sex else None,
            born_on=values.get("born_on"),
            former_names=file_fields.former_names_input(values),
        ),
        policy=PolicyInput(
            policy_number=values["policy_number"],
            effective_on=values["effective_on"],
            policyholder_name=values["policyholder_name"],
            product_code=product_code,
            status_source=FactSource(values["status_source"]),
        ),
        identity_method=IdentityCheckMethod(values["identity_method"]),
        identity_note=values["identity_note"] or "",
        guardian=file_fields.guardian_input(values) if "guardian_name" in values else None,
        diseases=(disease,) if disease is not None else (),
        history=file_fields.history_inputs(values),
        authorization=file_fields.authorization_input(values),
        application_id=application_id,
    )


def further_file_command(first: OpenAssistanceFile, known_file_id: int) -> OpenFurtherFile:
    """Return the command that opens the same file for somebody who has one under another policy (A37)."""
    return OpenFurtherFile(
        command_id=first.command_id,
        assistance_file_id=known_file_id,
        insured_name=first.person.name,
        policy=first.policy,
        identity_method=first.identity_method,
        identity_note=first.identity_note,
        diseases=first.diseases,
        authorization=first.authorization,
        application_id=first.application_id,
    )
