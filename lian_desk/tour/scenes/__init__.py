"""The steps of the tour: each does an act of the robot and takes its pictures.

What the robot does is in ``acts``.
"""
