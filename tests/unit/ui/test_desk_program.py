"""The program from the first dialog to the last, as ``lian-desk`` starts it."""

import logging
import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from lian_desk.adapters.keys.unlocking import by_throw_away_key
from lian_desk.adapters.machine.clock import FixedClock
from lian_desk.bootstrap import DeskProgram
from lian_desk.services.workspace.workspace import open_workspace
from lian_desk.ui.application import dress
from tests.desk_fixture import MONDAY, template


@pytest.mark.timeout(60)
def test_what_goes_wrong_is_in_the_log_of_the_workspace(
    tmp_path: Path, qapp: QApplication, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    dress(qapp)
    folder = tmp_path / "workspace"
    shutil.copytree(template(), folder)
    program = DeskProgram(qapp, FixedClock(MONDAY))
    look = QTimer()

    def close_the_window() -> None:
        if program._running is None or not program._running.window.isVisible():
            return
        look.stop()
        logging.getLogger("lian_desk.ui.exception_dialog").error("unforeseen error")
        program._running.window.close()

    look.timeout.connect(close_the_window)
    look.start(10)
    try:
        assert program.run(folder) == 0
    finally:
        qapp.setQuitOnLastWindowClosed(True)
    assert "unforeseen error" in (folder / "logs" / "desk.log").read_text(encoding="utf-8")
    assert logging.getLogger("lian_desk").handlers == []
    # everything was closed in order: the next start finds nothing to tell
    again = open_workspace(folder, by_throw_away_key(), MONDAY)
    assert again.findings == ()
    again.close()
