"""What a covered page must not show, and rectangles that a person draws (R90).

The pack that leaves is made in papers.
"""

__all__ = ["line_places", "page_bars", "page_covers"]
