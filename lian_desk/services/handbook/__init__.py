"""Editions of the handbook on record: taken in, compared, and told to policyholders.

What holds is asked in rules.
"""
