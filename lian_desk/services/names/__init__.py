"""Names and numbers of people: spelled, ordered, searched, masked.

Whose name stands on a paper is asked in door.
"""

__all__ = ["free_words", "known_names", "masking", "name_order", "pasted", "search_terms", "surnames"]
