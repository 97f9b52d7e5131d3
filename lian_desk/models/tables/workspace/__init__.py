"""The workspace itself: who it is, settings, audit, drafts, doubts of the clock.

People are in people.
"""

__all__ = ["audit", "clock_doubt", "draft", "workspace_identity", "workspace_setting"]
