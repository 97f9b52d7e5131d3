"""Follow-ups, reminders, education and the plans behind them.

What a plan's days mean is in models.rules.
"""
