"""The page of one file on a real window: opening, revealing, refreshing, read-only, dialogs."""

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from sqlalchemy import func, select

from lian_desk.models.tables.workspace.audit import AuditEntry
from lian_desk.models.vocabulary import FactSource, HistoryKind, Knownness, Role, ServiceKind, TerminationReason
from lian_desk.services.assistance_files.assistance_files import AddHistory, AddNote, HistoryInput
from lian_desk.services.assistance_files.views import load_file_view
from lian_desk.services.desk.desk import Desk
from lian_desk.services.policies.policies import TerminatePolicy
from lian_desk.ui.assistance_files.header import REVEAL_SECONDS
from lian_desk.ui.assistance_files.page import FilePage, request_part
from lian_desk.ui.common.running.wishes import RequestPlace
from tests.desk_facts import titles
from tests.desk_world import World
from tests.window_fixture import Hands


def opened(hands: Hands, file_id: int, tab: str | None = None) -> FilePage:
    hands.shown.context.navigator.open_file(file_id, tab)
    hands.settle()
    page = hands.shown.window.current_page
    assert isinstance(page, FilePage)
    return page


def reveal_count(desk: Desk) -> int:
    with desk.read() as session:
        return session.scalar(select(func.count()).where(AuditEntry.kind == "RecordReveal")) or 0


@pytest.fixture
def file_id(world: World) -> int:
    return world.open_file()


def test_a_page_that_comes_back_on_another_day_is_read_anew(hands: Hands, world: World, file_id: int) -> None:
    page = opened(hands, file_id)
    first = page.view
    window = hands.shown.window
    window.show_page("hospitals")
    hands.settle()
    window.show_page("assistance_file")
    hands.settle()
    assert page.view is first
    window.show_page("hospitals")
    world.later(days=1)
    window.show_page("assistance_file")
    hands.settle()
    assert page.view is not first


def test_a_file_opens_masked_with_its_head_and_tabs(hands: Hands, file_id: int) -> None:
    page = opened(hands, file_id)
    assert page.view is not None
    assert not page.view.is_revealed
    assert page.header._name.text() == "王*兰"
    assert "*" in page.header._numbers.text()
    assert page.stack.currentIndex() == 0
    assert [page.tabs.tabText(place).split()[0] for place in range(page.tabs.count())] == [
        "就医全程",
        "材料",
        "预约",
        "随访",
        "病史与用药",
        "保单",
        "授权与留痕",
        "全文",
    ]
    assert page.tabs.tabBar().hasFocus()
    assert hands.shown.window.navigation._buttons["assistance_files"].isChecked()


def test_every_tab_is_built_when_it_is_looked_at(hands: Hands, file_id: int) -> None:
    page = opened(hands, file_id)
    assert page.foreign == {}
    for tab in ("materials", "bookings", "follow_ups"):
        page.show_tab(tab)
        hands.settle()
        assert page.foreign[tab].isVisible()
    other = page.foreign["materials"]
    opened(hands, file_id, "materials")
    assert page.foreign["materials"] is other


def test_revealing_is_audited_and_hides_itself_again(hands: Hands, file_id: int, desk: Desk) -> None:
    page = opened(hands, file_id)
    page.header.reveal.click()
    hands.settle()
    assert reveal_count(desk) == 1
    assert page.header._name.text() == "王淑兰"
    assert page.header._timer.isActive()
    assert page.header._timer.interval() == REVEAL_SECONDS * 1000
    remaining = page.header._timer.remainingTime()
    page.reload()
    hands.settle()
    assert page.header._timer.remainingTime() <= remaining
    page.header._timer.timeout.emit()
    hands.settle()
    assert page.header._name.text() == "王*兰"
    assert not page.header._timer.isActive()


