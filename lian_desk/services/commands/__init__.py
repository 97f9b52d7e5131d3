"""Commands and how they are carried out: one write lane, what changed, audit, drafts, settings.

Each command lives in the room of what it changes.
"""
