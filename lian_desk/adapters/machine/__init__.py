"""The ground: time, version, resources, the SQLCipher library, and what the surroundings can refuse.

Nothing here writes a file of the workspace; that is disk.
"""

__all__ = ["clock", "environment_problems", "resources", "sqlcipher"]
