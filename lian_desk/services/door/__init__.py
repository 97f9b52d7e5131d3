"""The door (R1): whose a paper is and what stands on it, proposed from its words.

Nothing counts before a person confirms; that is recorded in reading_queue and materials.
"""

__all__ = ["findings", "issuers", "latin_names", "person_names"]
