"""Small lists that ship with the program: regions, departments, diseases, texts, purposes.

Lists that a lead takes in are in hospitals and working_calendar.
"""

__all__ = ["departments", "diseases", "education_texts", "field_purposes", "place_names", "regions", "retention"]
