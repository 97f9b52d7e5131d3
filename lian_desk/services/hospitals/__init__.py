"""Hospitals: the list and its import, restrictions, closures.

Where a request may go is decided in service_requests.
"""