def test_clear_data_does_not_wait_behind_another_page(hands: Hands, file_id: int) -> None:
    page = opened(hands, file_id)
    page.header.reveal.click()
    hands.settle()
    hands.shown.window.show_page("assistance_files")
    hands.settle()
    assert page.header._name.text() == "王*兰"
    assert opened(hands, file_id).header._name.text() == "王*兰"


def test_a_reveal_does_not_follow_to_another_file(hands: Hands, world: World, file_id: int) -> None:
    other_id = world.open_file(date(1980, 2, 2))
    page = opened(hands, file_id)
    page.header.reveal.click()
    opened(hands, other_id)
    assert page.view is not None
    assert page.view.file_id == other_id
    assert page.header._name.text() == "王*兰"


def test_an_unknown_file_says_so_and_leads_back(hands: Hands) -> None:
    page = opened(hands, 42)
    assert page.state.title == "没有这份档案"
    assert not page.buttons["new_request"].isEnabled()
    page.state.button.click()
    hands.settle()
    current = hands.shown.window.current_page
    assert current is not None
    assert current.page_id == "assistance_files"


def test_a_terminated_file_is_read_only_and_says_why(hands: Hands, world: World, file_id: int) -> None:
    world.run(
        TerminatePolicy,
        policy_id=world.policy(file_id),
        from_on=date(2026, 9, 28),
        reason=TerminationReason.SURRENDER,
        source=FactSource.INSURER_NOTICE,
    )
    page = opened(hands, file_id)
    assert page.band.isVisible()
    assert "四·3 服务终止" in page.band.text
    assert not page.buttons["new_request"].isEnabled()
    assert not page.buttons["add_note"].isEnabled()
    assert page.buttons["print_summary"].isEnabled()


def test_a_refresh_keeps_tab_feed_and_place(hands: Hands, world: World, file_id: int) -> None:
    for number in range(60):
        world.run(AddNote, assistance_file_id=file_id, title=f"记录 {number}", text="专案评估")
    page = opened(hands, file_id)
    QAbstractItemModelTester(page.journey.timeline.entries, QAbstractItemModelTester.FailureReportingMode.Fatal)
    bar = page.journey.timeline.verticalScrollBar()
    bar.setValue(400)
    before = page.journey.timeline.entries.rowCount()
    first = page.journey.timeline.indexAt(page.journey.timeline.rect().topLeft()).data()
    dialog = hands.start("add_note", file_id)
    hands.write(dialog.form.fields["title"], "电话沟通")
    hands.save(dialog)
    hands.no_dialog()
    assert page.journey.timeline.entries.rowCount() == before + 1
    assert page.journey.timeline.indexAt(page.journey.timeline.rect().topLeft()).data() == first
    page.show_tab("history")
    page.reload()
    hands.settle()
    assert page.tabs.currentIndex() == 4


def test_a_named_request_is_shown_and_stays_chosen(hands: Hands, world: World, file_id: int) -> None:
    world.material(file_id)
    first = world.open_request(file_id)
    world.later(minutes=1)
    second = world.open_request(file_id, ServiceKind.CASE_MANAGEMENT)
    page = opened(hands, file_id)
    assert page.journey.request_id == second
    hands.shown.context.navigator.start("show_request", RequestPlace(file_id, first))
    hands.settle()
    assert page.journey.request_id == first
    page.reload()
    hands.settle()
    assert page.journey.request_id == first
    assert request_part(first) == f"request:{first}"
    assert request_part(None) == "journey"


def test_the_feed_is_filtered_by_phase(hands: Hands, world: World, file_id: int) -> None:
    page = opened(hands, file_id)
    whole = page.journey.timeline.entries.rowCount()
    assert whole > 0
    page.journey.phases.set_value("post_visit_care")
    page.journey.phases.chosen.emit("post_visit_care")
    assert page.journey.timeline.entries.rowCount() == 0
    page.journey.phases.set_value(None)
    page.journey.phases.chosen.emit(None)
    assert page.journey.timeline.entries.rowCount() == whole


