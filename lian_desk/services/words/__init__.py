"""What things are called on screen and paper, and how people write them.

Sentences about one subject alone live in its own room.
"""
