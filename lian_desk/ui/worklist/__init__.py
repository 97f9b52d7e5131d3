"""工作台: what is due next, and the day around it."""
