"""Imaging studies from discs and folders: many DICOM files that are one examination become one material.

Here lives the gathering of files into studies and their stream into the store. What a file's head says is read in the
render child (``adapters/rendering/dicom_*``), and there a study is shown.
"""

__all__ = ["gathering", "studies", "study_stream"]
