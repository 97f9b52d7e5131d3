"""Personal data: what is disclosed, what says who somebody is, erasure, retention views.

Masking of words is in names.
"""
