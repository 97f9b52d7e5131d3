"""What happens when a card is dropped or its menu is opened: the dialog of the step, never a change by itself."""

from functools import partial

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtWidgets import QMenu, QWidget

from lian_desk.services.bookings.board_moves import BoardMoves, BoardStep, load_board_moves
from lian_desk.services.listings.service_requests import STAGES
from lian_desk.services.request_views.actions import RequestAction
from lian_desk.services.request_views.plain_steps import PLAIN_STEPS
from lian_desk.services.words.wording import phrase
from lian_desk.ui.common.forms.command_dialog import CommandDialog
from lian_desk.ui.common.look.text import label
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.common.running.wishes import RequestPlace


class BoardSteps(QObject):
    """Reads what a card may do and starts it.

    Signals:
        known(object): the :class:`BoardMoves` of the card that is being dragged.
        refused(str, str, str): column, sentence and id of the clause of a drop that is not allowed.
        failed(object): reading went wrong.
    """

    known = Signal(object)
    refused = Signal(str, str, str)
    failed = Signal(object)

    def __init__(self, context: UiContext, host: QWidget) -> None:
        super().__init__(host)
        self._context = context
        self._host = host
        self.menu: QMenu | None = None

    def look(self, request_id: int) -> None:
        """Find out where a card may go, while it is in the air."""
        self._read(request_id, self.known.emit)

    def drop(self, request_id: int, stage: str) -> None:
        """Start the step that leads to ``stage``, or say why there is none."""
        self._read(request_id, partial(self._settle, stage))

    def open_menu(self, request_id: int, place: QPoint) -> None:
        """Show everything that can be done with a card, those that change the column first."""
        self._read(request_id, partial(self._show_menu, place))

    def start(self, moves: BoardMoves, step: BoardStep) -> None:
        """Open the dialog of a step."""
        plain = PLAIN_STEPS.get(step.action)
        if plain is not None:
            self._confirm(moves, step)
        elif step.action is RequestAction.FOLLOW_UP:
            self._context.navigator.start("record_follow_up", moves.open_follow_up_id)
        else:
            self._context.navigator.start(f"request_{step.action.value}", moves.request_id)

    def _read(self, request_id: int, done: object) -> None:
        def take(found: BoardMoves | None) -> None:
            if found is not None and callable(done):
                done(found)

        work = partial(load_board_moves, self._context.desk, request_id)
        self._context.runner.read(self, work, take, self.failed.emit)

    def _settle(self, stage: str, moves: BoardMoves) -> None:
        step = moves.step_to(stage)
        if step is not None:
            self.start(moves, step)
        elif stage in moves.refusals:
            refusal = moves.refusals[stage]
            self.refused.emit(stage, refusal.sentence, refusal.clause)

    def _show_menu(self, place: QPoint, moves: BoardMoves) -> None:
        menu = QMenu(self._host)
        menu.setAccessibleName("这张卡片可以办理")
        carrying = [step for step in moves.steps if step.stage]
        staying = [step for step in moves.steps if not step.stage]
        for step in carrying:
            action = menu.addAction(f"{step.words} → {STAGES[step.stage][0]}")
            action.triggered.connect(lambda _on=False, step=step: self.start(moves, step))
        if carrying and staying:
            menu.addSeparator()
        for step in staying:
            menu.addAction(step.words).triggered.connect(lambda _on=False, step=step: self.start(moves, step))
        menu.addSeparator()
        opened = menu.addAction("打开这项服务")
        subject = RequestPlace(moves.file_id, moves.request_id)
        opened.triggered.connect(lambda _on=False: self._context.navigator.start("show_request", subject))
        menu.aboutToHide.connect(menu.deleteLater)
        self.menu = menu
        menu.popup(place)
        menu.setActiveAction(menu.actions()[0])

    def _confirm(self, moves: BoardMoves, step: BoardStep) -> None:
        plain = PLAIN_STEPS[step.action]
        dialog = CommandDialog(
            self._context,
            f"{step.words} · {phrase(moves.kind)} · {moves.insured_name}",
            primary=step.words,
            make=lambda command_id, _values: plain.make(command_id, moves.request_id),
            parent=self._host.window(),
        )
        dialog.form.add_widget(label(plain.effect, wrap=True))
        dialog.ready()
        dialog.primary.setFocus()
        dialog.open()
