"""Tests of storage, on SQLite and PostgreSQL."""
