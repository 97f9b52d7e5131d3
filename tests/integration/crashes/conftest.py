import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.desk_fixture import template


@pytest.fixture
def demo(tmp_path: Path) -> Callable[[], Path]:
    """Give a copy of the workspace of the tests."""

    def copied() -> Path:
        return Path(shutil.copytree(template(), tmp_path / "demo"))

    return copied
