"""The first messages: those that led to a file, and those that still wait for an answer or for papers."""

from datetime import timedelta

from lian_desk.models.rules.clocks import response_clock
from lian_desk.models.rules.working_time import in_shanghai
from lian_desk.models.vocabulary import (
    Channel,
    EntryCategory,
    ServiceKind,
)
from lian_desk.services.demo import words
from lian_desk.services.demo.clock_rows import add_clock_row
from lian_desk.services.demo.told_file import FilePlan, FileStory, feed
from lian_desk.services.demo.words import NEEDS
from lian_desk.services.demo.world import DemoWorld
from lian_desk.services.names.search_terms import joined_name_terms
from lian_desk.services.words.wording import phrase

_MINUTE = timedelta(minutes=1)
_SHARE_ANSWERED_IN_TIME = 0.86


def tell_first_message(world: DemoWorld, story: FileStory, plan: FilePlan) -> None:
    """The first message, answered in time or late, and settled by the file."""
    rng = world.rng
    received_at = plan.first_received_at
    deadline = response_clock(received_at, world.pack, world.calendar)
    is_kept = rng.random() < _SHARE_ANSWERED_IN_TIME
    answered = deadline.due_at - _MINUTE if is_kept else deadline.due_at + rng.randint(2, 90) * _MINUTE
    responded_at = min(max(answered, received_at), max(received_at, story.opened_at))
    story.application_id = world.new_id()
    kind = rng.choice(tuple(ServiceKind))
    need = rng.choice(NEEDS[kind])
    world.rows.add(
        "incoming_application",
        id=story.application_id,
        channel=Channel.WECOM,
        contact_name=story.signer_name,
        contact_handle=f"wx_{story.person.phone[-6:]}",
        need_text=need,
        service_kind=kind,
        received_at=received_at,
        response_due_at=deadline.due_at,
        responded_at=responded_at,
        responded_by=story.manager_id,
        response_note="已答复并说明所需材料",
        assistance_file_id=story.id,
        is_settled=True,
        recorded_at=responded_at,
        recorded_by=story.manager_id,
    )
    add_clock_row(world, deadline, responded_at, responded_at, application_id=story.application_id)
    local = in_shanghai(received_at)
    detail = f"{phrase(Channel.WECOM)} · {local:%m-%d %H:%M} · {need}"
    feed(world, story, EntryCategory.APPLICATION, f"申请{phrase(kind)}", detail, received_at)


def add_waiting_application(world: DemoWorld, turn: int) -> None:
    """A first message without a file: unanswered and just in, unanswered and late, or answered and waiting."""
    rng = world.rng
    minutes = (rng.randint(0, 3), rng.randint(20, 400), rng.randint(60, 3000))[turn % 3]
    received_at = world.now - timedelta(minutes=minutes)
    deadline = response_clock(received_at, world.pack, world.calendar)
    is_answered = turn % 3 == 2
    responded_at = min(deadline.due_at, world.now) if is_answered else None
    if responded_at is not None:
        responded_at = max(responded_at, received_at)
    person = world.people.person()
    key = world.new_id()
    world.rows.add(
        "incoming_application",
        id=key,
        channel=Channel.WECOM if turn % 4 else Channel.LIAN_APP,
        contact_name=person.name,
        search_terms=joined_name_terms(person.name),
        contact_handle=f"wx_{person.phone[-6:]}",
        need_text=rng.choice(words.FREE_QUESTIONS),
        received_at=received_at,
        response_due_at=deadline.due_at,
        responded_at=responded_at,
        responded_by=world.operator_id if responded_at else None,
        response_note="已答复，等待客户提供资料" if responded_at else "",
        recorded_at=received_at,
        recorded_by=world.operator_id,
    )
    add_clock_row(world, deadline, responded_at, responded_at, application_id=key)
