"""DICOM in the child: heads, frames, codecs, reports, and studies of many files.

Which files make a study is found in imaging, a room of services.
"""
