"""The log in the workspace: the program's own warnings, nobody's name, and an end to its growth."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from lian_desk.adapters.diagnostics import program_log
from lian_desk.adapters.diagnostics.program_log import EARLIER_NAME, FILE_NAME, TURNED_OVER_AT, begin_log, end_log

MARKER = "王淑兰 13905176620"


@pytest.fixture
def log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Iterator[Path]:
    caplog.set_level(logging.DEBUG)
    handler = begin_log(tmp_path)
    yield tmp_path / FILE_NAME
    end_log(handler)


def test_a_report_is_written_with_its_moment_in_shanghai(log: Path) -> None:
    assert not log.exists()
    logging.getLogger("lian_desk.ui.exception_dialog").error("unforeseen error\n%s", "builtins.KeyError")
    written = log.read_text(encoding="utf-8")
    assert "+08:00 ERROR lian_desk.ui.exception_dialog unforeseen error\nbuiltins.KeyError\n" in written


def test_the_text_of_an_exception_stays_out(log: Path) -> None:
    try:
        int(MARKER)
    except ValueError:
        logging.getLogger("lian_desk.services").exception("a step failed")
    written = log.read_text(encoding="utf-8")
    assert "builtins.ValueError" in written
    assert MARKER not in written


def test_what_libraries_and_quiet_levels_say_stays_out(log: Path) -> None:
    for name in ("PIL.Image", "fontTools", "sqlalchemy.engine", "keyring", "alembic"):
        logging.getLogger(name).error(MARKER)
    logging.getLogger("lian_desk.services").info(MARKER)
    assert not log.exists()


def test_a_large_log_becomes_the_earlier_one(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    (tmp_path / EARLIER_NAME).write_text("older", encoding="utf-8")
    (tmp_path / FILE_NAME).write_text("x" * TURNED_OVER_AT, encoding="utf-8")
    handler = begin_log(tmp_path)
    logging.getLogger("lian_desk").warning("new")
    end_log(handler)
    end_log(handler)
    logging.getLogger("lian_desk").warning("after the end")
    assert (tmp_path / EARLIER_NAME).stat().st_size == TURNED_OVER_AT
    lines = (tmp_path / FILE_NAME).read_text(encoding="utf-8").splitlines()
    assert [line.split()[-1] for line in lines] == ["new"]


def test_no_module_of_the_program_turns_up_the_logs_of_libraries() -> None:
    root = Path(program_log.__file__).parents[2]
    loud = ("basicConfig(", "dictConfig(", "fileConfig(", "logging.disable(", "echo=True")
    found = [path.name for path in root.rglob("*.py") for word in loud if word in path.read_text(encoding="utf-8")]
    assert found == []
