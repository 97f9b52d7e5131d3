"""Materials: take them in, look at them page by page, say what they are."""
