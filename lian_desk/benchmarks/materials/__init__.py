"""Measures of materials: taking in, showing, reading, finding.

The measures of lists and papers are in benchmarks.
"""
