"""What a child process may not do: limits, file system, kernel calls, network.

The children themselves are in rendering, recognition and tables.
"""

__all__ = ["confinement", "fence"]
