"""Decoders of pictures in the child, and what of a picture is missing.

Pages of documents are in pages, examinations in dicom.
"""

__all__ = ["pictures"]
