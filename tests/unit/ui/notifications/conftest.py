"""The notifications over a real workspace."""

from tests.desk_fixture import clock, desk, lead, world
from tests.ui_fixture import runner, theme, ui
from tests.window_fixture import shown

__all__ = ["clock", "desk", "lead", "runner", "shown", "theme", "ui", "world"]
