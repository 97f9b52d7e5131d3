"""The card says where a request stands and offers one next step; it follows the changes and the clock."""

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.vocabulary import ServiceKind
from lian_desk.services.request_views.actions import RequestAction
from lian_desk.services.service_requests import BeginCoordination, WithdrawRequest
from lian_desk.ui.common.explain.clause_popover import ClausePopover
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.service_requests.request_panel import RequestPanel
from tests.desk_world import World
from tests.ui_fixture import settle

K = ServiceKind


@pytest.fixture
def panel(ui: UiContext, qtbot: QtBot) -> RequestPanel:
    made = RequestPanel(ui)
    qtbot.addWidget(made)
    made.resize(480, 640)
    made.show()
    return made


def _words(panel: RequestPanel) -> str:
    return "\n".join(found.text() for found in panel.findChildren(QLabel) if found.isVisible())


def test_without_a_request_it_says_so(panel: RequestPanel, ui: UiContext) -> None:
    panel.show_request(None)
    settle(ui)
    assert "还没有服务申请" in _words(panel)
    assert panel.primary is None


def test_a_coordinated_request_names_its_step_deadline_and_warning(
    panel: RequestPanel, ui: UiContext, world: World
) -> None:
    request_id = world.to_requirement(world.open_file())
    world.run(BeginCoordination, request_id=request_id)
    panel.show_request(request_id)
    settle(ui)
    words = _words(panel)
    assert panel.title.text() == "门诊协调 ①"
    assert panel.steps.accessibleName() == "第 4 步，共 7 步：协调中"
    assert "复旦大学附属中山医院" in words
    assert "国庆节 7 天不计" in words
    assert "扣 1 次权益" in panel.notice.text
    assert panel.primary is not None
    assert panel.primary.text() == "记录反馈"


def test_a_feedback_due_in_the_holiday_names_the_last_working_minute_before_it(
    panel: RequestPanel, ui: UiContext, world: World
) -> None:
    world.later(days=2)
    panel.show_request(world.to_requirement(world.open_file()))
    settle(ui)
    assert "内部截止 今日 21:00" in _words(panel)


def test_the_chip_counts_down_and_turns_red(panel: RequestPanel, ui: UiContext, world: World) -> None:
    panel.show_request(world.to_requirement(world.open_file()))
    settle(ui)
    assert panel._chip.text == "协调反馈 · 剩 2 天"
    world.later(hours=50)
    panel._tick()
    assert panel._chip.text == "协调反馈 · 超时 2 小时"
    assert panel._chip.tone.value == "broken"


def test_a_step_without_a_dialog_is_done_at_once_and_the_card_follows(
    panel: RequestPanel, ui: UiContext, world: World
) -> None:
    request_id = world.to_requirement(world.open_file())
    panel.show_request(request_id)
    settle(ui)
    panel.presenter.act(RequestAction.BEGIN_COORDINATION)
    settle(ui, 6)
    assert panel.view is not None
    assert panel.view.status.value == "coordinating"


def test_a_step_with_a_dialog_is_asked_for_by_its_id(
    panel: RequestPanel, ui: UiContext, world: World, qtbot: QtBot
) -> None:
    request_id = world.to_awaiting(world.open_file())
    panel.show_request(request_id)
    settle(ui)
    assert panel.primary is not None
    with qtbot.waitSignal(ui.navigator.action_requested) as asked:
        panel.primary.click()
    assert asked.args == ["request_confirm_start", request_id]


def test_a_refusal_stands_on_the_card_with_nothing_lost(panel: RequestPanel, ui: UiContext, world: World) -> None:
    panel.show_request(world.to_awaiting(world.open_file()))
    settle(ui)
    panel.presenter.failed.emit(RuleViolation(ErrorCode.POLICY_SUSPENDED, clause="R5"))
    assert "保单效力中止" in panel.refusal.text


def test_the_basis_quotes_the_clauses_with_their_place_and_edition(
    panel: RequestPanel, ui: UiContext, world: World
) -> None:
    panel.show_request(world.to_awaiting(world.open_file()))
    settle(ui)
    panel._basis.click()
    popover = panel.findChild(ClausePopover)
    assert popover is not None
    words = "\n".join(found.text() for found in popover.findChildren(QLabel))
    assert "确认开启服务即扣除权益次数。" in words
    assert "手册 二·2·温馨提示 4" in words
    assert "2024年11月版" in words
    popover.close()


def test_a_closed_request_offers_nothing(panel: RequestPanel, ui: UiContext, world: World) -> None:
    request_id = world.to_requirement(world.open_file())
    world.run(WithdrawRequest, request_id=request_id, reason="自行就医", evidence=world.evidence())
    panel.show_request(request_id)
    settle(ui)
    assert panel.primary is None
    assert panel._chip.text == "开启前撤回"
    assert "自行就医" in _words(panel)
