"""People, policies, files, and what was given away about them.

Requests are in requests.
"""

__all__ = [
    "assistance_file",
    "disclosure",
    "entitlement",
    "file_keeping",
    "incoming_application",
    "operator",
    "person",
    "policy",
]
