"""The frame of the window: pages, navigation, top bar, palette, keys, clock.

Pages themselves are features.
"""
