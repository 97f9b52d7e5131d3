"""The electronic assistance file (电子就医协助服务档案), its diseases, history and feed."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, Integer, PrimaryKeyConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lian_desk.models.base import AwareTime, Base, Identifier, Key, Moment, reference, word_of
from lian_desk.models.vocabulary import (
    CarePhase,
    Certainty,
    EntryCategory,
    FactSource,
    HistoryKind,
    IdentityCheckMethod,
    Knownness,
    Severity,
)


class AssistanceFile(Base):
    """One file per insured person and policy; its number is never used again (R18).

    ``sort_name`` (pinyin) and ``last_event_at`` repeat what the lists sort by, so that a list needs one index.
    """

    __tablename__ = "assistance_file"
    __table_args__ = (
        UniqueConstraint("number"),
        UniqueConstraint("policy_id"),
        Index(None, "insured_person_id"),
        Index(None, "last_event_at", "id"),
        Index(None, "sort_name", "id"),
        Index(None, "case_manager_id", "last_event_at", "id"),
        Index(None, "closed_at", "last_event_at", "id"),
    )

    id: Mapped[Key]
    version: Mapped[int] = mapped_column(Integer, default=1)
    number: Mapped[str] = mapped_column(String(40))
    insured_person_id: Mapped[int] = reference("insured_person.id")
    policy_id: Mapped[int] = reference("policy.id")
    case_manager_id: Mapped[int] = reference("operator.id")
    sort_name: Mapped[str] = mapped_column(String(400))
    opened_at: Mapped[Moment]
    opened_by: Mapped[int] = reference("operator.id")
    last_event_at: Mapped[Moment]
    identity_method: Mapped[IdentityCheckMethod] = mapped_column(word_of(IdentityCheckMethod))
    identity_checked_at: Mapped[Moment]
    identity_checked_by: Mapped[int] = reference("operator.id")
    identity_note: Mapped[str] = mapped_column(Text, default="")
    closed_at: Mapped[datetime | None] = mapped_column(AwareTime)

    __mapper_args__ = {"version_id_col": version}


class SearchTerm(Base):
    """A prefix by which an assistance file is found: name, pinyin, initials, numbers (services/names/search_terms.py)."""

    __tablename__ = "search_term"
    __table_args__ = (
        PrimaryKeyConstraint("term", "assistance_file_id"),
        Index(None, "assistance_file_id"),
        {"sqlite_with_rowid": False},
    )

    term: Mapped[str] = mapped_column(String(200))
    assistance_file_id: Mapped[int] = mapped_column(Identifier, ForeignKey("assistance_file.id"))


class DiseaseEntry(Base):
    """An illness of the insured, as listed in the contract, with severity and certainty (R8)."""

    __tablename__ = "disease_entry"

    id: Mapped[Key]
    assistance_file_id: Mapped[int] = reference("assistance_file.id", index=True)
    disease_code: Mapped[str] = mapped_column(String(40))
    disease_name: Mapped[str] = mapped_column(String(200))
    list_version: Mapped[str] = mapped_column(String(40))
    severity: Mapped[Severity] = mapped_column(word_of(Severity))
    certainty: Mapped[Certainty] = mapped_column(word_of(Certainty))
    noted_on: Mapped[date] = mapped_column(Date)
    evidence_material_id: Mapped[int | None] = reference("material.id")
    evidence_note: Mapped[str] = mapped_column(Text, default="")
    recorded_at: Mapped[Moment]
    recorded_by: Mapped[int] = reference("operator.id")
    superseded_at: Mapped[datetime | None] = mapped_column(AwareTime)


class HistoryItem(Base):
    """Condition, medication, allergy or operation, with source and date (R17)."""

    __tablename__ = "history_item"

    id: Mapped[Key]
    assistance_file_id: Mapped[int] = reference("assistance_file.id", index=True)
    kind: Mapped[HistoryKind] = mapped_column(word_of(HistoryKind))
    knownness: Mapped[Knownness] = mapped_column(word_of(Knownness))
    text: Mapped[str] = mapped_column(Text, default="")
    dosage: Mapped[str] = mapped_column(String(200), default="")
    since: Mapped[str] = mapped_column(String(100), default="")
    source: Mapped[FactSource] = mapped_column(word_of(FactSource))
    stated_on: Mapped[date] = mapped_column(Date)
    recorded_at: Mapped[Moment]
    recorded_by: Mapped[int] = reference("operator.id")
    superseded_at: Mapped[datetime | None] = mapped_column(AwareTime)


class FileEntry(Base):
    """One line of the feed (档案记录): what happened, when, and when it was entered (R71, R89)."""

    __tablename__ = "file_entry"
    __table_args__ = (Index(None, "assistance_file_id", "happened_at", "id"),)

    id: Mapped[Key]
    assistance_file_id: Mapped[int] = reference("assistance_file.id")
    service_request_id: Mapped[int | None] = reference("service_request.id")
    category: Mapped[EntryCategory] = mapped_column(word_of(EntryCategory))
    phase: Mapped[CarePhase | None] = mapped_column(word_of(CarePhase))
    title: Mapped[str] = mapped_column(String(200))
    detail: Mapped[str] = mapped_column(Text, default="")
    happened_at: Mapped[Moment]
    entered_at: Mapped[Moment]
    operator_id: Mapped[int] = reference("operator.id")
