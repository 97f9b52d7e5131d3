"""Writes the papers in docs/ that can be read off the program, and tells when one of them is stale.

``desk.py docs`` writes them, ``desk.py check`` compares. Nothing here is part of the program; it reads the program's tables,
rules and docstrings. What a person writes stands in the same papers outside the marked places and is never touched.
"""
