"""申请: take in a first message, answer it, settle it.

The request that comes of it is in ``service_requests``.
"""
