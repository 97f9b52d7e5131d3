"""Materials, what was read on them, papers that left.

The files themselves are sealed beside the database.
"""

__all__ = ["full_text", "intake", "issued_document", "material", "recognition"]
