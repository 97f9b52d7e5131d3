"""新建档案 by keyboard, and everything that can go wrong on the way."""

from datetime import date

import pytest
from sqlalchemy import func, select

from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.models.vocabulary import Certainty, Channel, Knownness, ServiceKind
from lian_desk.services.assistance_files.views import load_file_view
from lian_desk.services.desk.desk import Desk
from lian_desk.services.names.masking import mask_name
from lian_desk.services.service_requests.applications import RecordApplication, load_application
from lian_desk.ui.assistance_files.open_file_dialog import OpenFileDialog
from tests.desk_world import World, identity_number
from tests.window_fixture import Hands

NAME = "周雅宁"
NUMBER = identity_number(date(1974, 1, 1), 802)
CHILD = identity_number(date(2018, 6, 1), 803)


def file_count(desk: Desk) -> int:
    with desk.read() as session:
        return session.scalar(select(func.count()).select_from(AssistanceFile)) or 0


def fill_required(hands: Hands, dialog: OpenFileDialog, *, name: str = NAME, number: str = NUMBER) -> None:
    fields = dialog.form.fields
    hands.write(fields["name"], name)
    hands.write(fields["phone"], "13812346620")
    hands.write(fields["identity_number"], number)
    hands.write(fields["policy_number"], "LA2024009001")
    hands.write(fields["effective_on"], "20240301")
    hands.write(fields["policyholder_name"], name)


def test_a_whole_file_is_opened_by_keyboard_and_comes_to_the_front(hands: Hands, desk: Desk) -> None:
    dialog = hands.start("new_file")
    fields = dialog.form.fields
    fill_required(hands, dialog)
    assert dialog._person_note.text() == "女 · 1974-01-01 · 52 岁"
    assert dialog._policy_note.text().startswith("第 3 / 10 保单年度 · 服务期限剩 ")
    assert dialog.rail.state_of("被保险人") == "" == dialog.rail.state_of("保单")
    assert dialog.rail.state_of("疾病") == "待补"
    hands.write(fields["disease_code"], "较重急性心肌梗死（重症）")
    hands.choose(fields["certainty"], "疑似")
    hands.write(fields["noted_on"], "2026-09-20")
    hands.write(fields["disease_evidence"], "门诊病历")
    hands.choose(fields["known_medication"], "有")
    hands.write(fields["history_medication"], "阿司匹林 | 100mg 每日一次 | 2020 年")
    hands.choose(fields["known_allergy"], "不愿提供")
    hands.choose(fields["signer_kind"], "被保险人")
    assert fields["signer_name"].raw() == NAME
    hands.choose(fields["evidence_form"], "消息截图")
    hands.write(fields["authorization_evidence"], "企业微信截图")
    for name in ("truth_declared", "is_verified"):
        hands.bot.keyClick(hands.go_to(fields[name]), " ")
    assert dialog.rail.state_of("信息授权") == ""
    hands.save(dialog)
    hands.no_dialog()
    page = hands.shown.window.current_page
    assert page is not None
    assert page.page_id == "assistance_file"
    view = page.view
    assert view is not None
    clear = load_file_view(desk, view.file_id, revealed=True)
    assert clear is not None
    assert (clear.insured_name, clear.identity_number, clear.phone) == (NAME, NUMBER, "13812346620")
    assert [(line.name, line.certainty) for line in clear.diseases] == [("较重急性心肌梗死", Certainty.SUSPECTED)]
    statements = {(line.kind.value, line.knownness, line.text, line.dosage, line.since) for line in clear.history}
    assert statements == {
        ("medication", Knownness.KNOWN, "阿司匹林", "100mg 每日一次", "2020 年"),
        ("allergy", Knownness.DECLINED, "", "", ""),
    }
    assert clear.authorization is not None
    assert clear.authorization.truth_declared
    assert desk.drafts.load("open_file") is None


def test_a_wrong_digit_is_told_at_once_and_keeps_everything_typed(hands: Hands, desk: Desk) -> None:
    dialog = hands.start("new_file")
    wrong = NUMBER[:-1] + ("1" if NUMBER[-1] != "1" else "2")
    fill_required(hands, dialog, number=wrong)
    field = dialog.form.fields["identity_number"]
    assert field.error == "身份证号校验不通过，可能有一位写错；请对照证件核对。"
    assert dialog.rail.state_of("被保险人") == "需更正"
    before = dialog.form.raw_values()
    hands.save(dialog)
    assert dialog.isVisible()
    assert field.error == "身份证号校验不通过，可能有一位写错；请对照证件核对。"
    assert dialog.form.raw_values() == before
    assert dialog.form.isEnabled()
    assert file_count(desk) == 0
    hands.write(field, NUMBER)
    assert field.error == ""
    assert dialog.rail.state_of("被保险人") == ""


