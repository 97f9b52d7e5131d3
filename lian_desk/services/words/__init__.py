"""What things are called on screen and paper, and how people write them.

Sentences about one subject alone live in its own room.
"""

__all__ = ["as_written", "flaw_words", "format_words", "formats", "hospital_words", "rank_words", "wording"]
