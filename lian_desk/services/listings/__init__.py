"""The read side of every list: one row type and one row source per subject."""
