"""A dressed application with a task runner, and a real workspace behind a cheap password."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from lian_desk.adapters.keys.password_wrap import PasswordCost
from lian_desk.services.workspace.workspace import NewWorkspace, create_workspace
from lian_desk.ui.application import dress
from lian_desk.ui.common.running.task_runner import TaskRunner

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
CHEAP = PasswordCost(memory_kib=64, passes=1, lanes=1)
PASSWORD = "梧桐雨后的石城 9"


@pytest.fixture
def runner(qapp: QApplication) -> Iterator[TaskRunner]:
    dress(qapp)
    runner = TaskRunner()
    yield runner
    runner.shut_down()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "工作区"
    create_workspace(folder, NewWorkspace("沈知远", "NJ01", PASSWORD, cost=CHEAP), NOW)
    return folder
