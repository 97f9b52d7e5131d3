"""Medical materials: taken in, described, paged, twinned, thrown away, erased.

Reading them is recognition; whose they are is door; covering them is covering.
"""
