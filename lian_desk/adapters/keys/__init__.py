"""The keys of a workspace and the envelope that keeps them wrapped.

Who may sign in is not decided here.
"""

__all__ = [
    "envelope",
    "envelope_changes",
    "keyring_wrap",
    "password_strength",
    "password_wrap",
    "throw_away_wrap",
    "unlocking",
    "workspace_keys",
]
