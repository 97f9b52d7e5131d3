"""Requests, bookings, clocks, corrections, care.

Materials are in materials.
"""
