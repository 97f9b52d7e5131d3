"""Files as they are read and written: durably, safely for a spreadsheet, one program at a time.

What is stored sealed is in storage; what is a database is in database.
"""
