"""Tests of what the machine offers work on a copy of a real encrypted workspace."""

from tests.desk_fixture import clock, desk, lead, world

__all__ = ["clock", "desk", "lead", "world"]
