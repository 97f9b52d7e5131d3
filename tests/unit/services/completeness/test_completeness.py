"""The checklist of materials and the message that asks for what is missing (R9, R14, R15, R19)."""

import tomllib
from datetime import date

import pytest
from sqlalchemy import update

from lian_desk.adapters.machine.resources import resource_path
from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.tables.materials.material import Material
from lian_desk.models.tables.people.person import Guardian
from lian_desk.models.vocabulary import Channel, EntryCategory, MaterialKind, MaterialState, ServiceKind
from lian_desk.services.assistance_files.authorizations import WithdrawAuthorization
from lian_desk.services.assistance_files.views import load_file_view
from lian_desk.services.completeness.checklist import ChecklistLine
from lian_desk.services.completeness.material_requests import (
    Address,
    RecordMaterialRequest,
    compose,
    load_material_request,
)
from lian_desk.services.listings.service_requests import ServiceRequestSource
from lian_desk.services.reference_data.diseases import load_disease_list
from lian_desk.services.request_views.forms import load_new_request
from lian_desk.services.request_views.views import load_request_view
from lian_desk.services.service_requests.reviewing import ILLNESS_DOCUMENTS
from tests.desk_world import NOTICES, World

K = ServiceKind
M = MaterialKind


def lines(world: World, request_id: int) -> list[ChecklistLine]:
    view = load_request_view(world.desk, request_id)
    assert view is not None
    return list(view.checklist)


def missing(world: World, request_id: int) -> list[str]:
    return [line.words for line in lines(world, request_id) if line.is_required and line.is_missing]


def request_of(world: World, kind: ServiceKind = K.OUTPATIENT_COORDINATION) -> int:
    file_id = world.open_file()
    world.material(file_id, M.IDENTITY_DOCUMENT)
    return world.open_request(file_id, kind)


def file_of(world: World, request_id: int) -> int:
    view = load_request_view(world.desk, request_id)
    assert view is not None
    return view.file_id


@pytest.mark.parametrize(
    ("kind", "blocking"),
    [
        (K.CASE_MANAGEMENT, []),
        (K.OUTPATIENT_COORDINATION, []),
        (K.INPATIENT_COORDINATION, ["入院通知单"]),
        (K.SURGERY_COORDINATION, ["手术通知单"]),
        (K.EXPEDITED_EXAMINATION, ["检查通知单"]),
    ],
)
def test_each_service_blocks_on_its_own_notice_and_on_any_paper_of_the_illness(
    world: World, kind: ServiceKind, blocking: list[str]
) -> None:
    request_id = request_of(world, kind)
    assert missing(world, request_id) == ["病情材料（任一种）", *blocking]
    world.material(file_of(world, request_id), M.OUTPATIENT_RECORD)
    assert missing(world, request_id) == blocking
    if kind in NOTICES:
        world.material(file_of(world, request_id), NOTICES[kind])
    assert missing(world, request_id) == []


def test_advisory_papers_follow_the_blocking_ones_and_say_what_a_good_one_shows(world: World) -> None:
    found = lines(world, request_of(world, K.SURGERY_COORDINATION))
    assert [line.is_required for line in found] == sorted((line.is_required for line in found), reverse=True)
    by_kind = {line.kind: line for line in found if not line.is_required}
    group = load_disease_list().find(load_disease_list().diseases[0].code)
    assert group is not None
    assert group.group == "oncology"
    assert "免疫组化" in by_kind[M.PATHOLOGY_REPORT].hint
    assert "出院小结" in by_kind[M.DISCHARGE_SUMMARY].hint


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"state": MaterialState.DEFICIENT, "deficiency": "盖章模糊"}, "有误：盖章模糊"),
        ({"state": MaterialState.QUARANTINED}, "已隔离"),
        ({"name_matches": False}, "不是被保险人本人的"),
        ({"trashed_at": True}, ""),
    ],
)
def test_a_paper_that_does_not_count_leaves_its_line_missing_and_says_why(
    world: World, change: dict[str, object], problem: str
) -> None:
    request_id = request_of(world)
    material_id = world.material(file_of(world, request_id), M.OUTPATIENT_RECORD)
    with world.desk.database.write_session() as session:
        row = session.get_one(Material, material_id)
        for name, value in change.items():
            setattr(row, name, world.clock.moment if name == "trashed_at" else value)
        session.commit()
    assert "病情材料（任一种）" in missing(world, request_id)
    (line,) = [line for line in lines(world, request_id) if line.kind is M.OUTPATIENT_RECORD]
    assert line.is_missing
    assert problem in line.problem
    assert bool(line.problem) is bool(problem)


def test_a_minor_needs_the_guardians_proof_and_anybody_a_verified_authorization(world: World) -> None:
    child = world.open_file(date(2015, 3, 4))
    request_id = world.open_request(child)
    assert "监护关系证明" not in "".join(missing(world, request_id))
    with world.desk.database.write_session() as session:
        session.execute(update(Guardian).values(proof_note="", proof_material_id=None))
        session.commit()
    assert "监护关系证明" in "".join(missing(world, request_id))
    world.material(child, M.GUARDIANSHIP_PROOF)
    assert "监护关系证明" not in "".join(missing(world, request_id))
    view = load_file_view(world.desk, child)
    assert view is not None
    assert view.authorization is not None
    world.run(WithdrawAuthorization, authorization_id=view.authorization.authorization_id, reason="客户要求")
    assert any("授权" in words for words in missing(world, request_id))


