"""Taking in: drop zone, drop folder, progress, files that are here already.

What becomes of them is ui.materials.
"""
