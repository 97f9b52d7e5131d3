"""Commands and how they are carried out: one write lane, what changed, audit, drafts, settings.

Each command lives in the room of what it changes.
"""

__all__ = ["audit_trail", "changes", "clock_doubts", "commands", "drafts", "execution", "input_checks", "settings"]
