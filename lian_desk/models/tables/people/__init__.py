"""People, policies, files, and what was given away about them.

Requests are in requests.
"""