def test_a_known_person_is_refused_masked_and_can_be_opened(hands: Hands, world: World, desk: Desk) -> None:
    file_id = world.open_file()
    known = load_file_view(desk, file_id, revealed=True)
    assert known is not None
    dialog = hands.start("new_file")
    fill_required(hands, dialog, name=known.insured_name, number=known.identity_number)
    hands.save(dialog)
    error = dialog.form.fields["identity_number"].error
    assert known.number in error
    assert known.identity_number not in error
    assert known.insured_name not in error
    assert dialog.twin.isVisible()
    dialog.twin.click()
    hands.no_dialog()
    page = hands.shown.window.current_page
    assert page is not None
    assert page.view is not None
    assert page.view.file_id == file_id
    again = hands.start("new_file")
    assert again.form.fields["name"].raw() == known.insured_name


def test_another_policy_of_a_known_person_gets_a_file_of_its_own(hands: Hands, world: World, desk: Desk) -> None:
    file_id = world.open_file()
    known = load_file_view(desk, file_id, revealed=True)
    assert known is not None
    dialog = hands.start("new_file")
    fill_required(hands, dialog, name="林深时", number=known.identity_number)
    hands.save(dialog)
    assert dialog.further.isVisible()
    dialog.further.click()
    hands.settle()
    assert "不一致" in dialog.form.fields["name"].error
    hands.write(dialog.form.fields["name"], known.insured_name)
    hands.save(dialog)
    dialog.further.click()
    hands.no_dialog()
    page = hands.shown.window.current_page
    assert page is not None
    assert page.view is not None
    assert page.view.file_id != file_id
    assert page.view.insured_name == mask_name(known.insured_name)
    assert file_count(desk) == 2


def test_a_known_policy_is_refused_beneath_its_number(hands: Hands, world: World, desk: Desk) -> None:
    world.open_file()
    dialog = hands.start("new_file")
    fill_required(hands, dialog)
    hands.write(dialog.form.fields["policy_number"], "JLB202403000001")
    hands.save(dialog)
    assert "已有登记" in dialog.form.fields["policy_number"].error
    assert dialog.twin.isVisible()
    assert file_count(desk) == 1


def test_a_minor_asks_for_the_guardian_and_is_not_opened_without(hands: Hands, desk: Desk) -> None:
    dialog = hands.start("new_file")
    fields = dialog.form.fields
    assert fields["guardian_name"].isHidden()
    fill_required(hands, dialog, number=CHILD)
    assert "未成年" in dialog._person_note.text()
    assert fields["guardian_name"].isVisible()
    hands.save(dialog)
    assert file_count(desk) == 0
    assert fields["relation"].error
    hands.choose(fields["relation"], "母亲")
    hands.write(fields["guardian_name"], "周敏")
    hands.write(fields["guardian_phone"], "13900000001")
    hands.write(fields["guardian_identity_number"], identity_number(date(1985, 2, 3), 804))
    hands.write(fields["guardian_proof"], "户口簿已核对")
    hands.save(dialog)
    hands.no_dialog()
    assert file_count(desk) == 1


@pytest.mark.parametrize(
    ("name", "telling"),
    [
        ("周雅宁😀", "姓名第 4 个字符是表情"),
        ("周\ue000雅宁", "看不见的控制字符"),
        ("周" * 201, "最多 200 个字"),
    ],
)
def test_a_strange_name_is_told_beneath_the_field(hands: Hands, desk: Desk, name: str, telling: str) -> None:
    dialog = hands.start("new_file")
    fill_required(hands, dialog)
    dialog.form.fields["name"].set_value(name)
    hands.save(dialog)
    assert telling in dialog.form.fields["name"].error
    assert dialog.form.fields["name"].raw() == name
    assert file_count(desk) == 0


def test_a_foreigners_card_is_a_kind_of_document(hands: Hands, desk: Desk) -> None:
    dialog = hands.start("new_file")
    fill_required(hands, dialog, name="ＭＡＲＩＡ　Chen", number="911124 19810803 0024")
    fields = dialog.form.fields
    assert fields["identity_number"].error == (
        "这是外国人永久居留身份证的号码；请把证件类型改为“外国人永久居留身份证”。"
    )
    hands.choose(fields["identity_document"], "外国人永久居留身份证")
    assert fields["identity_number"].error == ""
    assert fields["sex"].isHidden()
    assert "1981-08-03" in dialog._person_note.text()
    hands.write(fields["identity_number"], "CAN110081080310")
    assert fields["sex"].isVisible()
    hands.write(fields["identity_number"], "911124198108030024")
    hands.save(dialog)
    hands.no_dialog()
    page = hands.shown.window.current_page
    assert page is not None
    assert page.view is not None
    clear = load_file_view(desk, page.view.file_id, revealed=True)
    assert clear is not None
    assert (clear.insured_name, clear.identity_number) == ("MARIA Chen", "911124198108030024")


