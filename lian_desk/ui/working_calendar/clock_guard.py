"""Says in the window that the workstation's clock is not to be believed, until somebody has read it."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, SignalInstance
from PySide6.QtWidgets import QWidget

from lian_desk.models.vocabulary import Role
from lian_desk.services.desk.clock_watch import ClockFinding, ClockWatch, ConfirmClock, examine_clock, mark_suspicious
from lian_desk.services.desk.desk import Desk
from lian_desk.ui.common.look.sentences import sentence
from lian_desk.ui.common.look.states import MessageBar
from lian_desk.ui.common.running.commands import carry_out
from lian_desk.ui.common.running.context import UiContext

_LEADS = frozenset({Role.TEAM_LEAD, Role.ADMINISTRATOR})


class ClockGuard(QObject):
    """Compares the clock with the log once and with the machine's own length each minute; shows findings in ``bar``.

    The first comparison reads the log and runs off the UI thread; so does the sealing of a finding. A lead may confirm
    from the bar that the clock is right.
    """

    def __init__(self, context: UiContext, watch: ClockWatch | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._watch = watch if watch is not None else ClockWatch(context.desk.clock)
        self.bar = MessageBar(parent)
        self.finding: ClockFinding | None = None

    def start(self) -> None:
        """Compare the clock with the log."""
        self._context.runner.write(self, partial(examine_clock, self._context.desk), self._take, self._fail)

    def look(self) -> None:
        """Compare the clock with the length since the last look; cheap, for a timer on the UI thread."""
        finding = self._watch.look()
        if finding is not None:
            self._take(finding)
            work = partial(_seal, self._context.desk, finding)
            self._context.runner.write(self, work, lambda _nothing: None, self._fail)

    def confirm(self) -> None:
        """A lead vouches for the clock."""
        command = ConfirmClock(command_id=self._context.desk.new_id(), reason="主管已核对本机日期与时间")
        carry_out(self._context, self, command, lambda _outcome: self._settle(), self._fail)

    def _take(self, finding: ClockFinding | None) -> None:
        if finding is None:
            return
        self.finding = finding
        is_lead = self._context.desk.operator.role in _LEADS
        self.bar.show_message(finding.sentence, action="已核对，时钟无误" if is_lead else "", triggered=self.confirm)

    def _settle(self) -> None:
        self.finding = None
        self.bar.clear()

    def _fail(self, error: BaseException) -> None:
        self.bar.show_message(sentence(error))


def guard_clock(
    context: UiContext, minute_passed: SignalInstance, add_band: Callable[[QWidget], object], parent: QWidget
) -> ClockGuard:
    """Watch the clock for a window: ``add_band`` takes the warning, ``minute_passed`` is the window's own timer."""
    guard = ClockGuard(context, parent=parent)
    add_band(guard.bar)
    minute_passed.connect(lambda _moment: guard.look())
    guard.start()
    return guard


def _seal(desk: Desk, finding: ClockFinding) -> None:
    mark_suspicious(desk, finding)
