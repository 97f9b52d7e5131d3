"""Personal data: what is disclosed, what says who somebody is, erasure, retention views.

Masking of words is in names.
"""

__all__ = ["disclosure_views", "disclosures", "file_erasure", "keeping_views"]
