from tests.desk_fixture import clock, desk, lead, world  # noqa: F401 - fixtures
from tests.ui_fixture import runner, theme, ui  # noqa: F401 - fixtures
