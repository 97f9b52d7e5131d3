"""Nothing typed is lost, every error stands beside its field, and the keyboard is enough."""

from datetime import date, datetime, timedelta, timezone

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QInputMethodEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.ui.common.forms.drafts import DraftKeeper
from lian_desk.ui.common.forms.fields import FieldProblem, FieldSpec, LineField, PasswordField, TextField
from lian_desk.ui.common.forms.form_dialog import FormDialog
from lian_desk.ui.common.forms.forms import (
    CheckField,
    ChoiceField,
    ComboField,
    DateField,
    DateTimeField,
    Form,
    parse_date,
)
from lian_desk.ui.common.look.chips import FilterChoice

RARE = "𬭎"


def type_chinese(widget, text):
    """As an input method commits it; keyClicks would abort the process."""
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(widget, event)


@pytest.fixture(autouse=True)
def _dressed(theme):
    """Fields read the theme."""


@pytest.fixture
def form(qtbot):
    made = Form()
    qtbot.addWidget(made)
    made.add_row(
        LineField(FieldSpec(name="name", label="姓名", most=4, why="用于核对身份")),
        LineField(FieldSpec(name="phone", label="手机", optional=True)),
    )
    made.add_row(
        DateField(FieldSpec(name="born_on", label="出生日期")),
        DateTimeField(FieldSpec(name="at", label="时间", optional=True)),
    )
    made.add_row(ComboField(FieldSpec(name="hospital", label="医院"), [(1, "江苏省人民医院"), (2, "南京鼓楼医院")]))
    made.add_row(TextField(FieldSpec(name="note", label="说明", optional=True, most=10)))
    made.show()
    qtbot.waitExposed(made)
    return made


def test_an_input_method_types_into_lines_texts_and_lists(form):
    type_chinese(form.fields["name"].input, f"王{RARE}")
    type_chinese(form.fields["note"].input, "既往高血压")
    type_chinese(form.fields["hospital"].combo.lineEdit(), "南京鼓楼医院")
    type_chinese(form.fields["born_on"].input, "1990-02-03")
    assert form.values() == {
        "name": f"王{RARE}",
        "phone": None,
        "born_on": date(1990, 2, 3),
        "at": None,
        "hospital": 2,
        "note": "既往高血压",
    }


def test_length_counts_characters_and_a_long_text_stays(form):
    field = form.fields["name"]
    type_chinese(field.input, RARE * 4)
    assert field.value() == RARE * 4
    type_chinese(field.input, RARE)
    with pytest.raises(FieldProblem, match="最多 4 个字，现在是 5 个"):
        field.value()
    assert field.raw() == RARE * 5


def test_wrong_fields_say_why_and_the_first_gets_the_keyboard(form, qtbot):
    form.fields["born_on"].set_raw("2026-02-30")
    form.fields["phone"].focus()
    assert form.values() is None
    assert form.fields["name"].error == "请填写这一项。"
    assert form.fields["born_on"].error == "2026 年 2 月没有 30 日，请核对。"
    assert form.fields["born_on"].raw() == "2026-02-30"
    assert form.fields["phone"].error == ""
    assert form.fields["name"].input.hasFocus()


def test_the_sentence_goes_as_soon_as_something_is_typed(form):
    assert form.values() is None
    type_chinese(form.fields["name"].input, "王")
    assert form.fields["name"].error == ""


@pytest.mark.parametrize(
    "typed",
    ["2026-11-20", "20261120", "２０２６年１１月２０日", "2026.11.20", "2026 年 11 月 20 号", "\u200b2026/11/20"],
)
def test_a_day_may_be_typed_in_many_ways(typed):
    assert parse_date(typed) == date(2026, 11, 20)


@pytest.mark.parametrize("typed", ["2026-13-01", "11月20日", "明天", "26-1-1", "2025-02-29", ""])
def test_an_impossible_day_is_refused_with_a_sentence(typed):
    with pytest.raises(FieldProblem, match=r"。$"):
        parse_date(typed)


def test_a_moment_is_aware_in_shanghai(form):
    form.fields["at"].set_raw("20261120 1620")
    at = form.fields["at"].value()
    assert at == datetime(2026, 11, 20, 16, 20, tzinfo=timezone(timedelta(hours=8)))
    form.fields["at"].set_raw("2026-11-20")
    with pytest.raises(FieldProblem, match="还缺时间"):
        form.fields["at"].value()


def test_a_date_is_tidied_on_leaving_and_an_unreadable_one_is_not(form):
    field = form.fields["born_on"]
    field.focus()
    QTest.keyClicks(field.line, "20261120")
    form.fields["phone"].focus()
    assert field.raw() == "2026-11-20"
    field.set_raw("2026-2-31")
    field.focus()
    form.fields["phone"].focus()
    assert field.raw() == "2026-2-31"


