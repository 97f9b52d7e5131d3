"""Papers: export with preview, print, and the check whether a file is one of ours.

What a paper says is decided in services.
"""
