"""The lead's page: promises kept, times, causes of delay, load, papers in batches.

Single requests are in ``worklist`` and ``bookings``.
"""
