"""The engine: connections to SQLite or PostgreSQL, transactions, and what differs between the two."""
