"""Migrations of the schema; `versions` has one module for each."""

from pathlib import Path


def revisions() -> frozenset[str]:
    """Return every schema that this Peyk can bring to the newest, and the newest."""
    return frozenset(
        script.name.partition("_")[0] for script in (Path(__file__).parent / "versions").glob("[0-9]*.py")
    )
