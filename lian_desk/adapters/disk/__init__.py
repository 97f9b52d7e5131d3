"""Files as they are read and written: durably, safely for a spreadsheet, one program at a time.

What is stored sealed is in storage; what is a database is in database.
"""

__all__ = ["durable_files", "import_files", "instance_lock", "safe_sheets"]
