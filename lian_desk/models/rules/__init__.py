"""Rules as pure functions of facts: no database, no clock of the machine, no window.

What they reckon with comes from rule packs, read in services.rules.
"""

__all__ = [
    "catalogue",
    "clocks",
    "derivations",
    "eligibility",
    "identity_number",
    "policy_years",
    "request_moves",
    "request_states",
    "scope",
    "working_time",
]
