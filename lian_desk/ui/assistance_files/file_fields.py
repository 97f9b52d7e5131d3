"""The fields that dialogs of a file share: person, guardian, disease, history, authorization."""

import re
from collections.abc import Mapping
from typing import Any, Final

from lian_desk.models.vocabulary import (
    Certainty,
    EvidenceForm,
    FactSource,
    GuardianRelation,
    HistoryKind,
    IdentityCheckMethod,
    IdentityDocumentKind,
    Knownness,
    Sex,
    SignerKind,
)
from lian_desk.services.assistance_files.assistance_files import DiseaseInput, HistoryInput
from lian_desk.services.assistance_files.authorizations import AuthorizationInput
from lian_desk.services.assistance_files.guardians import GuardianInput
from lian_desk.services.reference_data.diseases import load_disease_list
from lian_desk.services.words.wording import phrase, phrases
from lian_desk.ui.common.forms.choice_fields import CheckField, ChoiceField, ComboField
from lian_desk.ui.common.forms.date_fields import DateField, DateTimeField
from lian_desk.ui.common.forms.fields import FieldSpec, LineField, TextField
from lian_desk.ui.common.forms.forms import Form
from lian_desk.ui.common.look.cards import Notice
from lian_desk.ui.common.look.chips import FilterChoice
from lian_desk.ui.common.look.tokens import Tone

#: Where a refusal of the service stands in these forms.
DISEASE_PLACES: Final = {"evidence_note": "disease_evidence"}
AUTHORIZATION_PLACES: Final = {"evidence_note": "authorization_evidence"}

_LINE_SEPARATOR: Final = "|"
_APART: Final = re.compile(r"[、，,；;/]")
_HISTORY_HINTS: Final = {
    HistoryKind.CONDITION: "一行一条，例如：高血压 | | 8 年",
    HistoryKind.MEDICATION: "一行一条：药名 | 用法用量 | 从何时起",
    HistoryKind.ALLERGY: "一行一条，例如：青霉素",
    HistoryKind.OPERATION: "一行一条：手术 | | 时间",
}


def choices(vocabulary: Any, *members: Any) -> list[FilterChoice]:
    """Return chips for the members of a vocabulary, or for those named."""
    chosen = members or tuple(member for member, _words in phrases(vocabulary))
    return [FilterChoice(member.value, phrase(member)) for member in chosen]


def identity_fields() -> tuple[ChoiceField, LineField, ChoiceField, DateField]:
    """Return document kind, number, sex and birth date."""
    return (
        ChoiceField(
            FieldSpec(name="identity_document", label="证件类型", asked="identity_document"),
            choices(IdentityDocumentKind),
        ),
        LineField(FieldSpec(name="identity_number", label="证件号码", asked="identity_number")),
        ChoiceField(FieldSpec(name="sex", label="性别", asked="sex"), choices(Sex, Sex.FEMALE, Sex.MALE)),
        DateField(FieldSpec(name="born_on", label="出生日期", asked="born_on")),
    )


def former_names_field() -> LineField:
    """Return the names that the insured bore before, one after the other."""
    return LineField(
        FieldSpec(
            name="former_names",
            label="曾用名",
            optional=True,
            placeholder="多个曾用名用、隔开",
            why="早先的病历上可能是曾用名；登记后视为本人的姓名。",
            asked="former_names",
            most=200,
        )
    )