def test_what_was_pasted_with_marks_nobody_sees_is_taken(hands: Hands, desk: Desk) -> None:
    dialog = hands.start("new_file")
    fill_required(hands, dialog, name="王　芳", number=f"\u202d{NUMBER[:6]} {NUMBER[6:14]} {NUMBER[14:]}\u202c")
    assert dialog.form.fields["identity_number"].error == ""
    hands.write(dialog.form.fields["phone"], "\u202d+86 138\u00a01234\u20116620\u202c")
    hands.write(dialog.form.fields["policy_number"], "\u200bJLB２０２４ 0300 0009")
    hands.save(dialog)
    hands.no_dialog()
    page = hands.shown.window.current_page
    assert page is not None
    assert page.view is not None
    clear = load_file_view(desk, page.view.file_id, revealed=True)
    assert clear is not None
    assert (clear.insured_name, clear.identity_number, clear.phone) == ("王芳", NUMBER, "13812346620")
    assert clear.policy_number == "JLB202403000009"


def test_a_name_of_200_characters_is_taken(hands: Hands, desk: Desk) -> None:
    dialog = hands.start("new_file")
    fill_required(hands, dialog, name="周" * 200)
    hands.save(dialog)
    hands.no_dialog()
    assert file_count(desk) == 1


def test_the_draft_survives(hands: Hands, desk: Desk) -> None:
    dialog = hands.start("new_file")
    hands.write(dialog.form.fields["name"], NAME)
    hands.write(dialog.form.fields["identity_number"], CHILD[:10])
    hands.choose(dialog.form.fields["known_condition"], "有")
    hands.write(dialog.form.fields["history_condition"], "高血压")
    dialog.suspend()
    hands.no_dialog()
    again = hands.start("new_file")
    assert again is not dialog
    assert again.form.fields["name"].raw() == NAME
    assert again.form.fields["identity_number"].raw() == CHILD[:10]
    assert again.form.fields["history_condition"].raw() == "高血压"
    assert again.form.fields["history_condition"].isVisible()
    assert "已恢复" in again.banner.text
    assert file_count(desk) == 0


def test_a_part_that_was_begun_must_be_whole_or_empty(hands: Hands, desk: Desk) -> None:
    dialog = hands.start("new_file")
    fields = dialog.form.fields
    fill_required(hands, dialog)
    hands.write(fields["authorization_evidence"], "企业微信截图")
    hands.save(dialog)
    assert fields["signer_kind"].error.startswith("已开始填写这一部分")
    assert file_count(desk) == 0
    hands.choose(fields["signer_kind"], "代办人")
    hands.choose(fields["signer_kind"], "代办人")
    assert fields["signer_kind"].raw() is None
    hands.write(fields["authorization_evidence"], " ")
    fields["authorization_evidence"].set_value("")
    hands.save(dialog)
    hands.no_dialog()
    assert file_count(desk) == 1


def test_a_minor_cannot_sign_the_authorization(hands: Hands, desk: Desk) -> None:
    dialog = hands.start("new_file")
    fields = dialog.form.fields
    fill_required(hands, dialog, number=CHILD)
    hands.choose(fields["relation"], "母亲")
    hands.write(fields["guardian_name"], "周敏")
    hands.write(fields["guardian_phone"], "13900000001")
    hands.write(fields["guardian_identity_number"], identity_number(date(1985, 2, 3), 804))
    hands.write(fields["guardian_proof"], "户口簿已核对")
    hands.choose(fields["signer_kind"], "被保险人")
    hands.choose(fields["evidence_form"], "签字文件")
    hands.write(fields["authorization_evidence"], "授权书")
    hands.save(dialog)
    assert "监护人" in fields["signer_kind"].error
    assert file_count(desk) == 0


def test_an_application_fills_in_what_it_knows_and_is_settled(hands: Hands, world: World, desk: Desk) -> None:
    application_id = world.run(
        RecordApplication,
        channel=Channel.WECOM,
        received_at=world.clock.moment,
        contact_name=NAME,
        contact_handle="13812346620",
        need_text="希望本周看心内科",
        service_kind=ServiceKind.OUTPATIENT_COORDINATION,
    )
    dialog = hands.start("open_file_for_application", application_id)
    fields = dialog.form.fields
    assert (fields["name"].raw(), fields["phone"].raw()) == (NAME, "13812346620")
    fill_required(hands, dialog)
    hands.save(dialog)
    hands.no_dialog()
    assert load_application(desk, application_id).assistance_file_id is not None


def test_a_passport_asks_for_sex_and_birth_date(hands: Hands, desk: Desk) -> None:
    dialog = hands.start("new_file")
    fields = dialog.form.fields
    fill_required(hands, dialog)
    hands.choose(fields["identity_document"], "护照")
    hands.write(fields["identity_number"], "E12345678")
    assert fields["born_on"].isVisible()
    hands.save(dialog)
    assert fields["sex"].error
    hands.choose(fields["sex"], "女")
    hands.write(fields["born_on"], "1990-02-30")
    hands.save(dialog)
    assert "没有 30 日" in fields["born_on"].error
    hands.write(fields["born_on"], "1990-02-28")
    hands.save(dialog)
    hands.no_dialog()
    assert file_count(desk) == 1


def test_the_rail_scrolls_to_a_part(hands: Hands) -> None:
    dialog = hands.start("new_file")
    assert dialog.area.verticalScrollBar().value() == 0
    dialog.rail.buttons["信息授权"].click()
    assert dialog.area.verticalScrollBar().value() > 0
