"""Files at rest: sealed, named by checksum, shown only from memory.

Which material stands on a stored file is asked in services.
"""

__all__ = ["archives", "checksums", "loose_sources", "material_store", "names", "source_files", "thumbnails", "vault"]
