"""申请: take in a first message, answer it, settle it."""
