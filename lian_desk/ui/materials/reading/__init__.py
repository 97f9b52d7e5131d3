"""What the machine read of a material, to be decided by a person.

The pages are in viewing.
"""
