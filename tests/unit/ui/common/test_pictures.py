"""Cards, chips, steps, rulers, feeds: what they say aloud, that they paint, in both looks and at both pixel ratios."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QWidget

from lian_desk.ui.common.look.cards import Card, KeyValueGrid, Notice, ScrollColumn, StatCard
from lian_desk.ui.common.look.chips import Chip, ChipText, Dot, FilterChips, FilterChoice
from lian_desk.ui.common.look.journey import EntitlementDots, PolicyYearRuler, Steps
from lian_desk.ui.common.look.states import EmptyState, MessageBar, ProgressLine
from lian_desk.ui.common.look.text import ElidedLabel, label
from lian_desk.ui.common.look.theme import Scheme, Tone
from lian_desk.ui.common.look.timeline import TimelineEntry, TimelineView

pytestmark = pytest.mark.usefixtures("theme")


def steps():
    made = Steps(["申请", "审核", "需求", "协调", "确认", "就诊", "随访"])
    made.set_current(3, "协调中")
    return made


def ruler():
    made = PolicyYearRuler()
    made.set_years(10, 3, tips=[f"第 {year} 年" for year in range(1, 11)], suspended=frozenset({2}))
    return made


def dots():
    made = EntitlementDots("门诊")
    made.set_uses(2, 3)
    return made


def stat():
    made = StatCard("48 小时反馈")
    made.set_figure("5", ChipText("2 项今日到期", Tone.RISK), "共 64 次")
    return made


def feed():
    made = TimelineView()
    made.set_entries(
        [
            TimelineEntry(
                2, "今天 09:12", "陈静", "门诊协调已反馈", "中山医院心内科，" * 12, (ChipText("余 2 次", Tone.KEPT),)
            ),
            TimelineEntry(1, "8月11日 09:40", "", "建立档案"),
        ]
    )
    return made


@pytest.mark.parametrize(
    "make", [steps, ruler, dots, stat, feed, lambda: Chip("待核对", Tone.RISK), lambda: Dot(Tone.KEPT)]
)
@pytest.mark.parametrize("scheme", list(Scheme))
def test_it_paints_something_in_both_looks(make, scheme, theme, qtbot):
    theme.set_scheme(scheme)
    try:
        widget = make()
        qtbot.addWidget(widget)
        widget.resize(420, max(widget.sizeHint().height(), 12))
        picture = widget.grab().toImage()
        colors = {picture.pixel(x, y) for x in range(picture.width()) for y in range(picture.height())}
        assert len(colors) > 2
    finally:
        theme.set_scheme(Scheme.LIGHT)


def test_pictures_are_told_in_words(qtbot):
    made = [steps(), ruler(), dots(), stat()]
    unlimited = EntitlementDots("专案管家")
    unlimited.set_uses(0, None)
    done = Steps(["申请", "随访"])
    done.set_current(2)
    names = [widget.accessibleName() for widget in (*made, unlimited, done)]
    for widget in (*made, unlimited, done):
        qtbot.addWidget(widget)
    assert names == [
        "第 4 步，共 7 步：协调中",
        "第 3 / 10 保单年度",
        "门诊 剩 2 / 3 次",
        "48 小时反馈 5 2 项今日到期 共 64 次",
        "专案管家 不限次",
        "第 2 步，共 2 步：已完成",
    ]


def test_what_people_typed_is_never_read_as_markup(qtbot):
    grid = KeyValueGrid()
    qtbot.addWidget(grid)
    shown = grid.add_fact("姓名", "<b>王</b><img src=x>", chips=[ChipText("一致", Tone.KEPT)], note="<i>注</i>")
    assert shown.textFormat() is Qt.TextFormat.PlainText
    assert label("<b>x</b>").textFormat() is Qt.TextFormat.PlainText
    grid.clear()
    grid.add_fact("姓名", "")


def test_a_long_name_is_cut_and_told_whole_on_hover(qtbot):
    name = "欧阳" * 100
    shown = ElidedLabel(name)
    qtbot.addWidget(shown)
    shown.resize(120, 20)
    shown.show()
    assert shown.toolTip() == name
    shown.resize(12000, 20)
    assert shown.toolTip() == ""
    assert not shown.grab().isNull()


def test_the_feed_passes_the_model_tester_and_keeps_its_place(qtbot):
    view = feed()
    qtbot.addWidget(view)
    tester = QAbstractItemModelTester(view.entries, QAbstractItemModelTester.FailureReportingMode.Fatal)
    view.resize(400, 300)
    view.show()
    view.setCurrentIndex(view.entries.index(1, 0))
    view.set_entries([TimelineEntry(3, "刚才", "陈静", "新的一条"), *view.entries._entries])
    assert view.currentIndex().row() == 2
    opened = []
    view.entry_activated.connect(opened.append)
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert opened[0].key == 1
    QTest.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text() == "8月11日 09:40 建立档案"
    view.set_entries([])
    assert view.entries.rowCount() == 0
    del tester


def test_a_feed_entry_grows_where_the_window_is_narrow(qtbot):
    view = feed()
    qtbot.addWidget(view)
    view.show()
    view.resize(700, 300)
    wide = view.visualRect(view.entries.index(0, 0)).height()
    view.resize(260, 300)
    assert view.visualRect(view.entries.index(0, 0)).height() > wide


def test_notice_bar_progress_and_empty_state(qtbot):
    host = QWidget()
    qtbot.addWidget(host)
    card = Card("标题", aside=Chip("1"))
    notice = Notice("确认开启即扣 1 次权益。", Tone.RISK)
    card.add(notice)
    notice.set_notice("已拒绝", Tone.BROKEN)
    assert notice.property("tone") == "broken"
    notice.set_notice("")
    assert notice.isHidden()
    bar, acted = MessageBar(host), []
    bar.show_message("磁盘已满", action="重试", triggered=lambda: acted.append(True))
    bar._action.click()
    assert acted == [True]
    assert bar.text == ""
    line, cancelled = ProgressLine("正在导入"), []
    line.cancelled.connect(lambda: cancelled.append(True))
    line.show_progress(3, 26, "扫描件.pdf")
    assert line._title.text() == "正在导入 · 3/26"
    line._cancel.click()
    assert cancelled == [True]
    assert not line._cancel.isEnabled()
    empty = EmptyState("还没有档案", "从一条申请开始。", "新建档案")
    with qtbot.waitSignal(empty.triggered):
        empty.button.click()
    for widget in (card, bar, line, empty):
        qtbot.addWidget(widget)


def test_a_low_window_scrolls_its_cards_and_squeezes_none(qtbot):
    column = ScrollColumn(300)
    qtbot.addWidget(column)
    for number in range(6):
        card = Card(f"第 {number} 张")
        facts = KeyValueGrid()
        for name in ("医院", "专家", "时间"):
            facts.add_fact(name, "复旦大学附属中山医院", note="15 个工作日 · 国庆 7 天不计")
        card.add(facts)
        column.add(card)
    column.resize(300, 200)
    column.show()
    qtbot.waitExposed(column)
    for card in column.findChildren(Card):
        assert card.height() >= card.minimumSizeHint().height()
    assert column.verticalScrollBar().maximum() > 400


def test_chips_filter_one_by_one_or_each_for_itself(qtbot):
    one = FilterChips([FilterChoice(None, "全部"), FilterChoice("a", "门诊")])
    many = FilterChips([FilterChoice("a", "门诊"), FilterChoice("b", "住院")], toggles=True)
    for chips in (one, many):
        qtbot.addWidget(chips)
    one.set_count("a", 18)
    assert one._buttons["a"].text() == "门诊 18"
    with qtbot.waitSignal(one.chosen) as chosen:
        one._buttons["a"].click()
    assert chosen.args == ["a"]
    assert not one._buttons[None].isChecked()
    many._buttons["a"].click()
    with qtbot.waitSignal(many.chosen) as chosen:
        many._buttons["b"].click()
    assert chosen.args == [frozenset({"a", "b"})]
