"""What the exit codes of every subcommand mean."""

DONE = 0
#: The command ran, and found something that needs attention.
FOUND = 1
BAD_INPUT = 2
#: The rules refuse.
REFUSED = 3
#: Disk, key or file refuse.
PROBLEM = 4
