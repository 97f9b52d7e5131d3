"""The handbook as data: rule packs, their shelf, the calendars beside them, and places of clauses.

Pure reckoning is in models.rules; editions on record are in handbook.
"""

__all__ = ["calendars", "citations", "clause_lines", "edition_shelf", "rule_pack_reader", "rule_packs"]
