"""Is everything there that a service needs: the checklist, and asking for what is missing.

Taking it in is in materials.
"""

__all__ = ["checklist", "material_requests"]
