"""A fall of the program: no core dump, a record of places without a value or a path of the user, told at the next start."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lian_desk.adapters.diagnostics import crash_watch
from lian_desk.adapters.diagnostics.crash_records import (
    KEPT,
    RecordKind,
    delete_records,
    fall_report,
    list_records,
    mark_told,
    plain_path,
    prune_records,
    write_record,
)
from lian_desk.adapters.diagnostics.crash_watch import turn_raw_words
from lian_desk.services.papers import batches as paper_batches

ROOT = Path(__file__).resolve().parents[3]
NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
SECRET = "王小兰 11010519491231002X"
PLAIN_LINE = re.compile(
    r"就医协助台 [\d.]+|Python [\d.]+( · Qt [\d.]+)? · \w+|[A-Za-z ]{1,60}|  [\w/.<>?-]+:(\d+|\?\?\?):[\w<>.?]+|"
)
"""All that may stand in a record of a fall."""

Ended = subprocess.CompletedProcess[str]


def allow_core_dumps() -> None:
    """Runs in the child before it begins: a machine that dumps core, as many do."""
    import resource

    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))


def run(script: str, *arguments: object, where: Path) -> Ended:
    where.mkdir(exist_ok=True, parents=True)
    path = where / "script.py"
    path.write_text(script, encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-X", "utf8", str(path), *map(str, arguments)],
        cwd=where,
        env={**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
        preexec_fn=allow_core_dumps,
    )


def records_after_a_fall(folder: Path, count: int = 1) -> list[str]:
    """The texts of the records, once the watcher has written them."""
    for _ in range(400):
        found = list_records(folder)
        if len(found) >= count:
            break
        time.sleep(0.05)
    return [record.text() for record in list_records(folder)]


# -------------------------------------------------------------------------------------------------------- core dumps

TELL_AND_FALL = """
import ctypes, resource, sys
def tell_and_fall(*_anything):
    secret = "王小兰 11010519491231002X"
    dumpable = ctypes.CDLL(None).prctl(3, 0, 0, 0, 0) if sys.platform == "linux" else 0
    sys.stderr.write(f"limit {resource.getrlimit(resource.RLIMIT_CORE)} dumpable {dumpable}")
    sys.stderr.flush()
    ctypes.string_at(0)
"""
PROCESSES = {
    "the program": """
import lian_desk.cli.main as command_line
command_line.main = tell_and_fall
from lian_desk.__main__ import main
main()
""",
    "the child that renders": """
import lian_desk.adapters.rendering.child as child
child.serve = tell_and_fall
child.main()
""",
    "the child that reads": """
import lian_desk.services.recognition.child as child
import os
keep = os.dup(2)
def fall(*_anything):
    os.dup2(keep, 2)
    tell_and_fall()
child.serve = fall
child.main()
""",
    "a process that draws papers": """
from concurrent.futures import ProcessPoolExecutor
import lian_desk.services.papers.batches as batches
batches._begin_process()
tell_and_fall()
""",
}


@pytest.mark.parametrize("name", PROCESSES)
def test_no_process_of_the_program_leaves_its_memory_on_the_disk(name: str, tmp_path: Path) -> None:
    done = run(TELL_AND_FALL + PROCESSES[name], where=tmp_path / "cwd")
    assert done.returncode == -signal.SIGSEGV, done.stderr
    assert "limit (0, 0) dumpable 0" in done.stderr
    left = [path for path in (tmp_path / "cwd").rglob("*") if path.is_file() and path.name != "script.py"]
    assert [path for path in left if SECRET.encode() in path.read_bytes()] == []
    assert [path.name for path in left if "core" in path.name] == []


def test_every_drawing_process_begins_without_the_right_to_dump() -> None:
    import resource

    with paper_batches._processes() as pool:
        assert pool.submit(resource.getrlimit, resource.RLIMIT_CORE).result(timeout=100) == (0, 0)


# ---------------------------------------------------------------------------------------------------------- the watch

WATCHED = """
import ctypes, os, signal, sys, threading
from pathlib import Path
from lian_desk.adapters.diagnostics import crash_watch
if sys.argv[2] == "raw":
    crash_watch.CAN_COPY = False
watch = crash_watch.CrashWatch.begin()
if sys.argv[3] != "early":
    watch.into(Path(sys.argv[1]))
def waits(secret):
    threading.Event().wait()
