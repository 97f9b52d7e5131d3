"""Materials, what was read on them, papers that left.

The files themselves are sealed beside the database.
"""
