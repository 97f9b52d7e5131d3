"""What every test stands on: no screen needed, no quiet warning, repeatable examples."""

import logging
import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# Without a session bus Qt's accessibility bridge would try to start one.
os.environ.setdefault("NO_AT_BRIDGE", "1")

settings.register_profile(
    "desk", deadline=None, derandomize=True, max_examples=60, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("desk")


class _LoudRecords(logging.Handler):
    """Keeps every record of level warning and above."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.fixture(autouse=True)
def _fail_on_loud_log(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail a test that logs a warning it did not announce by ``caplog.at_level(…)`` or ``caplog.set_level(…)``."""
    announced: list[int | str] = []
    at_level, set_level = caplog.at_level, caplog.set_level

    def spy_at_level(level: int | str, logger: str | None = None) -> object:
        announced.append(level)
        return at_level(level, logger)

    def spy_set_level(level: int | str, logger: str | None = None) -> None:
        announced.append(level)
        set_level(level, logger)

    monkeypatch.setattr(caplog, "at_level", spy_at_level)
    monkeypatch.setattr(caplog, "set_level", spy_set_level)
    handler = _LoudRecords()
    root = logging.getLogger()
    root.addHandler(handler)
    yield
    root.removeHandler(handler)
    if handler.records and not announced:
        lines = "\n".join(f"{record.name}: {record.levelname}: {record.getMessage()}" for record in handler.records)
        pytest.fail(f"log records that the test did not announce with caplog.at_level:\n{lines}", pytrace=False)
