"""The page, the dialogs and the panel on a real desk, with the widgets a user touches."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from lian_desk.models.tables.requests.follow_up import EducationNote, FollowUp, Reminder
from lian_desk.models.tables.workspace.audit import AuditEntry
from lian_desk.models.vocabulary import Channel, FollowUpKind, FollowUpOutcome, PhraseField, ServiceKind
from lian_desk.services.follow_ups.briefing import load_briefing, load_reminders
from lian_desk.services.follow_ups.care_notes import PlanReminder, ReminderWanted
from lian_desk.services.follow_ups.follow_ups import PlanFollowUp, RecordFollowUp
from lian_desk.services.follow_ups.phrases import shipped_phrases
from lian_desk.services.listings.follow_ups import FollowUpRow
from lian_desk.services.reference_data.education_texts import EducationPhase, load_education_texts
from lian_desk.services.service_requests.emergencies import load_open_emergency
from lian_desk.ui.application import dress
from lian_desk.ui.common.running.change_bus import ChangeBus
from lian_desk.ui.common.running.context import Navigator, UiContext
from lian_desk.ui.common.running.task_runner import TaskRunner
from lian_desk.ui.follow_ups.care_dialogs import (
    CancelReminderDialog,
    EducationDialog,
    PlanFollowUpDialog,
    PlanReminderDialog,
    SendReminderDialog,
)
from lian_desk.ui.follow_ups.care_plan_dialog import CarePlanDialog
from lian_desk.ui.follow_ups.emergency_dialog import EmergencyDialog
from lian_desk.ui.follow_ups.file_panel import FollowUpPanel
from lian_desk.ui.follow_ups.page import FollowUpPage
from lian_desk.ui.follow_ups.phrase_popup import PhrasePopup
from lian_desk.ui.follow_ups.phrases_dialog import PhraseDialog, PhrasesDialog
from lian_desk.ui.follow_ups.record_dialog import RecordFollowUpDialog
from lian_desk.ui.follow_ups.schedule_dialogs import close_dialog, move_dialog
from tests.integration.follow_ups.conftest import PHONE, Case, at


def type_words(widget: QWidget, words: str) -> None:
    event = QInputMethodEvent()
    event.setCommitString(words)
    QApplication.sendEvent(widget, event)


@pytest.fixture
def context(case: Case, qapp: QApplication) -> Iterator[UiContext]:
    runner = TaskRunner()
    yield UiContext(case.desk, runner, ChangeBus(), Navigator(), dress(qapp))
    runner.wait_idle()
    runner.shut_down()


@pytest.fixture
def planned(case: Case) -> int:
    return plan(case, date(2026, 11, 23), "就诊后第 1 个工作日")


def plan(case: Case, day: date, label: str) -> int:
    key = case.desk.execute(
        PlanFollowUp(
            command_id=case.desk.new_id(),
            assistance_file_id=case.file_id,
            kind=FollowUpKind.AFTER_VISIT,
            due_on=day,
            label=label,
            service_request_id=case.request_id,
        )
    ).key
    assert key is not None
    return key


def dialog_on(context: UiContext, qtbot: QtBot, follow_up_id: int) -> RecordFollowUpDialog:
    dialog = RecordFollowUpDialog(context, load_briefing(context.desk, follow_up_id))
    qtbot.addWidget(dialog, before_close_func=lambda shown: shown.suspend())
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    with qtbot.waitExposed(dialog):
        dialog.show()
    dialog.activateWindow()
    return dialog


def rows(case: Case, kind: Any) -> list[Any]:
    with case.desk.read() as session:
        return list(session.scalars(select(kind).order_by(kind.id)))


def test_the_page_shows_what_is_due_and_starts_it(
    case: Case, context: UiContext, planned: int, qtbot: QtBot, qtmodeltester: Any
) -> None:
    plan(case, date(2026, 11, 30), "就诊后第 7 天")
    counters: list[tuple[str, int, str]] = []
    context.navigator.counter_changed.connect(lambda *told: counters.append(told))
    page = FollowUpPage(context)
    qtbot.addWidget(page)
    page.show()
    page.activate()
    context.runner.wait_idle()
    model = page.list.model
    assert isinstance(model, QAbstractItemModel)
    assert model.row_count == 2
    assert model.index(0, 1).data() == "王*兰"
    assert model.index(0, 7).data() == "开始随访"
    assert counters == [("follow_ups", 1, "neutral")]
    assert page.list.chips["standing"].value is None
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    page.list.set_filter("standing", "coming")
    context.runner.wait_idle()
    assert model.row_count == 1
    tester.deleteLater()
    qtmodeltester.check(model)
    page.list.set_filter("standing", "today")
    context.runner.wait_idle()
    row = model.row_data(0)
    page.start_follow_up(row)  # type: ignore[arg-type]
    context.runner.wait_idle()
    opened = page.window().findChildren(RecordFollowUpDialog)
    assert [dialog.windowTitle() for dialog in opened] == ["随访 · 就诊后第 1 个工作日"]
    opened[0].suspend()


def test_the_page_exports_the_record_of_the_current_row(
    case: Case, context: UiContext, planned: int, qtbot: QtBot
) -> None:
    wishes: list[tuple[str, object]] = []
    context.navigator.action_requested.connect(lambda *wish: wishes.append(wish))
    page = FollowUpPage(context)
    qtbot.addWidget(page)
    page.show()
    context.runner.wait_idle()
    assert not page.record.isEnabled()
    assert not page.handle_action("print")
    page.list.table.selectRow(0)
    assert page.record.isEnabled()
    page.record.click()
    assert page.handle_action("export")
    assert wishes == [("export_record", case.file_id)] * 2


def test_a_contact_is_recorded_from_the_keyboard(case: Case, context: UiContext, planned: int, qtbot: QtBot) -> None:
    dialog = dialog_on(context, qtbot, planned)
    type_words(dialog.field("condition_text").text, "自述症状平稳")
    type_words(dialog.field("medication_text").text, "继续服用原处方药")
    qtbot.keyClicks(dialog.field("duration_minutes").line, "12")
    text = load_education_texts()[1]
    dialog.field("education_topic").combo.setEditText(text.topic)
    assert dialog.field("education_body").raw() == text.body
    qtbot.keyClicks(dialog.field("next_on").line, "20261201")
    qtbot.keyClicks(dialog.field("reminder_due_at").line, "2026-11-30 0900")
    type_words(dialog.field("reminder_text").line, "携带病历")
    assert {name: field.error for name, field in dialog.form.fields.items() if field.error} == {}
    with qtbot.waitSignal(dialog.saved, timeout=5000):
        qtbot.keyClick(dialog.field("condition_text").text, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    done, following = rows(case, FollowUp)
    assert (done.condition_text, done.medication_text) == ("自述症状平稳", "继续服用原处方药")
    assert (done.duration_minutes, done.next_on, done.done_at) == (12, date(2026, 12, 1), case.clock.now())
    assert following.due_on == date(2026, 12, 1)
    assert rows(case, EducationNote)[0].text_version == text.version
    assert rows(case, Reminder)[0].due_at == at(30, 9)
    context.runner.wait_idle()
    assert case.desk.drafts.load(f"follow_up:{planned}") is None


def test_nobody_reached_needs_no_words(case: Case, context: UiContext, planned: int, qtbot: QtBot) -> None:
    dialog = dialog_on(context, qtbot, planned)
    dialog.field("outcome").chips._click(FollowUpOutcome.NO_ANSWER.value)
    assert dialog.field("condition_text").isHidden()
    with qtbot.waitSignal(dialog.saved, timeout=5000):
        dialog.primary.click()
    first, second = rows(case, FollowUp)
    assert (first.outcome, first.condition_text, second.due_on) == (FollowUpOutcome.NO_ANSWER, "", date(2026, 11, 24))


@pytest.mark.parametrize(
    ("filled", "wrong", "words"),
    [
        ({}, "condition_text", "请填写这一项。"),
        ({"condition_text": "平稳", "duration_minutes": "十二"}, "duration_minutes", "请填写整数分钟"),
        ({"condition_text": "平稳", "education_body": "x"}, "education_topic", "主题"),
        ({"condition_text": "平稳", "reminder_text": "x"}, "reminder_due_at", "提醒时间"),
        ({"condition_text": "平稳", "reminder_due_at": "2026-12-01 09:00"}, "reminder_text", "提醒的内容"),
        ({"condition_text": "平稳", "done_at": "2026-13-01 09:00"}, "done_at", "没有 13 月"),
        ({"condition_text": "平稳", "done_at": "2026-12-01 09:00"}, "done_at", "时间晚于现在"),
        ({"condition_text": "平稳", "next_on": "2026-11-01"}, "next_on", "时间先后不对"),
    ],
)
def test_wrong_input_says_so_beside_the_field_and_loses_nothing(
    case: Case, context: UiContext, planned: int, qtbot: QtBot, filled: dict[str, str], wrong: str, words: str
) -> None:
    dialog = dialog_on(context, qtbot, planned)
    dialog.form.set_raw_values(filled)
    dialog.primary.click()
    context.runner.wait_idle()
    assert words in dialog.field(wrong).error
    assert all(dialog.field(name).raw() == value for name, value in filled.items())
    assert not dialog.is_busy
    assert [row.closed_at for row in rows(case, FollowUp)] == [None]


def test_a_draft_survives_and_comes_back(case: Case, context: UiContext, planned: int, qtbot: QtBot) -> None:
    dialog = dialog_on(context, qtbot, planned)
    dialog.field("outcome").chips._click(FollowUpOutcome.CALL_LATER.value)
    type_words(dialog.field("note").text, "下午再打")
    dialog.suspend()
    context.runner.wait_idle()
    again = dialog_on(context, qtbot, planned)
    assert again.field("note").raw() == "下午再打"
    assert again.field("condition_text").isHidden()
    assert "已恢复" in again.banner.text


def test_red_flag_words_offer_the_script_and_it_is_logged(context: UiContext, planned: int, qtbot: QtBot) -> None:
    dialog = dialog_on(context, qtbot, planned)
    assert dialog.hints.isHidden()
    type_words(dialog.field("condition_text").text, "自述胸痛，问能否理赔")
    assert "胸痛" in dialog.hints.emergency.text
    assert "手册 三-4" in dialog.hints.emergency.text
    assert "手册 三-2" in dialog.hints.wording.text
    dialog.hints.script.click()
    script = dialog.findChild(EmergencyDialog)
    assert script.script.text == context.desk.pack.texts.emergency_script
    type_words(script.said, "已拨打 120")
    script.done_button.click()
    context.runner.wait_idle()
    emergency = load_open_emergency(context.desk, dialog._briefing.file_id)
    assert emergency is not None, "read out inside the form it is recorded at once, whatever becomes of the form"
    assert emergency.said == "已拨打 120"
    assert dialog.field("note").raw() == "10:00 已宣读急救提示（手册 三-4）。已拨打 120"
    assert dialog.hints.emergency_row.isHidden()
    assert "手册 三-2" in dialog.hints.wording.text


def test_a_text_of_the_library_raises_no_alarm(context: UiContext, planned: int, qtbot: QtBot) -> None:
    dialog = dialog_on(context, qtbot, planned)
    dialog.field("education_topic").combo.setEditText("紧急情况应对")
    assert "胸痛" in dialog.field("education_body").raw()
    assert dialog.hints.isHidden()


def test_the_number_is_shown_on_request_and_the_look_is_audited(
    case: Case, context: UiContext, planned: int, qtbot: QtBot
) -> None:
    dialog = dialog_on(context, qtbot, planned)
    assert dialog.panel.phone.text() == "138****6620"
    dialog.panel.reveal.click()
    qtbot.waitUntil(lambda: dialog.panel.phone.text() == PHONE)
    assert rows(case, AuditEntry)[-1].kind == "RecordReveal"


def test_plan_education_and_reminders_from_the_file(case: Case, context: UiContext, qtbot: QtBot) -> None:
    panel = FollowUpPanel(context, case.file_id)
    qtbot.addWidget(panel)
    panel.show()
    context.runner.wait_idle()
    made = [
        (PlanFollowUpDialog, {"due_on": "2026-11-30", "label": "复查前联系"}),
        (EducationDialog, {"education_topic": "低盐饮食", "education_body": "每日食盐不超过 5 克"}),
        (PlanReminderDialog, {"reminder_due_at": "2026-11-29 09:00", "reminder_text": "空腹"}),
    ]
    for kind, values in made:
        dialog = kind(context, case.file_id, panel)
        dialog.form.set_raw_values(values)
        with qtbot.waitSignal(dialog.saved, timeout=5000):
            dialog.primary.click()
    context.runner.wait_idle()
    assert panel.list.model.row_count == 1
    assert panel.list.model.index(0, 2).data() == "复查前联系"
    assert [note.topic for note in rows(case, EducationNote)] == ["低盐饮食"]
    (line,) = load_reminders(case.desk, case.file_id)
    sent = SendReminderDialog(context, line, panel)
    with qtbot.waitSignal(sent.saved, timeout=5000):
        sent.primary.click()
    (line,) = load_reminders(case.desk, case.file_id)
    assert line.sent_at == case.clock.now()


def test_a_reminder_is_given_up_with_a_reason(case: Case, context: UiContext, qtbot: QtBot) -> None:
    case.desk.execute(
        PlanReminder(
            command_id=case.desk.new_id(), assistance_file_id=case.file_id, reminder=ReminderWanted("空腹", at(29, 9))
        )
    )
    (line,) = load_reminders(case.desk, case.file_id)
    host = QWidget()
    qtbot.addWidget(host)
    dialog = CancelReminderDialog(context, line, host)
    dialog.primary.click()
    assert dialog.form.fields["reason"].error
    dialog.form.set_raw_values({"reason": "检查取消"})
    with qtbot.waitSignal(dialog.saved, timeout=5000):
        dialog.primary.click()
    (line,) = load_reminders(case.desk, case.file_id)
    assert (line.sent_at, line.closing_reason) == (None, "检查取消")


def _popup(dialog: RecordFollowUpDialog, name: str) -> PhrasePopup:
    return dialog.phrases[name]


def test_two_letters_offer_phrases_and_enter_puts_one_in(context: UiContext, planned: int, qtbot: QtBot) -> None:
    dialog = dialog_on(context, qtbot, planned)
    context.runner.wait_idle()
    field, popup = dialog.field("condition_text"), _popup(dialog, "condition_text")
    type_words(field.text, "今晨")
    qtbot.keyClicks(field.text, "j")
    assert popup.offered == []
    qtbot.keyClicks(field.text, "s")
    first, second = popup.offered[:2]
    qtbot.keyClick(field.text, Qt.Key.Key_Down)
    qtbot.keyClick(field.text, Qt.Key.Key_Return)
    assert field.raw() == f"今晨{second}"
    assert first != second
    assert popup.offered == []
    assert dialog.isVisible()
    # one step of the field's own undo gives the letters back
    qtbot.keyClick(field.text, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert field.raw() == "今晨js"


def test_escape_gives_up_the_offer_and_not_the_form(context: UiContext, planned: int, qtbot: QtBot) -> None:
    dialog = dialog_on(context, qtbot, planned)
    context.runner.wait_idle()
    field, popup = dialog.field("medication_text"), _popup(dialog, "medication_text")
    field.focus()
    qtbot.keyClicks(field.text, "ay")
    assert popup.offered[0].startswith("按医嘱")
    qtbot.keyClick(field.text, Qt.Key.Key_Escape)
    assert popup.offered == []
    assert dialog.isVisible()
    assert field.raw() == "ay"
    qtbot.keyClicks(field.text, "z")
    qtbot.keyClick(field.text, Qt.Key.Key_Tab)
    assert field.raw() == "按医嘱服药，无漏服。"
    assert field.text.hasFocus()


def test_what_an_input_method_composes_is_left_alone(context: UiContext, planned: int, qtbot: QtBot) -> None:
    dialog = dialog_on(context, qtbot, planned)
    context.runner.wait_idle()
    field, popup = dialog.field("condition_text"), _popup(dialog, "condition_text")
    composing = QInputMethodEvent("js", [])
    QApplication.sendEvent(field.text, composing)
    assert popup.offered == []
    type_words(field.text, "精神可")
    assert popup.offered == []
    assert field.raw() == "精神可"


def test_f4_shows_every_phrase_of_the_field(context: UiContext, planned: int, qtbot: QtBot) -> None:
    dialog = dialog_on(context, qtbot, planned)
    context.runner.wait_idle()
    note = dialog.field("note")
    note.focus()
    qtbot.keyClick(note.text, Qt.Key.Key_F4)
    offered = _popup(dialog, "note").offered
    assert len(offered) == len([line for line in shipped_phrases() if line.field is PhraseField.NOTE])
    _popup(dialog, "note").list.clicked.emit(_popup(dialog, "note").list.model().index(1, 0))
    assert note.raw() == offered[1]


def test_education_for_the_service_is_offered_first(context: UiContext, planned: int, qtbot: QtBot) -> None:
    dialog = dialog_on(context, qtbot, planned)
    combo = dialog.field("education_topic").combo
    topics = [combo.itemText(place) for place in range(combo.count())]
    texts = {text.topic: text for text in load_education_texts()}
    assert set(topics) == set(texts)
    assert texts[topics[0]].suits(ServiceKind.OUTPATIENT_COORDINATION, frozenset({"oncology"}), EducationPhase.AFTER)


def test_symptoms_and_next_visit_reach_the_record(case: Case, context: UiContext, planned: int, qtbot: QtBot) -> None:
    dialog = dialog_on(context, qtbot, planned)
    type_words(dialog.field("condition_text").text, "平稳")
    type_words(dialog.field("symptoms").line, "乏力，夜间 盗汗、、头晕")
    qtbot.keyClicks(dialog.field("next_visit_on").line, "20261208")
    with qtbot.waitSignal(dialog.saved, timeout=5000):
        dialog.primary.click()
    row = rows(case, FollowUp)[0]
    assert (row.symptoms, row.next_visit_on) == ("乏力\n夜间 盗汗\n头晕", date(2026, 12, 8))


def test_a_lead_writes_the_next_version_of_a_plan(case: Case, context: UiContext, qtbot: QtBot) -> None:
    dialog = CarePlanDialog(context)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(dialog)
    dialog.show()
    context.runner.wait_idle()
    dialog.service.setCurrentIndex(dialog.service.findData(ServiceKind.OUTPATIENT_COORDINATION))
    template = dialog.steps.steps()
    assert len(template) == len(case.desk.pack.service(ServiceKind.OUTPATIENT_COORDINATION).follow_ups)
    assert "手册模板" in dialog.standing.text()
    dialog.steps.add.click()
    dialog.save.click()
    context.runner.wait_idle()
    assert "请" in dialog.banner.text
    assert len(dialog.steps.steps()) == len(template) + 1
    type_words(dialog.steps.lines[-1].name, "就诊后第 37 天")
    type_words(dialog.reason, "团队约定")
    dialog.save.click()
    context.runner.wait_idle()
    assert dialog.banner.isHidden()
    assert "第 1 版" in dialog.standing.text()
    assert [step.label for step in dialog.steps.steps()][-1] == "就诊后第 37 天"
    dialog.group.setCurrentIndex(1)
    assert "未单独设置" in dialog.standing.text()
    assert "第 1 版" in dialog.standing.text()


def test_a_phrase_of_ones_own_is_written_and_offered_at_once(
    case: Case, context: UiContext, planned: int, qtbot: QtBot
) -> None:
    phrases = PhrasesDialog(context)
    phrases.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(phrases)
    phrases.show()
    context.runner.wait_idle()
    phrases._edit()
    form = phrases.findChild(PhraseDialog)
    type_words(form.form.fields["phrase"].text, "家属陪同，自述良好")
    with qtbot.waitSignal(phrases.changed, timeout=5000):
        form.primary.click()
    context.runner.wait_idle()
    dialog = dialog_on(context, qtbot, planned)
    context.runner.wait_idle()
    qtbot.keyClicks(dialog.field("condition_text").text, "jspt")
    assert _popup(dialog, "condition_text").offered == ["家属陪同，自述良好"]


def test_the_chip_for_the_lead_lists_who_was_not_reached(
    case: Case, context: UiContext, planned: int, qtbot: QtBot
) -> None:
    for _round in range(case.desk.pack.thresholds.call_attempts):
        waiting = next(row for row in rows(case, FollowUp) if row.closed_at is None)
        case.desk.execute(
            RecordFollowUp(
                command_id=case.desk.new_id(),
                follow_up_id=waiting.id,
                done_at=case.clock.now(),
                channel=Channel.PHONE,
                outcome=FollowUpOutcome.NO_ANSWER,
            )
        )
    page = FollowUpPage(context)
    qtbot.addWidget(page)
    page.show()
    page.activate()
    page.list.set_filter("standing", "escalated")
    context.runner.wait_idle()
    assert page.list.model.row_count == 1
    assert page.list.model.row_data(0).escalated_at is not None


def test_education_is_copied_for_the_messenger(case: Case, context: UiContext, qtbot: QtBot) -> None:
    dialog = EducationDialog(context, case.file_id)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(dialog, before_close_func=lambda shown: shown.suspend())
    dialog.show()
    text = load_education_texts()[0]
    dialog.form.fields["education_topic"].combo.setEditText(text.topic)
    dialog.copy.click()
    assert QApplication.clipboard().text() == f"{text.topic}\n{text.body}"


def test_a_planned_follow_up_is_moved_or_closed_with_a_reason(
    case: Case, context: UiContext, planned: int, qtbot: QtBot
) -> None:
    panel = FollowUpPanel(context, case.file_id)
    qtbot.addWidget(panel)
    panel.show()
    for _round in range(3):
        context.runner.wait_idle()
        QApplication.processEvents()
    assert not panel.move_button.isEnabled(), "first a row is chosen"
    panel.list.table.selectRow(0)
    row = panel.list.current_row()
    assert isinstance(row, FollowUpRow)
    moving = move_dialog(context, row, panel)
    moving.form.set_values({"due_on": date(2026, 11, 27), "reason": " "})
    moving.try_submit()
    assert moving.form.fields["reason"].error
    moving.form.set_values({"reason": "客户出差"})
    moving.try_submit()
    context.runner.wait_idle()
    assert rows(case, FollowUp)[0].due_on == date(2026, 11, 27)
    closing = close_dialog(context, row, panel)
    closing.form.set_values({"reason": "客户不再需要"})
    closing.try_submit()
    context.runner.wait_idle()
    held = next(found for found in rows(case, FollowUp) if found.id == planned)
    assert (held.closed_at is not None, held.closing_reason) == (True, "客户不再需要")
    assert held.outcome is FollowUpOutcome.CLOSED


@pytest.mark.parametrize("with_paper", [True, False])
def test_education_is_saved_and_its_leaflet_opened_where_wished(
    case: Case, context: UiContext, qtbot: QtBot, with_paper: bool
) -> None:
    wishes: list[tuple[str, object]] = []
    context.navigator.action_requested.connect(lambda *wish: wishes.append(wish))
    dialog = EducationDialog(context, case.file_id)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(dialog, before_close_func=lambda shown: shown.suspend())
    dialog.show()
    # without a topic nothing is saved, and the wish is forgotten
    dialog.paper.button.click()
    assert wishes == []
    dialog.form.fields["education_topic"].combo.setEditText(load_education_texts()[0].topic)
    button = dialog.paper.button if with_paper else dialog.primary
    with qtbot.waitSignal(dialog.saved, timeout=5000):
        button.click()
    note = rows(case, EducationNote)[0]
    assert wishes == ([("education_leaflet", note.id)] if with_paper else [])
