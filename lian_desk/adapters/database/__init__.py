"""The encrypted database: opened, checked, upgraded, copied, and read out when it is damaged.

Its tables are in models; what they mean is in services.
"""

__all__ = ["backups", "database", "database_checks", "salvage", "schema", "strict_tables", "writing"]
