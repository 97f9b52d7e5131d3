"""One question over everything: people, numbers, words, with masked excerpts.

The index is full_text.
"""

__all__ = ["global_search", "text_search"]
