"""What can be done: use cases, transactions, reading, files and PDF. Never Qt."""
