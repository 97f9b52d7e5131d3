"""What the start of the window may not load: each of these costs more than the window's first picture."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from lian_desk.cli.demo import make_workspace
from lian_desk.services.demo.generator import DemoOptions

LATE = ("alembic", "icalendar", "reportlab", "PIL", "pypdfium2", "pi_heif", "holidays", "xlsxwriter", "python_calamine")

_PROGRAM = """
import json, sys
from pathlib import Path
from lian_desk.benchmarks.desk_start import main
main(Path(sys.argv[1]), "worklist")
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lean") / "workspace"
    make_workspace(folder, DemoOptions(files=3, own_papers=0), datetime.now(UTC), is_quiet=True)
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, str(folder)],
        capture_output=True,
        check=True,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        text=True,
        timeout=120,
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("name", LATE)
def test_the_window_starts_without(loaded, name):
    assert name not in loaded


def test_the_measured_start_is_the_real_one(loaded):
    assert {"PySide6", "sqlalchemy", "sqlcipher3"} <= loaded
