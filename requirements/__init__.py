"""What the program stands on: the pinned packages, and what makes, installs and proves the pins.

The modules here serve ``desk.py`` on machines that have nothing yet, so they use the standard library only and are
never part of the installed program.
"""
