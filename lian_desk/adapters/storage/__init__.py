"""Files at rest: sealed, named by checksum, shown only from memory."""
