"""The worklist and its notifications in the real window on a real workspace."""

from tests.desk_fixture import clock, desk, lead, world
from tests.ui_fixture import runner, theme, ui
from tests.window_fixture import hands, shown

__all__ = ["clock", "desk", "hands", "lead", "runner", "shown", "theme", "ui", "world"]
