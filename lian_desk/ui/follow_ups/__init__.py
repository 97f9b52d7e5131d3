"""随访: the list of follow-ups and the dialogs that record them.

Papers about them are in ``papers``.
"""
