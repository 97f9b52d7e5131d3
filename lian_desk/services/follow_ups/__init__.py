"""Follow-ups, reminders, education and the plans behind them.

What a plan's days mean is in models.rules.
"""

__all__ = ["briefing", "care_notes", "care_plans", "follow_ups", "note_wording", "phrases", "plans"]
