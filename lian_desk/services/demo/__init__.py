"""Demonstration workspaces: invented people, papers that look real, and every state of the service.

Nothing here is needed for work; the pages that people are shown are drawn in ``demo.pages``.
"""

__all__ = ["generator", "names", "unseen_pages", "verification"]
