"""Tables that a lead takes in: read, shown, columns told by hand, rows mended.

Which list it is, its feature knows.
"""
