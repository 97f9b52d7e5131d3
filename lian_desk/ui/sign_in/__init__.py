"""The way into a workspace: first start, password, refusals of the start, and the lock screen.

What a person may do is not decided here.
"""
