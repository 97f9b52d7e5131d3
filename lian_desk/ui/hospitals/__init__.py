"""医院名录: the hospital list.

Where a request may go is chosen in ``service_requests``.
"""