threading.Thread(target=waits, args=("王小兰 11010519491231002X",), daemon=True).start()
def falls(secret):
    value = secret * 2
    {
        "segv": lambda: ctypes.string_at(0),
        "abort": os.abort,
        "early": lambda: ctypes.string_at(0),
        "kill": lambda: os.kill(os.getpid(), signal.SIGKILL),
        "end": watch.end,
        "leave": lambda: None,
        "later": lambda: (watch.end(), ctypes.string_at(0)),
    }[sys.argv[3]]()
falls("王小兰 11010519491231002X")
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder whose path carries a name, as the home of a user does."""
    return tmp_path / "陈静 13812346620" / "lian_desk" / "work"


@pytest.mark.parametrize("how", ["copy", "raw"])
@pytest.mark.parametrize(("end", "cause"), [("segv", "Segmentation fault"), ("abort", "Aborted")])
def test_a_fall_is_recorded_by_its_places_and_nothing_else(
    tmp_path: Path, home: Path, how: str, end: str, cause: str
) -> None:
    crashes = tmp_path / "logs" / "crashes"
    done = run(WATCHED, crashes, how, end, where=home)
    assert done.returncode < 0
    if how == "raw":
        assert turn_raw_words(crashes, NOW) == 1
        assert list(crashes.glob("*.raw")) == []
    (text,) = records_after_a_fall(crashes)
    lines = text.splitlines()
    assert cause in lines
    assert "Current thread" in lines
    assert "Thread" in lines
    assert any(line.endswith(":falls") for line in lines)
    assert any(line.endswith(":waits") for line in lines)
    assert [line for line in lines if not PLAIN_LINE.fullmatch(line)] == []
    for secret in (SECRET, "陈静", "13812346620", str(tmp_path), str(Path.home())):
        assert secret not in text
    (record,) = list_records(crashes)
    assert (record.kind, record.is_new) == (RecordKind.FALL, True)


@pytest.mark.parametrize("how", ["copy", "raw"])
@pytest.mark.parametrize("end", ["kill", "end", "leave", "later", "early"])
def test_no_record_without_a_fall_or_without_a_workspace(tmp_path: Path, home: Path, how: str, end: str) -> None:
    """An orderly end, a kill from outside, a fall after the end of the watch or before a workspace was opened."""
    crashes = tmp_path / "logs" / "crashes"
    run(WATCHED, crashes, how, end, where=home)
    time.sleep(0.5)
    turn_raw_words(crashes, NOW)
    assert list_records(crashes) == ()
    assert not crashes.exists() or list(crashes.iterdir()) == []


SILENT = """
import os, sys
from lian_desk.adapters.diagnostics.crash_watch import CrashWatch
CrashWatch.begin()
os.write(1, b"told")
os.close(1)
sys.stdin.read()
"""


@pytest.mark.timeout(120)
def test_the_watcher_holds_none_of_the_programs_ends_open() -> None:
    """Whoever reads the program sees the end of its output when the program lets go of it, not when it ends."""
    with subprocess.Popen(
        [sys.executable, "-X", "utf8", "-c", SILENT], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.read() == b"told"
        assert process.poll() is None
        process.communicate(timeout=60)
    assert process.returncode == 0


def test_what_the_watcher_hears_before_a_folder_is_named_is_dropped(tmp_path: Path) -> None:
    fatal = b'Fatal Python error: Aborted\n\nCurrent thread 0x1 (most recent call first):\n  File "a.py", line 1 in f\n'
    crash_watch.keep(fatal)
    crash_watch.keep(b"\0folder " + os.fsencode(tmp_path) + b"\0")
    assert list_records(tmp_path) == ()
    crash_watch.keep(b"\0folder /nowhere\0\0folder " + os.fsencode(tmp_path) + b"\0" + fatal)
    assert len(list_records(tmp_path)) == 1


# -------------------------------------------------------------------------------------------------------- the records


@pytest.mark.parametrize(
    ("path", "plain"),
    [
        ("/people/chenjing/app/lian_desk/services/desk/desk.py", "lian_desk/services/desk/desk.py"),
        ("/people/lian_desk/x/lian_desk/ui/window.py", "lian_desk/ui/window.py"),
        ("C:\\Users\\陈静\\app\\lian_desk\\ui\\window.py", "lian_desk/ui/window.py"),
        ("/people/chenjing/.venv/lib/python3.11/site-packages/sqlalchemy/orm/session.py", "sqlalchemy/orm/session.py"),
        ("/usr/lib/python3.11/threading.py", "threading.py"),
        ("/people/chenjing/王小兰.txt", "?"),
        ("<string>", "?"),
        ("", "?"),
    ],
)
def test_a_place_is_told_without_the_folders_above_the_program(path: str, plain: str) -> None:
    assert plain_path(path) == plain


def test_whatever_does_not_look_like_a_place_is_left_out() -> None:
    raw = "\n".join(
        [
            f"Fatal Python error: Segmentation fault {SECRET}",
            f"Thread 0x1 [{SECRET}] (most recent call first):",
            f'  File "/people/x/lian_desk/a.py", line 3 in {SECRET}',
            '  File "/people/x/lian_desk/a.py", line 3 in f',
            f"Extension modules: {SECRET}",
            f"{SECRET}",
            f'  Binary file "/people/{SECRET}", at +0x1',
        ]
    )
    text = fall_report(raw)
    assert text.splitlines()[2:] == ["Segmentation fault", "Thread", "  lian_desk/a.py:3:?", "  lian_desk/a.py:3:f"]


def test_records_are_told_once_pruned_and_deleted(tmp_path: Path) -> None:
    folder = tmp_path / "crashes"
    assert list_records(folder) == ()
    assert delete_records(folder) == 0
    for days in range(KEPT + 3):
        write_record(folder, RecordKind.FALL, f"fall {days}", NOW - timedelta(days=days))
    write_record(folder, RecordKind.ERROR, "old", NOW - timedelta(days=200))
    write_record(folder, RecordKind.ERROR, "young", NOW)
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    assert prune_records(folder, NOW) == 4
    records = list_records(folder)
    assert len(records) == KEPT + 1
    assert [record.text().strip() for record in records if record.kind is RecordKind.ERROR] == ["young"]
    assert f"fall {KEPT - 1}\n" in [record.text() for record in records]
    assert all(record.is_new for record in records)
    mark_told(folder)
    assert not any(record.is_new for record in list_records(folder))
    assert len(list_records(folder)) == KEPT + 1
    assert delete_records(folder) == KEPT + 1
    assert [path.name for path in folder.iterdir()] == ["notes.txt"]


# ---------------------------------------------------------------------------------------------------- the real window

FALLING_WINDOW = """
import ctypes, os, sys
from PySide6.QtCore import QTimer
from lian_desk import bootstrap
import lian_desk.cli.main as command_line
from lian_desk.__main__ import main
folder, end = sys.argv[1:]
def err():
    QTimer.singleShot(300, lambda: os.kill(os.getpid(), 9))
    raise ValueError("王小兰 11010519491231002X")
