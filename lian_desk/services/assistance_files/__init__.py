"""The assistance file: opened, shown, its people, authorizations, complaints.

Its requests, materials and papers have rooms of their own.
"""

__all__ = [
    "assistance_files",
    "authorizations",
    "complaints",
    "former_names",
    "further_policies",
    "guardians",
    "opening",
    "previews",
    "views",
]
