"""工作日历: the days off and working weekends of a year, its import and its correction; the guard of the clock.

Bookings by day are in ``bookings``.
"""