def test_print_and_new_request_mean_this_file(hands: Hands, file_id: int) -> None:
    page = opened(hands, file_id)
    hands.shown.context.navigator.action_requested.disconnect()
    wishes: list[tuple[str, object]] = []
    hands.shown.context.navigator.action_requested.connect(lambda action, subject: wishes.append((action, subject)))
    assert page.handle_action("print")
    assert page.handle_action("export")
    assert page.handle_action("new_request")
    assert not page.handle_action("quit")
    page.buttons["add_note"].click()
    assert wishes == [
        ("print_summary", file_id),
        ("export_record", file_id),
        ("new_request", file_id),
        ("add_note", file_id),
    ]


def test_disease_history_phone_and_authorization_are_written(hands: Hands, desk: Desk, file_id: int) -> None:
    opened(hands, file_id)
    dialog = hands.start("add_disease", file_id)
    hands.write(dialog.form.fields["disease_code"], "较重急性心肌梗死（重症）")
    hands.choose(dialog.form.fields["certainty"], "确诊")
    hands.write(dialog.form.fields["disease_evidence"], "出院小结")
    hands.save(dialog)
    dialog = hands.start("add_history", file_id)
    hands.save(dialog)
    assert dialog.banner.text == "请至少回答一项，再保存。"
    hands.choose(dialog.form.fields["known_condition"], "有")
    hands.write(dialog.form.fields["history_condition"], "高血压 | | 8 年")
    hands.choose(dialog.form.fields["known_operation"], "无")
    hands.save(dialog)
    dialog = hands.start("change_phone", file_id)
    hands.write(dialog.form.fields["phone"], "138123")
    hands.save(dialog)
    assert "11 位" in dialog.form.fields["phone"].error
    hands.write(dialog.form.fields["phone"], "13900001111")
    hands.save(dialog)
    dialog = hands.start("record_authorization", file_id)
    hands.choose(dialog.form.fields["signer_kind"], "被保险人")
    hands.write(dialog.form.fields["signer_name"], "王淑兰")
    hands.choose(dialog.form.fields["evidence_form"], "签字文件")
    hands.write(dialog.form.fields["authorization_evidence"], "新授权书")
    hands.bot.keyClick(hands.go_to(dialog.form.fields["truth_declared"]), Qt.Key.Key_Space)
    hands.save(dialog)
    hands.no_dialog()
    view = load_file_view(desk, file_id, revealed=True)
    assert view is not None
    assert "较重急性心肌梗死" in {line.name for line in view.diseases}
    assert {(line.kind, line.knownness, line.since) for line in view.history} == {
        (HistoryKind.CONDITION, Knownness.KNOWN, "8 年"),
        (HistoryKind.OPERATION, Knownness.NONE, ""),
    }
    assert view.phone == "13900001111"
    assert not view.authorizations[0].is_verified
    dialog = hands.start("verify_authorization", view.authorizations[0].authorization_id)
    hands.save(dialog)
    assert dialog.form.fields["seen"].error
    hands.bot.keyClick(hands.go_to(dialog.form.fields["seen"]), Qt.Key.Key_Space)
    hands.save(dialog)
    dialog = hands.start("withdraw_authorization", view.authorizations[0].authorization_id)
    hands.write(dialog.form.fields["reason"], "本人要求撤回")
    hands.save(dialog)
    hands.no_dialog()
    view = load_file_view(desk, file_id)
    assert view is not None
    assert view.authorizations[0].is_verified
    assert view.authorizations[0].is_withdrawn


def test_r1_former_names_are_written_down_shown_masked_and_refused_at_their_place(
    hands: Hands, desk: Desk, file_id: int
) -> None:
    opened(hands, file_id)
    dialog = hands.start("change_former_names", file_id)
    hands.write(dialog.form.fields["former_names"], "王招娣、王淑兰")
    hands.write(dialog.form.fields["basis"], "户口簿")
    hands.save(dialog)
    assert "以前用过的姓名" in dialog.form.fields["former_names"].error
    hands.write(dialog.form.fields["former_names"], "王招娣，王盼弟")
    hands.save(dialog)
    hands.no_dialog()
    view = load_file_view(desk, file_id)
    assert view is not None
    assert view.former_names == ("王*娣", "王*弟")


