"""Uses: eligibility today, the ledger, evidence, approvals, and who holds a file.

Starting a service is in service_requests.
"""

__all__ = ["approvals", "eligibility", "evidence", "file_ownership", "ledger"]
