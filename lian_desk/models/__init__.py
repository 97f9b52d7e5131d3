"""What is true: vocabulary, rules and tables. Only the standard library and SQLAlchemy."""
