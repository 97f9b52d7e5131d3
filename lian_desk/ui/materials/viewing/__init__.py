"""One viewer for every kind of material: sheets, strip, marks, covers drawn by hand.

What a material is stands in ui.materials.
"""

__all__ = ["cover_presenter", "page_viewer", "render_queue", "unshown"]
