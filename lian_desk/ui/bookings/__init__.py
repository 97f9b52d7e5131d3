"""预约: the open requests as board, list and calendar; the dialogs of a booking.

The dialogs up to the start are in ``service_requests``.
"""
