"""Pages of documents in the child: PDF, their own words, their ink, and what it leaves unexplained.

Reading what a picture says is recognition, a room of services.
"""

__all__ = ["page_survey", "papers", "text_sheet"]
