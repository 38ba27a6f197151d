"""Storage: one module for each aggregate, with records, schema, engine and migrations."""
