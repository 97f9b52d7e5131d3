"""Widgets of 手册与规则 on a real workspace, alone and in the real window."""

from tests.desk_fixture import clock, desk, lead, world
from tests.ui_fixture import runner, theme, ui
from tests.window_fixture import hands, shown

__all__ = ["clock", "desk", "hands", "lead", "runner", "shown", "theme", "ui", "world"]
