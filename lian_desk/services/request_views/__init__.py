"""What a window shows of a request: its card, its forms, its next steps, the page of all steps.

What a request may do and does is in ``service_requests``.
"""

__all__ = ["actions", "asked", "clock_lines", "forms", "plain_steps", "requirement_form", "state_pages", "views"]