def test_the_new_request_shows_the_list_of_every_service_before_anything_is_submitted(world: World) -> None:
    file_id = world.open_file()
    view = load_new_request(world.desk, file_id)
    disease = world.disease(file_id)
    assert {kind for kind, _ in view.checklists} == set(K)
    wanted = view.checklists[K.INPATIENT_COORDINATION, disease]
    assert [line.kind for line in wanted if line.is_required] == [M.DIAGNOSIS_CERTIFICATE, M.ADMISSION_NOTICE]


def test_the_card_of_the_board_names_what_blocks_until_the_service_has_started(world: World) -> None:
    request_id = request_of(world, K.INPATIENT_COORDINATION)
    source = ServiceRequestSource(world.desk)
    assert source.rows([request_id])[request_id].missing == ("入院通知单", "病情材料")
    world.material(file_of(world, request_id), M.ADMISSION_NOTICE)
    world.material(file_of(world, request_id), M.DISCHARGE_SUMMARY)
    assert source.rows([request_id])[request_id].missing == ()


# ------------------------------------------------------------------------------------------------------- the message


def message(world: World, request_id: int, address: Address, *, in_clear: bool = True) -> str:
    view = load_material_request(world.desk, request_id)
    assert view is not None
    return compose(view, [line for line in view.lines if line.is_missing], address, in_clear=in_clear)


def test_the_message_asks_for_exactly_what_is_ticked(world: World) -> None:
    request_id = request_of(world, K.INPATIENT_COORDINATION)
    words = message(world, request_id, Address.SURNAME)
    assert words.startswith("王先生，您好！我是利安人寿就医服务的专案管家陈静。")
    assert "住院协调服务" in words
    first, second = words.index("【必须提供"), words.index("【如有请提供")
    assert first < words.index("1. 病情材料") < words.index("2. 入院通知单：") < second < words.index("3. 门诊病历：")
    view = load_material_request(world.desk, request_id)
    assert view is not None
    one = compose(view, [line for line in view.lines if line.kind is M.ADMISSION_NOTICE], Address.NONE, in_clear=True)
    assert one.startswith("您好！")
    assert "门诊病历" not in one
    assert "【如有请提供" not in one


def test_a_full_name_is_masked_on_the_screen_and_clear_in_the_copy(world: World) -> None:
    request_id = request_of(world)
    assert message(world, request_id, Address.FULL_NAME, in_clear=False).startswith("王*兰先生，")
    assert message(world, request_id, Address.FULL_NAME).startswith("王淑兰先生，")


def test_a_child_is_spoken_to_through_the_guardian(world: World) -> None:
    request_id = world.open_request(world.open_file(date(2015, 3, 4)))
    view = load_material_request(world.desk, request_id)
    assert view is not None
    assert view.addresses == (Address.GUARDIAN, Address.NONE)
    words = message(world, request_id, Address.GUARDIAN)
    assert words.startswith("王家长，您好！")
    assert "孩子申请的" in words


def test_a_paper_found_wrong_is_asked_for_again_with_the_reason(world: World) -> None:
    request_id = request_of(world)
    material_id = world.material(file_of(world, request_id), M.PATHOLOGY_REPORT)
    with world.desk.database.write_session() as session:
        row = session.get_one(Material, material_id)
        row.state, row.deficiency = MaterialState.DEFICIENT, "缺第二页"
        session.commit()
    assert "（已收到的一份有误：缺第二页，请重新提供）" in message(world, request_id, Address.SURNAME)


def test_what_was_asked_for_stands_in_the_feed_with_the_channel(world: World) -> None:
    request_id = request_of(world)
    world.run(RecordMaterialRequest, request_id=request_id, asked=("门诊病历", "病理报告"), channel=Channel.WECOM)
    view = load_file_view(world.desk, file_of(world, request_id))
    assert view is not None
    line = view.feed[0]
    assert (line.title, line.detail, line.category) == (
        "请客户补充材料",
        "门诊病历、病理报告 · 企业微信",
        EntryCategory.MATERIAL,
    )
    assert line.request_id == request_id
    with pytest.raises(RuleViolation) as refused:
        world.run(RecordMaterialRequest, request_id=request_id, asked=(" ",), channel=Channel.WECOM)
    assert refused.value.code is ErrorCode.FIELD_REQUIRED


def test_every_kind_and_group_of_the_words_is_known() -> None:
    content = tomllib.loads(resource_path("checklists", "2024-11.toml").read_text(encoding="utf-8"))
    assert set(content["group"]) <= set(load_disease_list().groups)
    for words in (content["common"], *content["group"].values()):
        assert {M(kind) for kind in words} <= set(M)
    assert {M(kind) for kind in content["common"]} >= set(ILLNESS_DOCUMENTS)
