"""One file as its page shows it: masked, whole, in order."""

from datetime import date, datetime

from lian_desk.models.vocabulary import ServiceKind, SignerKind
from lian_desk.services.assistance_files.assistance_files import AddNote, OpenAssistanceFile
from lian_desk.services.assistance_files.views import FileView, load_file_view
from lian_desk.services.desk.audit_views import load_audit_lines
from tests.desk_facts import authorization, guardian, opening, person, policy
from tests.desk_world import World, identity_number

SECRETS = ("王小兰", "王淑兰", "王建国", "13812346620", "13900000001", "JLB202403000001")


def opened(world: World) -> int:
    values = opening(
        world,
        person=person(name="王小兰", identity_number=identity_number(date(2015, 6, 1))),
        policy=policy(world.desk),
        guardian=guardian(),
    )
    values["authorization"] = authorization(world, signer_kind=SignerKind.GUARDIAN, signer_name="王建国")
    return world.run(OpenAssistanceFile, **values)


def view_of(world: World, file_id: int, *, revealed: bool = False) -> FileView:
    view = load_file_view(world.desk, file_id, revealed=revealed)
    assert view is not None
    return view


def test_a_page_shows_nothing_in_clear_unless_revealed(world: World) -> None:
    file_id = opened(world)
    masked, clear = repr(view_of(world, file_id)), repr(view_of(world, file_id, revealed=True))
    numbers = (identity_number(date(2015, 6, 1)), identity_number(date(1980, 5, 6), 701))
    for secret in (*SECRETS, *numbers):
        assert secret not in masked
        assert secret in clear


def test_a_page_that_is_not_there_is_none(world: World) -> None:
    assert load_file_view(world.desk, 1) is None
    assert load_audit_lines(world.desk, 1) == ()


def test_the_feed_is_newest_first_and_requests_are_counted_by_service(world: World) -> None:
    file_id = world.open_file()
    first = world.open_request(file_id)
    world.later(minutes=1)
    second = world.open_request(file_id)
    other = world.open_request(file_id, ServiceKind.CASE_MANAGEMENT)
    world.later(minutes=1)
    world.run(AddNote, assistance_file_id=file_id, title="专案评估", text="要点")
    view = view_of(world, file_id)
    assert view.feed[0].title == "专案评估"
    happened: list[datetime] = [line.happened_at for line in view.feed]
    assert happened == sorted(happened, reverse=True)
    assert {line.request_id: line.ordinal for line in view.requests} == {first: 1, second: 2, other: 1}
    assert view.requests[0].request_id == other
    assert load_audit_lines(world.desk, file_id)[0].kind == "AddNote"


def test_balances_and_counts_are_of_this_file(world: World) -> None:
    file_id = world.open_file()
    world.open_file()
    world.to_started(file_id)
    view = view_of(world, file_id)
    assert view.balances[ServiceKind.OUTPATIENT_COORDINATION].left == 2
    assert view.material_count == len(view.materials) == 1
    assert (view.policy_year, view.covered_years) == (3, 10)
