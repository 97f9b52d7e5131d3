"""The tour: a robot drives the real window through the main path of the service and takes pictures of what it sees.

It uses the program by its window alone.
"""