def test_the_wheel_changes_no_choice(form):
    field = form.fields["hospital"]
    field.set_value(1)
    event = QWheelEvent(
        QPointF(5, 5),
        QPointF(5, 5),
        QPoint(0, -120),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(field.combo, event)
    assert field.value() == 1


def test_a_choice_that_is_not_offered_is_refused_and_stays(form):
    field = form.fields["hospital"]
    type_chinese(field.combo.lineEdit(), "没有的医院")
    with pytest.raises(FieldProblem, match="请从列表中选择"):
        field.value()
    assert field.raw() == "没有的医院"
    field.set_choices([(3, "华西医院")])
    assert field.raw() == "没有的医院"


def test_tab_goes_through_the_fields_in_reading_order(form, qtbot):
    form.activateWindow()
    form.fields["name"].focus()
    order = []
    for _step in range(6):
        focused = QApplication.focusWidget()
        order.append(
            next(name for name, field in form.fields.items() if field.isAncestorOf(focused) or focused is field)
        )
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    assert order == ["name", "phone", "born_on", "at", "hospital", "note"]


def test_chips_and_ticks(qtbot):
    choice = ChoiceField(FieldSpec(name="sex", label="性别"), [FilterChoice("f", "女"), FilterChoice("m", "男")])
    tick = CheckField(FieldSpec(name="sure", label="已取得授权"))
    qtbot.addWidget(choice)
    qtbot.addWidget(tick)
    with pytest.raises(FieldProblem):
        choice.value()
    with pytest.raises(FieldProblem):
        tick.value()
    choice.set_value("m")
    tick.set_value(True)
    assert (choice.value(), tick.value()) == ("m", True)


def test_a_password_is_not_part_of_a_draft(qtbot):
    form = Form()
    qtbot.addWidget(form)
    form.add_row(PasswordField(FieldSpec(name="password", label="密码")))
    form.fields["password"].line.setText(" geheim ")
    assert form.values() == {"password": " geheim "}
    assert form.raw_values() == {}


class _Dialog(FormDialog):
    def __init__(self):
        super().__init__("录入申请")
        self.form.add_row(LineField(FieldSpec(name="name", label="姓名")))
        self.submitted = []

    def submit(self, values):
        self.submitted.append(values)


@pytest.fixture
def dialog(qtbot):
    made = _Dialog()
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitExposed(made)
    yield made
    made.suspend()


def test_control_enter_submits_once_until_the_answer_comes(dialog):
    type_chinese(dialog.form.fields["name"].input, "王兰")
    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    dialog.try_submit()
    assert dialog.submitted == [{"name": "王兰"}]
    assert dialog.is_busy
    dialog.reject()
    assert dialog.isVisible()
    dialog.finish(17)
    assert not dialog.isVisible()


def test_a_refusal_stands_beside_its_field_and_keeps_what_was_typed(dialog):
    type_chinese(dialog.form.fields["name"].input, "王兰")
    dialog.try_submit()
    dialog.refuse(RuleViolation(ErrorCode.FIELD_TOO_LONG, field="name", limit=1))
    assert not dialog.is_busy
    assert dialog.form.fields["name"].error
    assert dialog.form.fields["name"].raw() == "王兰"
    dialog.try_submit()
    dialog.refuse(RuleViolation(ErrorCode.NOTICE_MISSING))
    assert dialog.banner.text
    assert dialog.banner.isVisible()


def test_escape_asks_when_something_was_typed_and_staying_is_the_default(dialog):
    QTest.keyClicks(dialog.form.fields["name"].input, "wang")
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert "要放弃吗" in dialog.question.text()
    assert dialog.isVisible()
    QTest.keyClick(dialog.question, Qt.Key.Key_Return)
    assert dialog.isVisible()
    assert dialog.question is None
    assert dialog.form.fields["name"].raw() == "wang"
    dialog.close()
    next(button for button in dialog.question.buttons() if button.text() == "放弃").click()
    assert not dialog.isVisible()


def test_what_an_input_method_commits_counts_as_typed(dialog):
    assert not dialog.is_dirty
    type_chinese(dialog.form.fields["name"].input, "王")
    assert dialog.is_dirty


def test_escape_on_an_untouched_dialog_closes_it(dialog):
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.question is None
    assert not dialog.isVisible()


def test_a_draft_is_kept_after_a_pause_and_put_back(dialog, qtbot):
    kept, dropped = {}, []
    keeper = DraftKeeper(kept.get, kept.__setitem__, dropped.append)
    keeper._timer.setInterval(10)
    dialog.keep_draft("application", keeper)
    QTest.keyClicks(dialog.form.fields["name"].input, "wang")
    qtbot.waitUntil(lambda: kept == {"application": {"name": "wang"}})
    dialog.suspend()
    again = _Dialog()
    qtbot.addWidget(again)
    again.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    again.keep_draft("application", DraftKeeper(kept.get, kept.__setitem__, dropped.append))
    assert again.form.fields["name"].raw() == "wang"
    assert again.is_dirty
    assert "已恢复" in again.banner.text
    again.finish()
    assert dropped == ["application"]
