"""Papers that leave the desk: what they say, for whose eyes, numbered and on record.

How they are drawn is in adapters.paper_forms.
"""
