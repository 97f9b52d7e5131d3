"""The papers as drawn: one module a paper, from a view of plain values to PDF.

Where the values come from is in papers, a room of services.
"""

__all__ = ["drawing", "follow_up_record", "paper_views", "pressing"]