real_open, real_main = bootstrap.DeskProgram._open, command_line.main
def opened_and_falling(self, signed_in):
    secret = "王小兰 11010519491231002X"
    real_open(self, signed_in)
    QTimer.singleShot(0, {"segv": lambda: ctypes.string_at(0), "error": err}[end])
bootstrap.DeskProgram._open = opened_and_falling
command_line.main = lambda: real_main(["window", "--workspace", folder])
main()
"""


@pytest.mark.parametrize(("end", "kind"), [("segv", RecordKind.FALL), ("error", RecordKind.ERROR)])
def test_the_window_that_falls_or_errs_leaves_a_record_and_no_core(
    tmp_path: Path, demo: Callable[[], Path], end: str, kind: RecordKind
) -> None:
    folder = demo()
    done = run(FALLING_WINDOW, folder, end, where=tmp_path / "cwd")
    assert done.returncode in {-signal.SIGSEGV, -signal.SIGKILL}, done.stderr
    (text,) = records_after_a_fall(folder / "logs" / "crashes")
    (record,) = list_records(folder / "logs" / "crashes")
    assert record.kind is kind
    assert "就医协助台" in text
    assert SECRET not in text
    assert str(tmp_path) not in text
    assert "Segmentation fault" in text or "builtins.ValueError" in text
    assert [path.name for path in (tmp_path / "cwd").iterdir()] == ["script.py"]


def test_the_command_line_tells_an_unforeseen_error_by_its_places(tmp_path: Path) -> None:
    script = """
import sys
import lian_desk.cli.main as command_line
from lian_desk.adapters.machine.sqlcipher import DatabaseKey
def broken():
    DatabaseKey("王小兰 11010519491231002X".encode())
command_line.main = broken
from lian_desk.__main__ import main
main()
"""
    done = run(script, where=tmp_path / "cwd")
    assert done.returncode == 1
    assert "没有预料到的情况" in done.stderr
    assert "builtins.ValueError" in done.stderr
    assert "lian_desk.adapters.machine.sqlcipher:" in done.stderr
    assert "Traceback" not in done.stderr
    assert SECRET not in done.stderr
