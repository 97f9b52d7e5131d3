"""Hospitals: the list and its import, restrictions, closures.

Where a request may go is decided in service_requests.
"""

__all__ = ["closures", "hospital_list", "hospital_lists", "list_files", "list_import", "restrictions"]
