"""The real window, for the tables that only a window can be held against."""

from tests.desk_fixture import clock, desk, lead, world  # noqa: F401 - fixtures
from tests.ui_fixture import theme  # noqa: F401 - a fixture
