"""The frame of the window: pages, navigation, top bar, palette, keys, clock.

Pages themselves are features.
"""

__all__ = [
    "command_palette",
    "emergency_band",
    "keys_help",
    "live_clock",
    "navigation",
    "page",
    "top_bar",
    "window_memory",
]
