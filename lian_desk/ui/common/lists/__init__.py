"""Lists of any length: one model, one table, one painter, searched and filtered.

Columns are data of a feature.
"""
