"""工作台: what is due next, and the day around it.

Here are also the notifications: promises that run out, told in the window, by the system, and behind the bell.
"""
