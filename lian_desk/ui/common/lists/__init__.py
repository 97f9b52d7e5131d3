"""Lists of any length: one model, one table, one painter, searched and filtered.

Columns are data of a feature.
"""

__all__ = ["checklist", "columns", "deadlines", "desk_table", "list_page", "plain_table", "windowed_table_model"]
