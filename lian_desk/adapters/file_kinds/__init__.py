"""What a file is by its bytes: sniffed, looked into when it holds others, named when it is only kept.

What is said about it to a person is in words.
"""

__all__ = ["containers", "kept_files", "sniffing"]