def former_names_input(values: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the former names that were typed."""
    return tuple(filter(None, (name.strip() for name in _APART.split(values.get("former_names") or ""))))


def add_identity_check(form: Form) -> None:
    """Add how the identity was checked."""
    form.add_row(
        ChoiceField(
            FieldSpec(name="identity_method", label="身份核对方式", asked="identity_method"),
            choices(IdentityCheckMethod),
        ),
    )
    form.add_row(
        LineField(FieldSpec(name="identity_note", label="核对说明", optional=True, asked="identity_note", most=200))
    )


def guardian_fields() -> tuple[Any, ...]:
    """Return the fields of a guardian."""
    return (
        ChoiceField(FieldSpec(name="relation", label="与被保险人关系"), choices(GuardianRelation)),
        LineField(FieldSpec(name="guardian_name", label="监护人姓名", asked="guardian_name")),
        LineField(FieldSpec(name="guardian_identity_number", label="监护人身份证号", asked="guardian_identity_number")),
        LineField(FieldSpec(name="guardian_phone", label="监护人手机号", asked="guardian_phone")),
        LineField(
            FieldSpec(
                name="guardian_proof",
                label="监护关系证明",
                placeholder="例如：户口簿已核对",
                asked="guardian_proof",
            )
        ),
    )


def guardian_input(values: Mapping[str, Any]) -> GuardianInput:
    """Return the guardian that was typed."""
    return GuardianInput(
        name=values["guardian_name"],
        identity_number=values["guardian_identity_number"],
        relation=GuardianRelation(values["relation"]),
        phone=values["guardian_phone"],
        proof_note=values["guardian_proof"] or "",
    )


def add_disease_fields(form: Form, *, optional: bool) -> None:
    """Add the fields of a disease of the list."""
    listed = load_disease_list()
    words = [(item.code, f"{item.name}（{phrase(item.severity)}）") for item in listed.diseases]
    form.add_row(
        ComboField(
            FieldSpec(name="disease_code", label="疾病", optional=optional, why=listed.notice, asked="disease_code"),
            words,
        )
    )
    form.add_row(
        ChoiceField(
            FieldSpec(name="certainty", label="确诊或疑似", optional=optional),
            choices(Certainty, Certainty.CONFIRMED, Certainty.SUSPECTED) if optional else choices(Certainty),
        ),
        DateField(FieldSpec(name="noted_on", label="依据日期", optional=optional)),
    )
    form.add_row(
        LineField(
            FieldSpec(
                name="disease_evidence",
                label="依据",
                optional=optional,
                asked="disease_evidence",
                placeholder="例如：2026-09-20 门诊病历，主治医师意见",
                most=200,
            )
        )
    )


def disease_input(values: Mapping[str, Any]) -> DiseaseInput | None:
    """Return the disease that was chosen, or None."""
    if not values.get("disease_code"):
        return None
    return DiseaseInput(
        disease_code=values["disease_code"],
        certainty=Certainty(values["certainty"] or Certainty.SUSPECTED.value),
        noted_on=values["noted_on"],
        evidence_note=values["disease_evidence"] or "",
    )


def add_history_fields(form: Form) -> None:
    """Add the four kinds of history; each is asked, and "none", "unknown" and "declined" are answers."""
    for kind in HistoryKind:
        answer = ChoiceField(
            FieldSpec(
                name=f"known_{kind.value}",
                label=phrase(kind),
                optional=True,
                asked=kind.value,
            ),
            choices(Knownness),
        )
        lines = TextField(
            FieldSpec(name=f"history_{kind.value}", label="内容", placeholder=_HISTORY_HINTS[kind]), lines=2
        )
        lines.setVisible(False)
        form.add_row(answer)
        form.add_row(lines)
        answer.edited.connect(lambda answer=answer, lines=lines: show_history_lines(answer, lines))


def show_history_lines(answer: ChoiceField, lines: TextField) -> None:
    """Ask for the lines only where there is something to tell."""
    lines.setVisible(answer.raw() == Knownness.KNOWN.value)


def show_all_history_lines(form: Form) -> None:
    """Show or hide the lines of every kind, after a draft was put back."""
    for kind in HistoryKind:
        answer, lines = form.fields[f"known_{kind.value}"], form.fields[f"history_{kind.value}"]
        assert isinstance(answer, ChoiceField)
        assert isinstance(lines, TextField)
        show_history_lines(answer, lines)


def history_inputs(values: Mapping[str, Any]) -> tuple[HistoryInput, ...]:
    """Return the statements that were typed; a kind without an answer was not asked yet."""
    found: list[HistoryInput] = []
    for kind in HistoryKind:
        answer = values.get(f"known_{kind.value}")
        if not answer:
            continue
        knownness = Knownness(answer)
        if knownness is not Knownness.KNOWN:
            found.append(HistoryInput(kind, knownness))
            continue
        for line in str(values.get(f"history_{kind.value}") or "").splitlines():
            parts = [part.strip() for part in line.split(_LINE_SEPARATOR)] + ["", ""]
            if parts[0]:
                found.append(HistoryInput(kind, knownness, parts[0], parts[1], parts[2]))
    return tuple(found)


def add_authorization_fields(form: Form, truth_words: str, *, optional: bool) -> None:
    """Add the fields of an information authorization, with the truth declaration in full."""
    form.add_row(
        ChoiceField(FieldSpec(name="signer_kind", label="授权人", optional=optional), choices(SignerKind)),
        LineField(FieldSpec(name="signer_name", label="授权人姓名", optional=optional, asked="signer_name")),
    )
    form.add_row(
        DateTimeField(FieldSpec(name="signed_at", label="授权时间", optional=optional)),
        ChoiceField(FieldSpec(name="evidence_form", label="凭证形式", optional=optional), choices(EvidenceForm)),
    )
    form.add_row(
        LineField(
            FieldSpec(
                name="authorization_evidence",
                label="凭证说明",
                optional=optional,
                placeholder="例如：企业微信授权页截图",
                asked="authorization_evidence",
                most=200,
            )
        )
    )
    form.add_widget(Notice(truth_words, Tone.NEUTRAL))
    form.add_row(CheckField(FieldSpec(name="truth_declared", label="授权人已作上述真实性声明（R24）", optional=True)))
    form.add_row(CheckField(FieldSpec(name="is_verified", label="已核对凭证，授权真实有效", optional=True)))


def authorization_input(values: Mapping[str, Any]) -> AuthorizationInput | None:
    """Return the authorization that was typed, or None where none was begun."""
    if not values.get("signer_kind"):
        return None
    return AuthorizationInput(
        signer_kind=SignerKind(values["signer_kind"]),
        signer_name=values["signer_name"] or "",
        signed_at=values["signed_at"],
        evidence_form=EvidenceForm(values["evidence_form"] or EvidenceForm.MESSAGE_IMAGE.value),
        truth_declared=bool(values["truth_declared"]),
        evidence_note=values["authorization_evidence"] or "",
        is_verified=bool(values["is_verified"]),
    )


def source_field(name: str = "status_source") -> ChoiceField:
    """Return where a policy fact comes from."""
    return ChoiceField(
        FieldSpec(name=name, label="信息来源"),
        choices(FactSource, FactSource.INSURER_SYSTEM, FactSource.INSURER_NOTICE),
    )
