"""The window asks no network for anything: a process that may not even make a socket shows pages, papers and previews."""

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
#: The kernel ends the process at the first socket, so that nothing that is caught inside a library goes unseen.
NO_SOCKET = """
import ctypes, os, platform, struct, sys
from lian_desk.adapters.fences.syscall_filter import MACHINES

machine = MACHINES[platform.machine()]
steps = [(0x20, 0, 0, 0), (0x15, 0, 1, machine.refused["socket"]), (6, 0, 0, 0x80000000), (6, 0, 0, 0x7FFF0000)]
program = b"".join(struct.pack("<HBBI", *step) for step in steps)

class Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))

library = ctypes.CDLL(None)
library.prctl(38, 1, 0, 0, 0)
held = Program(len(steps), program)
assert library.syscall(ctypes.c_long(machine.seccomp), 1, 1, ctypes.byref(held)) == 0
"""
USE = """
from pathlib import Path
from PySide6.QtWidgets import QDialog
from sqlalchemy import select
from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.adapters.machine.clock import FixedClock
from lian_desk.tour.stage import MOMENT, application, demo_workspace, opened_stage
from lian_desk.ui.common.look.theme import Scheme
from lian_desk.ui.page_table import PAGES

with demo_workspace(Path(sys.argv[1]), 12) as place:
    app = application(place.parent, Scheme.LIGHT)
    with opened_stage(place, FixedClock(MOMENT)) as stage:
        robot = stage.robot
        for spec in PAGES:
            if spec.shortcut:
                robot.window.show_page(spec.page_id)
                robot.settle()
        with robot.context.desk.read() as session:
            file_id = session.scalars(select(AssistanceFile.id)).first()
        for action_id in ("export_record", "disclosure_pack", "verify_papers"):
            robot.context.navigator.start(action_id, file_id)
            robot.settle()
            print(type(robot.dialog).__name__)
            robot.dialog.done(QDialog.DialogCode.Rejected)
            robot.settle()
        assert stage.unforeseen == []
print("used")
"""

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the filter of Linux")


def run(lines: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-X", "utf8", "-c", textwrap.dedent(lines), str(folder)],
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )


def test_the_watch_ends_whoever_makes_a_socket(tmp_path: Path) -> None:
    assert run(f"{NO_SOCKET}\nimport socket\nsocket.socket()", tmp_path).returncode < 0


@pytest.mark.timeout(320)
def test_pages_papers_and_previews_need_no_socket(tmp_path: Path) -> None:
    done = run(f"{NO_SOCKET}\n{USE}", tmp_path)
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.split() == ["ExportDialog", "PackDialog", "RegisterDialog", "used"]
