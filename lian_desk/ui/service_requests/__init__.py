"""服务申请: the card of a request and the dialogs up to its start.

Tries, visit and exits are in ``bookings``.
"""
