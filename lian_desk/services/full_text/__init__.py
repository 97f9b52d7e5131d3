"""The index of all words: what is indexed, where it comes from, how it is asked.

The answers that a person sees are put together in search.
"""

__all__ = ["index", "sources", "words"]
