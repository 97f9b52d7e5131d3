"""Widgets of 手册与规则 on a real workspace."""

from tests.desk_fixture import clock, desk, lead, world
from tests.ui_fixture import runner, theme, ui

__all__ = ["clock", "desk", "lead", "runner", "theme", "ui", "world"]
