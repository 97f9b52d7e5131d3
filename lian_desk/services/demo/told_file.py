"""One assistance file while its story is told, and the lines of its feed."""

from dataclasses import dataclass, field
from datetime import date, datetime

from lian_desk.models.vocabulary import (
    CarePhase,
    EntryCategory,
    MaterialKind,
    ServiceKind,
    SignerKind,
    TerminationReason,
)
from lian_desk.services.demo.names import InventedPerson
from lian_desk.services.demo.world import DemoWorld
from lian_desk.services.reference_data.diseases import Disease


@dataclass(slots=True)
class FileStory:
    """One file as it is being told. Moments are aware; ``closed_at`` is set once the contract has ended."""

    id: int
    number: str
    person: InventedPerson
    person_id: int
    policy_id: int
    manager_id: int
    disease: Disease
    disease_entry_id: int
    department_code: str
    department: str
    opened_at: datetime
    effective_on: date
    signer: SignerKind
    signer_name: str
    is_suspected: bool
    last_event_at: datetime
    application_id: int | None = None
    authorization_id: int | None = None
    closed_at: datetime | None = None
    used: dict[ServiceKind, int] = field(default_factory=dict)
    slots: dict[tuple[ServiceKind, int], int] = field(default_factory=dict)
    materials: dict[MaterialKind, int] = field(default_factory=dict)
    entry_count: int = 0

    @property
    def is_minor(self) -> bool:
        """True when a guardian acts."""
        return self.signer is SignerKind.GUARDIAN


@dataclass(frozen=True, slots=True)
class FilePlan:
    """What the requests of a file demand of its policy."""

    opened_at: datetime
    first_received_at: datetime
    must_be_authorized: bool
    suspended_from: date | None = None
    terminated_on: date | None = None
    termination: TerminationReason | None = None


def feed(  # noqa: PLR0913 - the columns of one line
    world: DemoWorld,
    story: FileStory,
    category: EntryCategory,
    title: str,
    detail: str,
    at: datetime,
    *,
    request_id: int | None = None,
    phase: CarePhase | None = None,
) -> None:
    """Add a line to the feed, entered when it happened."""
    world.rows.add(
        "file_entry",
        id=world.new_id(),
        assistance_file_id=story.id,
        service_request_id=request_id,
        category=category,
        phase=phase,
        title=title,
        detail=detail,
        happened_at=at,
        entered_at=at,
        operator_id=story.manager_id,
    )
    story.last_event_at = max(story.last_event_at, at)
    story.entry_count += 1
