"""Lists that a lead takes in: hospitals, calendars, editions, columns told by hand.

Lists that ship are resources.
"""
