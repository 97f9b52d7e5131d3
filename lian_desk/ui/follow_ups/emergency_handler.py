"""急救提示 from anywhere in the window: read the script out, write down what was said, hold the routine of the file."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from lian_desk.services.service_requests.emergencies import RecordEmergency
from lian_desk.ui.common.look.sentences import sentence
from lian_desk.ui.common.look.states import Toast
from lian_desk.ui.common.running.commands import carry_out
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.follow_ups.emergency_dialog import EmergencyDialog


def open_emergency(context: UiContext, parent: QWidget, file_id: int | None) -> None:
    """Open the script; ``file_id`` is the key of the file in front, None where there is none."""
    words = "已记入档案，常规步骤暂停，记录照常。" if file_id is not None else "已记入日志。"
    read_script(
        context,
        parent,
        file_id,
        recorded=lambda _said: _say(parent, words),
        failed=lambda error: _say(parent, f"没有记下：{sentence(error)}"),
    )


def read_script(
    context: UiContext,
    parent: QWidget,
    file_id: int | None,
    *,
    recorded: Callable[[str], object],
    failed: Callable[[BaseException], object],
) -> EmergencyDialog:
    """Open the script over ``parent``; once read out it is a recorded emergency, then ``recorded`` gets what was said.

    Also inside a form that is being filled: the emergency stands, whatever becomes of the form (R74).
    """
    began_at = context.desk.clock.now()
    # one key for one reading: pressing twice writes it down once
    command_id = context.desk.new_id()
    dialog = EmergencyDialog(context.desk.pack.texts.emergency_script, parent.window())
    dialog.setWindowTitle("急救提示 120")
    dialog.done_button.setText("已宣读，记入档案" if file_id is not None else "已宣读，记入日志")

    def record(said: str) -> None:
        command = RecordEmergency(command_id=command_id, assistance_file_id=file_id, happened_at=began_at, said=said)
        carry_out(context, parent, command, lambda _outcome: recorded(said), failed)

    dialog.read_out.connect(record)
    dialog.open()
    return dialog


def _say(parent: QWidget, words: str) -> None:
    toast = getattr(parent.window(), "toast", None)
    if isinstance(toast, Toast):
        toast.say(words)
