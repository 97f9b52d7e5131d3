"""What every feature folder of the user interface shares.

No folder here knows a feature.
"""
