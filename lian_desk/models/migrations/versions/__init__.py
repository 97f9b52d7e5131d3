"""The revisions of the schema, one file per change."""
