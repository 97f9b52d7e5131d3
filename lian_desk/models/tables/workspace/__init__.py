"""The workspace itself: who it is, settings, audit, drafts, doubts of the clock.

People are in people.
"""
