"""手册与规则: editions with their clauses, the list of policyholders, force majeure (R81 to R87), and the steps."""

from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from lian_desk.services.commands.commands import LEADS
from lian_desk.services.desk.desk import Desk
from lian_desk.services.force_majeure.views import EventLine, load_events
from lian_desk.services.handbook.views import HandbookView, load_handbook_view
from lian_desk.ui import actions
from lian_desk.ui.common.imports.imports import TakesOneFile
from lian_desk.ui.common.look.buttons import PrimaryButton
from lian_desk.ui.common.look.chips import FilterChips, FilterChoice
from lian_desk.ui.common.look.text import label
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.common.shell.page import Page
from lian_desk.ui.handbook.editions_view import EditionsView
from lian_desk.ui.handbook.force_majeure_dialogs import DeclareDialog
from lian_desk.ui.handbook.force_majeure_view import ForceMajeureView
from lian_desk.ui.handbook.notices_view import NoticesView
from lian_desk.ui.handbook.record_dialog import RecordEditionDialog
from lian_desk.ui.handbook.steps_view import StepsView

EDITIONS: Final = "editions"
NOTICES: Final = "notices"
FORCE_MAJEURE: Final = "force_majeure"
STEPS: Final = "steps"
FILTERS: Final = "手册版本 (*.toml);;所有文件 (*)"
_ONLY_LEADS: Final = "由主管办理；您可以查看。"
_ACTS: Final = {EDITIONS: "导入新版本…", NOTICES: "导出名单…", FORCE_MAJEURE: "宣布不可抗力…"}


class HandbookPage(TakesOneFile, Page):
    """Four views of the rules; all but the steps, which are only read, have one act for the lead."""

    page_id = "handbook"
    has_accent = True
    title = "手册与规则"
    file_title = "选择手册版本文件"
    file_filters = FILTERS
    tables = frozenset(
        {"handbook_edition", "handbook_notice", "force_majeure", "force_majeure_request", "service_request"}
    )

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._may_change = context.desk.operator.role in LEADS
        self.views = FilterChips(
            [
                FilterChoice(EDITIONS, "手册版本"),
                FilterChoice(NOTICES, "通知名单"),
                FilterChoice(FORCE_MAJEURE, "不可抗力"),
                FilterChoice(STEPS, "办理步骤"),
            ]
        )
        self.editions = EditionsView(context)
        self.notices = NoticesView(context)
        self.events = ForceMajeureView(context)
        self.steps = StepsView(context)
        self.act_button = PrimaryButton(_ACTS[EDITIONS], self.act)
        self._stack = QStackedWidget()
        self._lay_out()
        self.setAcceptDrops(self._may_change)
        self._allow()
        self.views.chosen.connect(self.show_part)
        self.editions.record_requested.connect(self.offer)

    def reload(self) -> None:
        """Override: read the editions and the events."""
        self.read(partial(_load, self.context.desk), self._show)

    def show_part(self, name: object) -> None:
        """Bring one of the four views to the front."""
        parts: dict[object, QWidget] = {
            EDITIONS: self.editions,
            NOTICES: self.notices,
            FORCE_MAJEURE: self.events,
            STEPS: self.steps,
        }
        self.views.set_value(str(name))
        self._stack.setCurrentWidget(parts[name])
        self.act_button.setVisible(name != STEPS)
        self.act_button.setText(_ACTS.get(str(name), ""))
        self._allow()

    def act(self) -> None:
        """Do what the view in front is for."""
        view = self.views.value
        if view == NOTICES:
            self.notices.export()
        elif view == FORCE_MAJEURE:
            DeclareDialog(self.context, self.window()).open()
        else:
            self.choose_file()

    def offer(self, source: Path | str) -> RecordEditionDialog:
        """Open the preview of a file, or of an edition that travels with the program."""
        dialog = RecordEditionDialog(self.context, source, self.window())
        dialog.open()
        return dialog

    def handle_action(self, action_id: str) -> bool:
        """Override: 导出 means the notification list."""
        if action_id == actions.EXPORT and self.views.value == NOTICES and self._may_change:
            self.notices.export()
            return True
        return False

    def primary_focus(self) -> QWidget | None:
        """Override: the list at the left of the view in front."""
        fronts: dict[str | None, QWidget] = {
            EDITIONS: self.editions.list.table,
            NOTICES: self.notices.list.search_box,
            FORCE_MAJEURE: self.events.list.table,
            STEPS: self.steps.list.search_box,
        }
        return fronts[self.views.value]

    def _show(self, found: tuple[HandbookView, tuple[EventLine, ...]]) -> None:
        view, events = found
        self.editions.show_view(view)
        self.notices.show_view(view)
        self.events.show_events(events)
        self._allow()
        held = sum(line.to_at is None for line in events)
        self.views.set_count(FORCE_MAJEURE, held or None)
        self.context.navigator.set_counter(self.page_id, held, "risk")

    def _allow(self) -> None:
        has_subject = self.views.value != NOTICES or self.notices.line is not None
        self.act_button.setEnabled(self._may_change and has_subject)
        self.act_button.setToolTip("" if self._may_change else _ONLY_LEADS)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(label(self.title, "title"))
        head.addWidget(self.views)
        head.addStretch(1)
        head.addWidget(self.act_button)
        for view in (self.editions, self.notices, self.events, self.steps):
            self._stack.addWidget(view)
        self.body.addLayout(head)
        self.body.addWidget(self._stack, 1)


def _load(desk: Desk) -> tuple[HandbookView, tuple[EventLine, ...]]:
    return load_handbook_view(desk), load_events(desk)
