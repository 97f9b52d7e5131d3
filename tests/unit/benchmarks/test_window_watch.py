import subprocess
import sys
import time
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from lian_desk.benchmarks.window_watch import Heartbeat, is_stray, take_stock


def turn(milliseconds: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def test_a_widget_without_parent_that_nobody_sees_is_a_stray(qapp: QApplication) -> None:
    owner = QWidget()
    assert is_stray(owner)
    owner.show()
    assert not is_stray(owner)
    part = QLabel(owner)
    assert not is_stray(part)
    owner.close()
    assert is_stray(owner)


def test_the_stock_counts_what_was_made_and_what_is_gone(qapp: QApplication) -> None:
    before = take_stock()
    left = [QLabel() for _ in range(5)]
    during = take_stock()
    assert during.strays == before.strays + 5
    assert during.widgets == before.widgets + 5
    assert during.stray_kinds.count("QLabel") == before.stray_kinds.count("QLabel") + 5
    while left:
        left.pop().deleteLater()
    assert take_stock().strays == before.strays


def test_the_stock_counts_children_and_theirs(qapp: QApplication) -> None:
    before = take_stock()
    script = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import sys; sys.stdin.read()'])"
    with subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE) as child:
        deadline = time.monotonic() + 30
        while take_stock().children < before.children + 2 and time.monotonic() < deadline:
            time.sleep(0.05)
        during = take_stock()
        child.communicate()
    if Path("/proc").exists():
        assert during.children == before.children + 2
        assert during.children_memory > before.children_memory
    assert take_stock().children == before.children


def test_a_step_that_stops_the_loop_is_named_with_its_own_work(qapp: QApplication) -> None:
    heart = Heartbeat()
    turn(30)
    heart.take()
    heart.begin("sleeps")
    time.sleep(0.08)
    turn(20)
    gaps = heart.take()
    assert gaps["sleeps"].wall_ms >= 80
    assert gaps["sleeps"].cpu_ms < 80
    assert heart.take() == {}
