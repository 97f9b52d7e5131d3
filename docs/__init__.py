"""Papers about the project, and ``house_papers``, which writes those that can be read off the code."""
