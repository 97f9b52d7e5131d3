"""What every page runs on: the context, work off the UI thread, commands, changes, wishes.

No widget of a feature.
"""

__all__ = ["calendar_export", "change_bus", "commands", "context", "recognition_run", "task_runner", "wishes"]
