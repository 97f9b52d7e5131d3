"""The insured person, the guardian of a minor, and the authorization to use information."""

from datetime import date, datetime

from sqlalchemy import Date, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lian_desk.models.base import AwareTime, Base, Key, Moment, reference, word_of
from lian_desk.models.vocabulary import EvidenceForm, GuardianRelation, IdentityDocumentKind, Sex, SignerKind


class InsuredPerson(Base):
    """The insured person (被保险人): the only one who may use the services (R1)."""

    __tablename__ = "insured_person"
    __table_args__ = (
        UniqueConstraint("identity_document", "identity_number"),
        Index(None, "name", "born_on"),
    )

    id: Mapped[Key]
    version: Mapped[int] = mapped_column(Integer, default=1)
    name: Mapped[str] = mapped_column(String(200))
    identity_document: Mapped[IdentityDocumentKind] = mapped_column(word_of(IdentityDocumentKind))
    identity_number: Mapped[str] = mapped_column(String(40))
    sex: Mapped[Sex] = mapped_column(word_of(Sex))
    born_on: Mapped[date] = mapped_column(Date)
    phone: Mapped[str | None] = mapped_column(String(40))
    phone_declined: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[Moment]

    __mapper_args__ = {"version_id_col": version}


class FormerName(Base):
    """A name that the insured person bore before (曾用名): older papers carry it, and it is the insured's own (R1).

    ``basis`` says what showed it. A name that was written down by mistake gets ``removed_at``; it opens nothing any
    more, but stays among the names that no masked text may show.
    """

    __tablename__ = "former_name"

    id: Mapped[Key]
    insured_person_id: Mapped[int] = reference("insured_person.id", index=True)
    name: Mapped[str] = mapped_column(String(200))
    basis: Mapped[str] = mapped_column(Text, default="")
    recorded_at: Mapped[Moment]
    recorded_by: Mapped[int] = reference("operator.id")
    removed_at: Mapped[datetime | None] = mapped_column(AwareTime)


class Guardian(Base):
    """Guardian of a minor (监护人), who signs and starts services on his behalf (R9)."""

    __tablename__ = "guardian"

    id: Mapped[Key]
    insured_person_id: Mapped[int] = reference("insured_person.id", index=True)
    name: Mapped[str] = mapped_column(String(200))
    identity_number: Mapped[str] = mapped_column(String(40))
    relation: Mapped[GuardianRelation] = mapped_column(word_of(GuardianRelation))
    phone: Mapped[str] = mapped_column(String(40))
    proof_material_id: Mapped[int | None] = reference("material.id")
    proof_note: Mapped[str] = mapped_column(Text, default="")
    recorded_at: Mapped[Moment]
    superseded_at: Mapped[datetime | None] = mapped_column(AwareTime)


class InformationAuthorization(Base):
    """Authorization to use information (信息授权, R19), with the truth declaration of R24.

    ``verified_at`` stays empty until a person has seen the evidence: draft, evidence attached, verified.
    """

    __tablename__ = "information_authorization"

    id: Mapped[Key]
    assistance_file_id: Mapped[int] = reference("assistance_file.id", index=True)
    text_version: Mapped[str] = mapped_column(String(40))
    signer_kind: Mapped[SignerKind] = mapped_column(word_of(SignerKind))
    signer_name: Mapped[str] = mapped_column(String(200))
    signed_at: Mapped[Moment]
    evidence_form: Mapped[EvidenceForm] = mapped_column(word_of(EvidenceForm))
    evidence_material_id: Mapped[int | None] = reference("material.id")
    evidence_note: Mapped[str] = mapped_column(Text, default="")
    truth_declared: Mapped[bool]
    verified_at: Mapped[datetime | None] = mapped_column(AwareTime)
    verified_by: Mapped[int | None] = reference("operator.id")
    withdrawn_at: Mapped[datetime | None] = mapped_column(AwareTime)
    withdrawal_reason: Mapped[str] = mapped_column(Text, default="")
    recorded_at: Mapped[Moment]
