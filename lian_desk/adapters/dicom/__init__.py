"""DICOM in the child: heads, frames, codecs, reports, and studies of many files.

Which files make a study is found in imaging, a room of services.
"""

__all__ = ["dicom_instance", "dicom_names", "dicom_study"]
