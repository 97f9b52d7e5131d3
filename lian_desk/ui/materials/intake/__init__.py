"""Taking in: drop zone, drop folder, progress, files that are here already.

What becomes of them is ui.materials.
"""

__all__ = ["intake_area", "intake_settings_dialog", "upload_panel"]
