"""The entitlement: slots that can be spent once, and an append-only ledger (R12, R46, R47).

Each granted use is a slot row; spending it is an entry with a UNIQUE reference to the slot, so that
overspending is a constraint error on every engine. A reversal by a lead makes a new slot, once per start.
The balance is the sum of the entries and equals the slots without a start; it is never stored.
"""

from sqlalchemy import CheckConstraint, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lian_desk.models.base import Base, Key, Moment, reference, word_of
from lian_desk.models.vocabulary import EntryKind, ServiceKind


class EntitlementSlot(Base):
    """One use of one service under one policy."""

    __tablename__ = "entitlement_slot"
    __table_args__ = (UniqueConstraint("policy_id", "service_kind", "ordinal"),)

    id: Mapped[Key]
    policy_id: Mapped[int] = reference("policy.id")
    service_kind: Mapped[ServiceKind] = mapped_column(word_of(ServiceKind))
    ordinal: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[Moment]


class EntitlementEntry(Base):
    """One movement of the ledger. Never updated, never deleted (a trigger is the fence)."""

    __tablename__ = "entitlement_entry"
    __table_args__ = (
        UniqueConstraint("slot_id"),
        UniqueConstraint("start_key"),
        UniqueConstraint("reverses_id"),
        CheckConstraint("(kind = 'start') = (slot_id is not null)", name="start_spends_a_slot"),
        CheckConstraint("(kind = 'start') = (start_key is not null)", name="start_names_its_key"),
        CheckConstraint("kind <> 'start' or service_request_id is not null", name="start_names_its_request"),
        CheckConstraint("(kind = 'reversal') = (reverses_id is not null)", name="reversal_names_its_start"),
        CheckConstraint("(kind = 'start' and amount = -1) or kind <> 'start'", name="start_is_minus_one"),
        CheckConstraint("(kind = 'reversal' and amount = 1) or kind <> 'reversal'", name="reversal_is_plus_one"),
        CheckConstraint("amount <> 0", name="moves_something"),
        Index(None, "policy_id", "service_kind"),
        Index(None, "service_request_id"),
        # the time comes first: an index that began with the kind would outshine the policy's own
        Index(None, "happened_at", "kind", "service_kind"),
    )

    id: Mapped[Key]
    policy_id: Mapped[int] = reference("policy.id")
    service_kind: Mapped[ServiceKind] = mapped_column(word_of(ServiceKind))
    kind: Mapped[EntryKind] = mapped_column(word_of(EntryKind))
    amount: Mapped[int] = mapped_column(Integer)
    slot_id: Mapped[int | None] = reference("entitlement_slot.id")
    service_request_id: Mapped[int | None] = reference("service_request.id")
    #: The request's own key for a start: one start per request, by constraint.
    start_key: Mapped[int | None] = reference("service_request.id")
    reverses_id: Mapped[int | None] = reference("entitlement_entry.id")
    reason: Mapped[str] = mapped_column(Text, default="")
    insurer_reference: Mapped[str] = mapped_column(String(100), default="")
    evidence_id: Mapped[int | None] = reference("evidence.id")
    happened_at: Mapped[Moment]
    recorded_at: Mapped[Moment]
    recorded_by: Mapped[int] = reference("operator.id")
