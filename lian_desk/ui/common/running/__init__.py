"""What every page runs on: the context, work off the UI thread, commands, changes, wishes.

No widget of a feature.
"""
