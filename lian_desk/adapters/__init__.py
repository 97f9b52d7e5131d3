"""What the machine offers, and nothing of the handbook: the floor between services and models.

Files, database, keys, stored files, pictures and paper live here. No module knows a rule, a command or a window; who needs
a word of the handbook is a room of services.
"""
