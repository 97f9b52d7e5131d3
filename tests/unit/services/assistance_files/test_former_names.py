"""A former name (曾用名): known to the search, the masks, the second policy and the erasure; taken back when wrong (R1)."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from lian_desk.models.errors import ErrorCode
from lian_desk.models.tables.people.assistance_file import SearchTerm
from lian_desk.models.tables.people.person import FormerName
from lian_desk.models.vocabulary import IdentityCheckMethod, MaterialKind, MaterialSource
from lian_desk.services.assistance_files.assistance_files import AddNote, OpenAssistanceFile
from lian_desk.services.assistance_files.former_names import MOST, ChangeFormerNames
from lian_desk.services.assistance_files.further_policies import OpenFurtherFile
from lian_desk.services.assistance_files.views import load_file_view
from lian_desk.services.listings.base import ListQuery
from lian_desk.services.listings.materials import MaterialSource as Materials
from lian_desk.services.materials.materials import AddMaterial
from lian_desk.services.materials.views import load_material_view
from lian_desk.services.names.known_names import names_of_file
from lian_desk.services.names.masking import MaskingRule
from lian_desk.services.reading_queue.runner import whose_file
from lian_desk.services.search.text_search import find_texts
from tests.desk_facts import opening, person, policy, refusal, titles
from tests.desk_world import World

E = ErrorCode
FORMER = "王招娣"


def change(world: World, file_id: int, *names: str, basis: str = "户口簿曾用名一栏") -> int:
    return world.run(ChangeFormerNames, assistance_file_id=file_id, former_names=names, basis=basis)


def terms(world: World, file_id: int) -> set[str]:
    with world.desk.read() as session:
        return set(session.scalars(select(SearchTerm.term).where(SearchTerm.assistance_file_id == file_id)))


def shown(world: World, file_id: int) -> tuple[str, ...]:
    view = load_file_view(world.desk, file_id, revealed=True)
    assert view is not None
    return view.former_names


def test_r1_former_names_are_written_down_when_the_file_is_opened(world: World) -> None:
    file_id = world.run(
        OpenAssistanceFile, **opening(world, person=person(former_names=(FORMER, "", " 王盼弟 ", FORMER)))
    )
    assert shown(world, file_id) == (FORMER, "王盼弟")
    masked = load_file_view(world.desk, file_id)
    assert masked is not None
    assert masked.former_names == ("王*娣", "王*弟")
    assert {FORMER, "wangzhaodi", "wzd", "王盼弟"} <= terms(world, file_id)
    with world.desk.read() as session:
        assert whose_file(session, file_id).earlier_names == (FORMER, "王盼弟")


def test_r1_every_file_of_the_person_is_found_by_a_former_name_and_no_more_after_it_was_taken_back(
    world: World,
) -> None:
    first = world.open_file()
    second = world.run(
        OpenFurtherFile,
        assistance_file_id=first,
        insured_name="王淑兰",
        policy=policy(world.desk, policy_number="JLB202509000777", effective_on=date(2025, 9, 1)),
        identity_method=IdentityCheckMethod.INSURER_SYSTEM_MATCH,
    )
    change(world, first, FORMER)
    assert "更新曾用名" in titles(world.desk, first)
    for file_id in (first, second):
        assert {FORMER, "wangzhaodi", "王淑兰", "wangshulan"} <= terms(world, file_id)
    change(world, second, basis="登记有误")
    for file_id in (first, second):
        assert not {FORMER, "wangzhaodi"} & terms(world, file_id)
        assert "王淑兰" in terms(world, file_id)
        assert shown(world, file_id) == ()
    with world.desk.read() as session:
        assert whose_file(session, first).earlier_names == ()
        # what was written while it stood is still masked
        assert FORMER in names_of_file(session, first).every


def test_r1_a_further_policy_may_be_opened_under_a_former_name_but_not_under_another(world: World) -> None:
    first = world.open_file()
    order: dict[str, Any] = {
        "assistance_file_id": first,
        "insured_name": FORMER,
        "policy": policy(world.desk, policy_number="JLB202509000777", effective_on=date(2025, 9, 1)),
        "identity_method": IdentityCheckMethod.INSURER_SYSTEM_MATCH,
    }
    assert refusal(world, OpenFurtherFile, **order).code is E.NOT_THE_INSURED
    change(world, first, FORMER)
    assert world.run(OpenFurtherFile, **order)


@pytest.mark.parametrize(
    ("names", "basis", "code", "field"),
    [
        ((FORMER,), " ", E.FIELD_REQUIRED, "basis"),
        (("王淑兰",), "户口簿", E.VALUE_NOT_UNDERSTOOD, "former_names"),
        (tuple(f"王{char}" for char in "甲乙丙丁戊己庚辛壬"), "户口簿", E.VALUE_NOT_UNDERSTOOD, "former_names"),
        ((FORMER + "🌸",), "户口簿", E.NAME_HAS_SYMBOLS, "former_names"),
        ((), "户口簿", E.CHANGED_MEANWHILE, "former_names"),
    ],
)
def test_r1_what_is_no_former_name_is_refused_beside_its_field(
    world: World, names: tuple[str, ...], basis: str, code: ErrorCode, field: str
) -> None:
    file_id = world.open_file()
    assert MOST == 8
    violation = refusal(world, ChangeFormerNames, assistance_file_id=file_id, former_names=names, basis=basis)
    assert (violation.code, violation.parameters["field"]) == (code, field)
    assert shown(world, file_id) == ()


def test_r90_a_former_name_is_masked_in_excerpts_in_names_of_files_and_under_every_rule(world: World) -> None:
    file_id = world.open_file()
    change(world, file_id, FORMER)
    world.run(AddNote, assistance_file_id=file_id, title="来电", text=f"{FORMER}（现名王淑兰）来电询问")
    hit = find_texts(world.desk, "来电询问").hits[0]
    assert FORMER not in hit.excerpt
    assert "王*娣" in hit.excerpt
    key = world.run(
        AddMaterial,
        assistance_file_id=file_id,
        sha256="ab" * 32,
        sealed_sha256="cd" * 32,
        byte_size=10,
        original_name=f"{FORMER}_出院小结.pdf",
        media_type="application/pdf",
        page_count=1,
        source=MaterialSource.BUTTON,
        kind=MaterialKind.UNCLASSIFIED,
    )
    source = Materials(world.desk)
    assert source.rows(source.keys(ListQuery()))[key].shown_name == "王*娣_出院小结.pdf"
    assert load_material_view(world.desk, key).shown_name == "王*娣_出院小结.pdf"
    with world.desk.read() as session:
        names = names_of_file(session, file_id)
    assert names.every[:2] == ("王淑兰", FORMER)
    assert FORMER in names.hidden_under(MaskingRule(others=True))
    assert names.hidden_under(MaskingRule(name=True)) == ()


def test_r90_a_former_name_is_kept_sealed_in_one_row_with_what_showed_it(world: World) -> None:
    file_id = world.open_file()
    change(world, file_id, FORMER, basis="出生证明")
    with world.desk.read() as session:
        row = session.scalars(select(FormerName)).one()
        assert (row.name, row.basis, row.removed_at) == (FORMER, "出生证明", None)
        assert row.recorded_at == world.clock.moment
