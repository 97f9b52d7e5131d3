"""Is the workspace whole: stored files, database, seal; and what is mended.

Opening it is in workspace.
"""

__all__ = ["health_check", "repair", "resealing", "stored_files"]
