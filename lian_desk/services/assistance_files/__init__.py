"""The assistance file: opened, shown, its people, authorizations, complaints.

Its requests, materials and papers have rooms of their own.
"""
