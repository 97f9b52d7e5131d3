"""What the program tells about itself without a word about people: its log, crash records, no core dumps.

What is wrong with a workspace is upkeep, a room of services.
"""

__all__ = ["core_dumps", "crash_records", "crash_watch", "program_log"]
