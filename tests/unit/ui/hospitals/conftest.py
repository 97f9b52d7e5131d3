"""The real window on a real workspace."""

from tests.desk_fixture import clock, desk, lead, world  # noqa: F401 - fixtures
from tests.window_fixture import hands, shown  # noqa: F401 - fixtures
