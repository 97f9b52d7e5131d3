"""Work leaves the UI thread, answers come back to it, and only to those who are still there."""

import threading

import pytest
from PySide6.QtCore import QObject
from shiboken6 import delete

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.ui.common.running.task_runner import Reporter, TaskRunner


def test_work_runs_elsewhere_and_the_answer_comes_back_here(runner):
    owner = QObject()
    seen = []
    runner.read(owner, threading.get_ident, lambda ident: seen.append((ident, threading.get_ident())))
    assert runner.wait_idle()
    (worked_on, answered_on), *_ = seen
    assert worked_on != threading.get_ident()
    assert answered_on == threading.get_ident()


def test_writes_keep_their_order_on_one_thread(runner):
    owner = QObject()
    threads, order = set(), []

    def write(number):
        threads.add(threading.get_ident())
        order.append(number)

    for number in range(20):
        runner.write(owner, lambda number=number: write(number), lambda _result: None)
    assert runner.wait_idle()
    assert order == list(range(20))
    assert len(threads) == 1


def test_the_answer_is_dropped_when_the_owner_is_gone(runner):
    owner = QObject()
    gate = threading.Event()
    seen = []
    runner.read(owner, gate.wait, seen.append)
    delete(owner)
    gate.set()
    assert runner.wait_idle()
    assert seen == []


def test_a_rule_violation_reaches_the_caller_and_no_hook(runner, monkeypatch):
    owner = QObject()
    hooked, failed = [], []
    monkeypatch.setattr("sys.excepthook", lambda *error: hooked.append(error))

    def refuse():
        raise RuleViolation(ErrorCode.NOTICE_MISSING)

    runner.write(owner, refuse, pytest.fail, failed.append)
    assert runner.wait_idle()
    assert failed[0].code is ErrorCode.NOTICE_MISSING
    assert hooked == []


def test_a_bug_reaches_the_hook_and_frees_the_caller(runner, monkeypatch):
    owner = QObject()
    hooked, failed = [], []
    monkeypatch.setattr("sys.excepthook", lambda *error: hooked.append(error[0]))
    runner.read(owner, lambda: 1 / 0, pytest.fail, failed.append)
    assert runner.wait_idle()
    assert hooked == [ZeroDivisionError]
    assert isinstance(failed[0], ZeroDivisionError)


def test_shutting_down_finishes_writes_and_drops_queued_reads(qapp):
    runner = TaskRunner()
    owner = QObject()
    gate = threading.Event()
    written, read = [], []
    for _lane in range(2):
        runner.read(owner, gate.wait, lambda _result: None)
    runner.read(owner, lambda: read.append(1), lambda _result: None)
    for number in range(5):
        runner.write(owner, lambda number=number: written.append(number), lambda _result: None)
    threading.Timer(0.05, gate.set).start()
    runner.shut_down()
    assert written == [0, 1, 2, 3, 4]
    assert read == []
    runner.write(owner, lambda: written.append(99), lambda _result: None)
    assert 99 not in written


def test_progress_is_folded_and_ends_with_the_last_report(runner, qtbot):
    owner = QObject()
    reporter = Reporter()
    seen = []
    reporter.progressed.connect(lambda *report: seen.append(report))

    def work():
        for number in range(1, 1001):
            reporter.report(number, 1000, f"{number}.pdf")
        return reporter.cancelled.is_set()

    runner.read(owner, work, seen.append)
    assert runner.wait_idle()
    qtbot.waitUntil(lambda: (1000, 1000, "1000.pdf") in seen)
    assert len(seen) < 1000


def test_cancelling_reaches_the_working_thread(runner):
    owner = QObject()
    reporter = Reporter()
    results = []
    runner.read(owner, lambda: reporter.cancelled.wait(5), results.append)
    reporter.cancel()
    assert runner.wait_idle()
    assert results == [True]


def test_work_aside_answers_and_nobody_waits_for_it(runner, qtbot):
    owner = QObject()
    gate = threading.Event()
    heard = []
    runner.aside(owner, lambda: gate.wait(10) and 7, heard.append)
    assert runner.pending_count == 0
    assert runner.wait_idle(), "a long work aside keeps nobody from being idle"
    runner.read(owner, lambda: 1, heard.append)
    qtbot.waitUntil(lambda: heard == [1])
    gate.set()
    qtbot.waitUntil(lambda: heard == [1, 7])
