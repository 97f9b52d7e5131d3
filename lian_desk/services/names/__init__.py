"""Names and numbers of people: spelled, ordered, searched, masked.

Whose name stands on a paper is asked in door.
"""
