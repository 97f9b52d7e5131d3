"""Uses: eligibility today, the ledger, evidence, approvals, and who holds a file.

Starting a service is in service_requests.
"""
