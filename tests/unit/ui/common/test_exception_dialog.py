"""A bug is shown with its places and without a value."""

import logging
import sys
import threading

from PySide6.QtWidgets import QApplication

from lian_desk.adapters.diagnostics.crash_records import list_records, report
from lian_desk.ui.common.look.tokens import LIGHT
from lian_desk.ui.exception_dialog import ExceptionDialog, ExceptionHook

SECRET = "王小兰 11010519491231002X"


def raised():
    try:
        LIGHT.solid(SECRET)
    except AttributeError:
        return sys.exc_info()
    raise AssertionError


def test_the_report_names_module_and_line_and_no_value():
    kind, error, trace = raised()
    text = report(kind, trace)
    assert "builtins.AttributeError" in text
    assert "lian_desk.ui.common.look.tokens:" in text
    assert "solid" in text
    assert SECRET not in text
    assert str(error) not in text


def test_the_hook_logs_and_shows_one_dialog_at_a_time(theme, qtbot, caplog):
    hook = ExceptionHook()
    with caplog.at_level(logging.ERROR):
        hook.handle(*raised())
        hook.handle(*raised())
        qtbot.waitUntil(lambda: hook._dialog is not None)
    dialog = hook._dialog
    assert isinstance(dialog, ExceptionDialog)
    dialog.copy()
    assert "AttributeError" in QApplication.clipboard().text()
    assert SECRET not in caplog.text
    dialog.accept()
    assert hook._dialog is None


def test_each_error_is_kept_once_and_not_without_end(theme, qtbot, caplog, tmp_path, monkeypatch):
    monkeypatch.setattr("lian_desk.ui.exception_dialog.KEPT", 2)
    hook = ExceptionHook()
    with caplog.at_level(logging.ERROR):
        hook.handle(*raised())
        assert list_records(tmp_path) == ()
        hook.keep_in(tmp_path)
        for kind in (ValueError, ValueError, KeyError, KeyError, OSError):
            hook.handle(kind, kind(SECRET), None)
        qtbot.waitUntil(lambda: hook._dialog is not None)
    texts = [record.text() for record in list_records(tmp_path)]
    assert sorted(text.split("builtins.")[1].strip() for text in texts) == ["KeyError", "ValueError"]
    assert not any(SECRET in text for text in texts)
    hook._dialog.accept()


def test_a_thread_reaches_the_hook_and_interrupts_do_not(theme, qtbot, caplog, monkeypatch):
    hook = ExceptionHook()
    interrupted = []
    monkeypatch.setattr(sys, "__excepthook__", lambda *error: interrupted.append(error))
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    hook.install()
    hook.handle(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert len(interrupted) == 1
    with caplog.at_level(logging.ERROR):
        thread = threading.Thread(target=lambda: LIGHT.solid(SECRET))
        thread.start()
        thread.join()
        qtbot.waitUntil(lambda: hook._dialog is not None)
    hook._dialog.accept()
