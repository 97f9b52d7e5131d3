"""What crosses the pipe between the program and its children: plain values, requests, refusals.

No decoder and no process lives here: those are in pictures, pages, dicom and rendering.
"""

__all__ = ["flaws", "frames", "instance_head", "page_images", "parts", "refusals", "study_list"]
