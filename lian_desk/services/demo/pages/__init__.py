"""Invented papers as they reach a desk: said, laid out, drawn, ruined.

The people on them are invented in demo.
"""

__all__ = ["artwork", "page_layout", "page_styles", "page_variants", "papers"]
