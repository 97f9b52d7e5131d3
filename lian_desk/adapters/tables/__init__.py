"""Tables from outside (hospital lists, calendar years, later lists): one way from bytes to rows that are understood."""
