"""保管: whose the file is, what holds it, until when it is kept; handover, hold and erasure for leads (A46, R90)."""

from functools import partial

from PySide6.QtWidgets import QPushButton, QWidget

from lian_desk.models.vocabulary import Role
from lian_desk.services.privacy.keeping_views import KeepingView, load_keeping
from lian_desk.services.words import formats
from lian_desk.services.words.wording import phrase
from lian_desk.ui.assistance_files.fact_card import FactCard
from lian_desk.ui.common.look.buttons import small_button
from lian_desk.ui.common.look.chips import ChipText
from lian_desk.ui.common.look.tokens import Tone
from lian_desk.ui.common.running.context import UiContext


class KeepingCard(FactCard):
    """Reads by itself how a file is kept; ``view`` is what it shows."""

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        super().__init__("保管", parent=parent)
        self._context = context
        self._file_id: int | None = None
        self.view: KeepingView | None = None
        self.buttons: dict[str, QPushButton] = {}
        for action_id, words in (
            ("sensitive_event", "转院·去世"),
            ("hand_over_file", "移交工位"),
            ("take_back_file", "收回"),
            ("place_legal_hold", "法律保全"),
            ("lift_legal_hold", "解除保全"),
            ("erase_file", "删除个人信息"),
        ):
            self.buttons[action_id] = small_button(words, partial(self._start, action_id))
            self.head.addWidget(self.buttons[action_id])
        self._show_buttons()

    def show_file(self, file_id: int) -> None:
        """Read how a file is kept and show it."""
        self._file_id = file_id
        work = partial(load_keeping, self._context.desk, file_id)
        self._context.runner.read(self, work, self._show)

    def _show(self, view: KeepingView | None) -> None:
        if view is None or view.file_id != self._file_id:
            return
        self.view = view
        self.grid.clear()
        here = ChipText("本工位", Tone.KEPT) if view.is_owned_here else ChipText("其他工位", Tone.RISK)
        self.grid.add_fact("归属工位", view.owner, chips=(here,), note="只有归属工位能扣减或冲正权益")
        if view.hold_reason is not None and view.held_since_at is not None:
            self.grid.add_fact(
                "法律保全",
                view.hold_reason,
                chips=(ChipText("保全中", Tone.BROKEN),),
                note=f"自 {formats.iso_moment(view.held_since_at)}",
            )
        else:
            self.grid.add_fact("法律保全", "无")
        until = formats.iso_day(view.kept_until_on) if view.kept_until_on else "保险合同终止后开始计算"
        self.grid.add_fact("保存至", until)
        if view.died_at is not None:
            self.grid.add_fact("去世", formats.iso_moment(view.died_at), note="随访与提醒已停止")
        if view.erased_at is not None and view.erased_for is not None:
            self.grid.add_fact(
                "个人信息", f"已删除：{phrase(view.erased_for)}", note=formats.iso_moment(view.erased_at)
            )
        self._show_buttons()

    def _show_buttons(self) -> None:
        view = self.view
        is_whole = view is not None and view.erased_at is None
        is_lead = self._context.desk.operator.role is not Role.CASE_MANAGER
        is_here = is_whole and view is not None and view.is_owned_here
        is_held = view is not None and view.hold_reason is not None
        shown = {
            "sensitive_event": is_whole and view is not None and view.died_at is None and view.kept_until_on is None,
            "hand_over_file": is_lead and is_here and view is not None and view.kept_until_on is None,
            "take_back_file": is_lead and view is not None and view.may_take_back,
            "place_legal_hold": is_lead and is_whole and not is_held,
            "lift_legal_hold": is_lead and is_held,
            "erase_file": is_lead and is_here and not is_held,
        }
        for action_id, button in self.buttons.items():
            button.setVisible(shown[action_id])

    def _start(self, action_id: str) -> None:
        if self._file_id is not None:
            self._context.navigator.start(action_id, self._file_id)
