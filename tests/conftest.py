"""What every test stands on: no screen needed, no quiet warning, repeatable examples."""

import logging
import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# Without a session bus Qt's accessibility bridge would try to start one.
os.environ.setdefault("NO_AT_BRIDGE", "1")
# No test may read or write the keyring of the person who runs it; a test of keys sets its own backend.
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"

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


@pytest.fixture(scope="session", autouse=True)
def _no_personal_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Settings, data, cache and run-time folders of the person who runs the tests stay untouched."""
    folder = tmp_path_factory.mktemp("personal")
    folder.chmod(0o700)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"):
            (folder / name).mkdir(mode=0o700)
            patch.setenv(name, str(folder / name))
        for name in ("APPDATA", "LOCALAPPDATA"):
            patch.setenv(name, str(folder))
        yield


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