def test_a_guardian_is_recorded(hands: Hands, desk: Desk, world: World) -> None:
    child_id = world.open_file(date(2015, 5, 5))
    page = opened(hands, child_id, "policy")
    dialog = hands.start("record_guardian", child_id)
    hands.choose(dialog.form.fields["relation"], "其他监护人")
    hands.write(dialog.form.fields["guardian_name"], "赵明")
    hands.write(dialog.form.fields["guardian_phone"], "13900002222")
    hands.write(dialog.form.fields["guardian_identity_number"], "320102198005067010")
    hands.write(dialog.form.fields["guardian_proof"], "判决书已核对")
    hands.save(dialog)
    error = dialog.form.fields["guardian_identity_number"].error
    assert "校验不通过" in error
    assert page.view is not None
    assert page.view.guardian is not None
    assert page.view.guardian.name == "王*国"


def test_history_of_another_desk_is_not_lost(hands: Hands, world: World, file_id: int) -> None:
    page = opened(hands, file_id, "history")
    world.run(
        AddHistory, assistance_file_id=file_id, items=(HistoryInput(HistoryKind.ALLERGY, Knownness.KNOWN, "青霉素"),)
    )
    page.reload()
    hands.settle()
    assert "过敏：青霉素" in page.header._disease.text()


def test_only_a_lead_can_give_a_file_away(hands: Hands, file_id: int, desk: Desk) -> None:
    assert desk.operator.role is Role.CASE_MANAGER
    page = opened(hands, file_id)
    assert "reassign_file" not in page.buttons
    dialog = hands.start("reassign_file", file_id)
    hands.write(dialog.form.fields["case_manager"], "林岚（主管）")
    hands.write(dialog.form.fields["reason"], "休假")
    hands.save(dialog)
    assert "没有这项权限" in dialog.banner.text


def test_the_trail_names_what_was_done(hands: Hands, world: World, file_id: int) -> None:
    world.run(AddNote, assistance_file_id=file_id, title="专案评估", text="")
    page = opened(hands, file_id, "trail")
    log = page.trail.log.entries
    QAbstractItemModelTester(log, QAbstractItemModelTester.FailureReportingMode.Fatal)
    words = [str(log.index(place).data()) for place in range(log.rowCount())]
    assert "写入档案记录" in words[0]
    assert "建立档案" in words[1]


def test_disclosures_and_complaints_are_written_down(hands: Hands, world: World, desk: Desk, file_id: int) -> None:
    dialog = hands.start("record_disclosure", file_id)
    hands.write(dialog.form.fields["recipient"], "复旦大学附属中山医院")
    hands.write(dialog.form.fields["field_names"], "姓名、联系电话")
    hands.write(dialog.form.fields["purpose"], "预约门诊")
    hands.save(dialog)
    hands.no_dialog()
    dialog = hands.start("record_complaint", file_id)
    hands.write(dialog.form.fields["text"], "等候过久")
    hands.choose(dialog.form.fields["target"], "关于医疗机构或医生")
    hands.save(dialog)
    hands.no_dialog()
    assert titles(desk, file_id)[-2:] == ["向复旦大学附属中山医院提供信息", "客户投诉（关于医疗机构或医生）"]


def test_no_dot_of_a_balance_is_cut_off_in_the_least_window(hands: Hands, file_id: int) -> None:
    page = opened(hands, file_id)
    hands.shown.window.resize(hands.shown.window.minimumSizeHint())
    hands.settle()
    assert [dots.width() >= dots.sizeHint().width() for dots in page.header._dots.values()] == [True] * 4
