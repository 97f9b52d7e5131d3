"""医院名录: the hospital list."""
