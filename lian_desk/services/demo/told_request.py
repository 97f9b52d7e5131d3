"""One service request while its story is told, its lines in the feed and what proves it."""

from dataclasses import dataclass
from datetime import datetime

from lian_desk.models.rules.clocks import Pause
from lian_desk.models.vocabulary import (
    CarePhase,
    Channel,
    EntryCategory,
    EvidenceForm,
    MaterialKind,
    ServiceKind,
)
from lian_desk.services.demo.request_timeline import Timeline
from lian_desk.services.demo.row_buffer import Values
from lian_desk.services.demo.scenarios import Scenario
from lian_desk.services.demo.told_file import FileStory, feed
from lian_desk.services.demo.world import DemoExpert, DemoHospital, DemoWorld
from lian_desk.services.words.wording import phrase


@dataclass(slots=True)
class RequestStory:
    """One request as it is being told; ``row`` is written with the chunk."""

    id: int
    file: FileStory
    scenario: Scenario
    timeline: Timeline
    hospital: DemoHospital
    expert: DemoExpert
    row: Values
    pauses: list[Pause]
    feedback_due_at: datetime | None = None
    booking_due_at: datetime | None = None

    @property
    def kind(self) -> ServiceKind:
        """The service."""
        return self.scenario.kind

    @property
    def title(self) -> str:
        """The service in Chinese."""
        return phrase(self.scenario.kind)


def say(  # noqa: PLR0913 - the columns of one line
    world: DemoWorld,
    request: RequestStory,
    title: str,
    detail: str,
    at: datetime,
    *,
    category: EntryCategory = EntryCategory.REQUEST,
    phase: CarePhase | None = CarePhase.PRE_VISIT_PLANNING,
) -> None:
    """Add a line to the feed of the file, under this request."""
    feed(world, request.file, category, f"{request.title}{title}", detail, at, request_id=request.id, phase=phase)


def evidence(world: DemoWorld, request: RequestStory, note: str, at: datetime) -> int:
    """Add what proves a confirmation, and return its key: an image where there is one, else a note of a call."""
    key = world.new_id()
    image = request.file.materials.get(MaterialKind.CONFIRMATION)
    world.rows.add(
        "evidence",
        id=key,
        assistance_file_id=request.file.id,
        service_request_id=request.id,
        form=EvidenceForm.CALL_NOTE if image is None else EvidenceForm.MESSAGE_IMAGE,
        said_by=request.file.signer,
        said_by_name=request.file.signer_name,
        channel=Channel.PHONE if image is None else Channel.WECOM,
        material_id=image,
        note=note,
        happened_at=at,
        recorded_at=at,
        recorded_by=request.file.manager_id,
    )
    return key
