"""Papers that leave the desk: what they say, for whose eyes, numbered and on record.

How they are drawn is in adapters.paper_forms.
"""

__all__ = [
    "batch_files",
    "batches",
    "choices",
    "facts",
    "file_export",
    "history",
    "issuing",
    "orders",
    "pack_choices",
    "register",
    "subjects",
    "views",
]
