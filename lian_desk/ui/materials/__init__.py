"""Materials: take them in, look at them page by page, say what they are.

Their pages are shown in ``viewing``, their way in is ``intake``.
"""

__all__ = ["integrity_dialog", "panel"]
