"""Ingest: from sources to articles."""
