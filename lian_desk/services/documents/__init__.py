"""Paper: PDF documents drawn from frozen views. Nothing here reads the database or the clock."""
